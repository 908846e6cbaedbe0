"""A file is saved under its own name, whoever gave it that name; nothing keeps or runs it on the way."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.http import parse_options_header

from export.saved_files.file_name import file_name
from portal.presenters.file_download import download

APP = Flask(__name__)
APP.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Énergie « Loire » 2026.pdf", "Énergie « Loire » 2026.pdf"),
        ("L’Eau d’Alice 100 %.pdf", "L’Eau d’Alice 100 %.pdf"),
        ("账单.pdf", "账单.pdf"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("C:\\Windows\\a.pdf", "C--Windows-a.pdf"),
        ('a"; filename=b.exe', "a-; filename=b.exe"),
        ("a\r\nSet-Cookie: x=1", "a--Set-Cookie- x=1"),
        ("half \ud800 a letter.pdf", "half - a letter.pdf"),
        ("gpj.\u202efdp", "gpj.-fdp"),
        (" .htaccess. ", "htaccess"),
        ("..", "document"),
        ("", "document"),
        ("é" * 300 + ".pdf", "é" * 98 + ".pdf"),
        ("a" * 300, "a" * 200),
        ("a." + "b" * 300, "a." + "b" * 198),
    ],
)
def test_the_name_arrives_and_is_only_a_name(said: str, name: str) -> None:
    with APP.test_request_context():
        answer = download(b"1234", said, "application/pdf")
    disposition, said_names = parse_options_header(answer.headers["Content-Disposition"])
    assert (disposition, said_names["filename"]) == ("attachment", name)
    assert answer.headers["Content-Disposition"].isascii()
    assert "\n" not in str(answer.headers["Content-Disposition"])
    assert file_name(name) == name


def test_no_cache_keeps_it_and_nothing_in_it_runs(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(b"{}")
    with APP.test_request_context():
        for content in (b"{}", path):
            answer = download(content, "a.json", "application/json")
            answer.direct_passthrough = False
            assert answer.get_data() == b"{}"
            assert answer.headers["Content-Length"] == "2"
            assert answer.headers["Cache-Control"] == "no-store"
            assert "sandbox" in answer.headers["Content-Security-Policy"]

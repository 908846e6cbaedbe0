"""What browsers keep for a year, what they ask for again, and that compressed and plain files are the same."""

import gzip
import re

import pytest
from flask import Flask, url_for

from issuers.registry import add_issuer
from portal.presenters.issuer_badge import logo_version
from portal.static_files import FOLDER, static_files
from store import Store
from tests.conftest import Clock

pytestmark = pytest.mark.beside_any_database

FOR_EVER = "public, max-age=31536000, immutable"
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return url_for("static", filename=name)


@pytest.mark.parametrize("name", ["facteur.css", "facteur.svg", "push.js", "fonts/facteur-text-regular.woff2"])
def test_a_file_is_the_same_compressed_or_not(app: Flask, name: str) -> None:
    client = app.test_client()
    plain, packed = client.get(address(app, name)), client.get(address(app, name), headers=GZIP)
    assert plain.status_code == packed.status_code == 200
    assert "Content-Encoding" not in plain.headers
    if name.endswith(".woff2"):
        assert "Content-Encoding" not in packed.headers, "compressed by itself"
        assert packed.data == plain.data == (FOLDER / name).read_bytes()
        assert "Accept-Encoding" not in packed.vary
        return
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert "Accept-Encoding" in plain.vary, "a cache between keeps both apart"
    assert "Accept-Encoding" in packed.vary
    assert plain.headers["ETag"] != packed.headers["ETag"]


def test_only_the_address_of_its_content_is_kept_for_a_year(app: Flask) -> None:
    client = app.test_client()
    assert client.get(address(app, "facteur.css")).headers["Cache-Control"] == FOR_EVER
    for other in ("/static/facteur.css", "/static/facteur.css?v=0123456789ab", "/static/facteur.css?v="):
        answer = client.get(other)
        assert answer.data == client.get(address(app, "facteur.css")).data
        assert answer.headers["Cache-Control"] == "public, no-cache"
        again = client.get(other, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == "public, no-cache"


def test_a_style_sheet_names_its_fonts_by_their_content(app: Flask) -> None:
    client = app.test_client()
    named = re.findall(r'url\("([^"]+)"\)', client.get("/static/facteur.css").text)
    assert len(named) >= 2
    for each in named:
        assert client.get(f"/static/{each}").headers["Cache-Control"] == FOR_EVER


def test_a_page_names_only_files_that_are_kept(app: Flask) -> None:
    client = app.test_client()
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").text)
    assert len(named) >= 3
    for each in named:
        answer = client.get(each)
        assert answer.headers["Cache-Control"] == FOR_EVER
        assert not answer.headers.getlist("Set-Cookie")


def test_a_logo_is_kept_until_the_issuer_changes_its_looks(app: Flask, store: Store, clock: Clock) -> None:
    with store.writing() as session:
        issuer = add_issuer(session, "gaz", "Gaz", clock())
        issuer.logo = b"a picture"
        version = logo_version(issuer)
    client = app.test_client()
    assert client.get(f"/emetteurs/gaz/logo?v={version}").headers["Cache-Control"] == FOR_EVER
    for other in ("/emetteurs/gaz/logo", f"/emetteurs/gaz/logo?v={version - 1}"):
        answer = client.get(other)
        assert (answer.data, answer.headers["Cache-Control"]) == (b"a picture", "public, no-cache")
        assert client.get(other, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_parts_heads_and_what_is_not_there(app: Flask) -> None:
    client = app.test_client()
    whole = client.get("/static/facteur.css").data
    part = client.get("/static/facteur.css", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    head = client.head("/static/facteur.css")
    assert (head.status_code, head.data, int(head.headers["Content-Length"])) == (200, b"", len(whole))
    for nothing in ("/static/nothing.css", "/static/../app.py", "/static/fonts", "/static/"):
        answer = client.get(nothing)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"


def test_pages_are_never_compressed(app: Flask) -> None:
    """They hold a token beside words of the address: their size would tell (BREACH)."""
    answer = app.test_client().get("/connexion", headers=GZIP)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_file_has_a_type_of_its_own() -> None:
    types = {name: file.mimetype for name, file in static_files().items()}
    assert "application/octet-stream" not in types.values(), types

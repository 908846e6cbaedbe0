"""The examples of docs/webhooks.md verify our messages, as they are printed there."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from webhooks.signature import new_secret, secret_text, signed_headers

TEXT = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
BODY = '{"id":"msg_a","data":{"words":"parti sans laisser d’adresse"}}'.encode()


def _block(language: str, containing: str) -> str:
    return next(each for each in re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL) if containing in each)


def test_the_python_example() -> None:
    names: dict[str, Any] = {}
    exec(_block("python", "def is_genuine"), names)
    is_genuine: Callable[[str, dict[str, str], bytes], bool] = names["is_genuine"]
    old, new, now = new_secret(), new_secret(), datetime.now(UTC)
    headers = signed_headers("msg_a", now, BODY, [new, old])
    assert is_genuine(secret_text(old), headers, BODY)
    assert is_genuine(secret_text(new), headers, BODY)
    assert not is_genuine(secret_text(new_secret()), headers, BODY)
    assert not is_genuine(secret_text(new), headers, BODY + b" ")
    assert not is_genuine(secret_text(new), headers | {"webhook-id": "msg_b"}, BODY)
    late = signed_headers("msg_a", now - timedelta(minutes=6), BODY, [new])
    assert not is_genuine(secret_text(new), late, BODY)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_the_openssl_example(tmp_path: Path) -> None:
    secret = new_secret()
    headers = signed_headers("msg_a", datetime.now(UTC), BODY, [secret])
    (tmp_path / "body.json").write_bytes(BODY)
    names = {"SECRET": secret_text(secret), "ID": "msg_a", "TIMESTAMP": headers["webhook-timestamp"]}
    told = subprocess.run(
        ["sh", "-c", _block("sh", "openssl")], cwd=tmp_path, env=os.environ | names, capture_output=True, check=True
    )
    assert f"v1,{told.stdout.decode().strip()}" == headers["webhook-signature"]

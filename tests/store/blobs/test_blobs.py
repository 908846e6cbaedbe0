"""Blobs are written once under their sha256 and read back whole or in part: from a folder, and from an S3 server."""

import hashlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from store.blobs.blob_store import BlobChanged, BlobMissing, Blobs, BlobTooLarge, receive_blob
from store.blobs.blob_store_by_url import open_blobs
from store.blobs.folder_blobs import FolderBlobs

CONTENT = b"une facture, " * 1000


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Blobs:
    if request.param == "folder":
        return open_blobs((tmp_path / "blobs").as_uri())
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", request.getfixturevalue("s3_server"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "alice")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret of hers")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    boto3.client("s3").create_bucket(Bucket="facteur")
    return open_blobs("s3://facteur/prod")


def test_what_was_put_is_read_back(blobs: Blobs) -> None:
    sha256 = blobs.put(CONTENT)
    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert blobs.put(CONTENT) == sha256  # the same bytes again are the same blob
    assert blobs.read(sha256) == CONTENT
    assert blobs.read(sha256, 4, 7) == CONTENT[4:11]
    assert blobs.read(sha256, 4) == CONTENT[4:]
    with blobs.open(sha256) as file:
        file.seek(5)
        assert file.read(7) == CONTENT[5:12]


def test_what_is_gone_is_said_to_be_missing(blobs: Blobs) -> None:
    sha256 = blobs.put(b"soon forgotten")
    assert blobs.exists(sha256)
    blobs.delete(sha256)
    blobs.delete(sha256)
    assert not blobs.exists(sha256)
    with pytest.raises(BlobMissing):
        blobs.read(sha256)


def swap(blobs: Blobs, sha256: str, content: bytes) -> None:
    """Put other bytes under a name, behind the store's back."""
    if isinstance(blobs, FolderBlobs):
        (blobs.folder / sha256[:2] / sha256).write_bytes(content)
    else:
        boto3.client("s3").put_object(Bucket="facteur", Key=f"prod/{sha256}", Body=content)


@pytest.mark.parametrize("content", [b"x" + CONTENT[1:], CONTENT[:-1], b"", CONTENT + b"x"])
def test_other_bytes_than_were_put_are_not_handed_back(blobs: Blobs, content: bytes) -> None:
    sha256 = blobs.put(CONTENT)
    swap(blobs, sha256, content)
    with pytest.raises(BlobChanged):
        blobs.read(sha256)
    with pytest.raises(BlobChanged), blobs.open(sha256):
        pass
    assert blobs.put(CONTENT) == sha256
    assert blobs.read(sha256) == CONTENT, "who has the right bytes mends it"


def test_a_stream_is_taken_without_being_held(blobs: Blobs, tmp_path: Path) -> None:
    sha256, size = receive_blob(blobs, BytesIO(CONTENT), tmp_path / "incoming", most=len(CONTENT))
    assert (sha256, size) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    assert blobs.read(sha256) == CONTENT


def test_too_much_leaves_nothing_behind(blobs: Blobs, tmp_path: Path) -> None:
    large = CONTENT + b"one byte too many"
    with pytest.raises(BlobTooLarge):
        receive_blob(blobs, BytesIO(large), tmp_path / "incoming", most=len(CONTENT))
    assert list((tmp_path / "incoming").iterdir()) == []
    assert not blobs.exists(hashlib.sha256(large).hexdigest())


def test_a_url_that_names_no_store_is_refused() -> None:
    with pytest.raises(ValueError, match="ftp"):
        open_blobs("ftp://somewhere")

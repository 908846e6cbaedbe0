"""A blob store in an S3-compatible bucket. The endpoint and the keys come from boto3's own environment (AWS_*)."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from store.blobs.blob_store import PIECE, BlobMissing, check_bytes, checked, is_kept

#: Seconds until a call times out, and the number of tries. Short, since other work waits for the worker and failed
#: work is retried later.
_PATIENCE: Final = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 2})


class S3Blobs:
    """Blobs in a bucket, under a key prefix."""

    def __init__(self, bucket: str, prefix: str) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""

    @cached_property
    def client(self) -> Any:
        """The boto3 client, created at first use, so that a forked child has its own."""
        return boto3.client("s3", config=_PATIENCE)

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        if not is_kept(self, content, sha256):
            self.client.put_object(Bucket=self.bucket, Key=self._key(sha256), Body=content)
        return sha256

    def put_file(self, path: Path, sha256: str) -> None:
        self.client.upload_file(str(path), self.bucket, self._key(sha256))
        path.unlink()

    def read(self, sha256: str, at: int = 0, length: int | None = None) -> bytes:
        wanted = {} if not at and length is None else {"Range": _range(at, length)}
        if length == 0:
            return b""
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self._key(sha256), **wanted)
        except ClientError as error:
            if _code(error) == "InvalidRange":
                return b""  # past the end, as when reading a file
            raise _translated(error, sha256) from error
        content = cast("bytes", answer["Body"].read())
        return content if wanted else checked(content, sha256)

    @contextmanager
    def open(self, sha256: str) -> Iterator[BinaryIO]:
        """Copy the object to an unnamed temporary file, since readers seek."""
        with tempfile.TemporaryFile() as file:
            try:
                body = self.client.get_object(Bucket=self.bucket, Key=self._key(sha256))["Body"]
            except ClientError as error:
                raise _translated(error, sha256) from error
            while piece := body.read(PIECE):
                file.write(piece)
            file.seek(0)
            check_bytes(cast("BinaryIO", file), sha256)
            yield cast("BinaryIO", file)

    def exists(self, sha256: str) -> bool:
        try:
            self.client.head_object(Bucket=self.bucket, Key=self._key(sha256))
        except ClientError as error:
            if _code(error) == "404":  # an answer to HEAD has no error code in its body
                return False
            raise
        return True

    def delete(self, sha256: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self._key(sha256))

    def _key(self, sha256: str) -> str:
        return f"{self.prefix}{sha256}"


def _range(at: int, length: int | None) -> str:
    return f"bytes={at}-" if length is None else f"bytes={at}-{at + length - 1}"


def _translated(error: ClientError, sha256: str) -> Exception:
    """The error to raise for a failed call. Only S3's own code means that the blob is missing: a proxy may answer 404
    too."""
    return BlobMissing(sha256) if _code(error) == "NoSuchKey" else error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))

"""Open the blob store that a URL names: a folder or an S3 bucket."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from store.blobs.blob_store import Blobs
from store.blobs.folder_blobs import FolderBlobs


def open_blobs(url: str, *, is_new: bool = True) -> Blobs:
    """The blob store of a URL: `file:///path` or `s3://bucket/prefix`. *is_new*: nothing was stored in it yet."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderBlobs(Path(unquote(parts.path)), is_new=is_new)
    if parts.scheme == "s3":
        from store.blobs.s3_blobs import S3Blobs  # boto3 takes half a second to import: only where it is used

        return S3Blobs(parts.netloc, parts.path.strip("/"))
    raise ValueError(f"FACTEUR_BLOBS_URL={url!r}: give file:///path or s3://bucket/prefix")

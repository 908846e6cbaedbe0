"""Blobs: bytes named by their sha256, in a folder or an S3-compatible store."""

"""Reads the text of a bill that is no electronic invoice. What is not said in so many words is left to be asked."""

from ingest.plain_text.issuer_name import KnownIssuer
from ingest.plain_text.text_reader import read_text

__all__ = ["KnownIssuer", "read_text"]

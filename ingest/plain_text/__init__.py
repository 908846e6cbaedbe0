"""Reads the text of a bill that is no electronic invoice. What is not said in so many words is left to be asked."""

from ingest.plain_text.text_reader import KnownIssuer, read_text

__all__ = ["KnownIssuer", "read_text"]

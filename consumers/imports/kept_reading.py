"""What is kept in a document's row of its reading and of what the person answered (`ImportedDocument.reading`)."""

from typing import Any

import msgspec

from bill.document_reading import DocumentReading
from consumers.imports.answered_terms import AnsweredTerm


class DocumentPictures(msgspec.Struct, frozen=True):
    """The pictures of a document's pages while its person is asked about it: their blob, the place of each
    (`store.vault.picture_segment`), and how many pages it has."""

    blob_sha256: str
    places: list[list[int]]
    pages: int


class KeptReading(msgspec.Struct, frozen=True):
    """The reading, the answers by term, and the pictures of the pages, as far as there are any yet."""

    reading: DocumentReading = DocumentReading()
    answers: dict[str, AnsweredTerm] = {}
    pictures: DocumentPictures | None = None


def unpack_reading(kept: dict[str, Any] | None) -> KeptReading:
    """The reading from the column of a document's row."""
    return KeptReading() if kept is None else msgspec.convert(kept, KeptReading)


def pack_reading(reading: KeptReading) -> dict[str, Any]:
    """The column of a document's row."""
    packed: dict[str, Any] = msgspec.to_builtins(reading)
    return packed

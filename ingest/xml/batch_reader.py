"""Reads XML feeds with one invoice, or with a batch of invoices in any wrapper element, as a stream in constant
memory."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO, Final, NamedTuple

from lxml import etree

from ingest.items import BillDraft
from ingest.reader_interface import ReadContext
from ingest.xml.document_reader import NAMES, not_an_invoice, read_document, read_known_shape, read_root
from ingest.xml.element import NamespaceContext, line_of
from ingest.xml.mapper import XmlMapper
from untrusted.encodings.end_of_file_mark import ReadableFile, blocks_without_end_mark
from untrusted.feed_error import FeedError
from untrusted.xml import safe_parser
from untrusted.xml.recoded_xml import from_first_tag, recoded_xml

_CHUNK: Final = 1 << 16
_names = "|".join(NAMES).encode()
#: Candidates for the end and the beginning of an invoice; the parser decides.
_closing = re.compile(rb"</(?:[^<>:\s]*+:)?+(?:" + _names + rb")\s*+>").finditer
_opening = re.compile(rb"<(?:[^<>!?/:\s]*+:)?+(?:" + _names + rb")[\s>]").search


def read_invoice(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the one invoice of a document."""
    document = source.read(safe_parser.LARGEST_DOCUMENT + 1)
    yield read_document(document, read_context.profile.acceptance, "document", read_context.shapes)


def read_batch(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the invoices inside a wrapper element of any name. An invoice inside another's attachment does not count.

    A batch that breaks off yields the invoices before that point and then raises FeedError.
    """
    recoded = recoded_xml(source)
    batch = _Batch(read_context, "utf-8" if recoded else None)
    for piece in _pieces(recoded or source):
        draft = batch.read_known_shape(piece)
        if draft is None:
            yield from batch.parse(piece)
        else:
            yield draft
    batch.close()
    if recoded:
        read_context.findings.extend(recoded.findings())


class _Piece(NamedTuple):
    """Some bytes of a batch; *is_whole* if they begin with an invoice and may end with its end."""

    content: bytes
    is_whole: bool


def _pieces(source: ReadableFile) -> Iterator[_Piece]:
    """Yield the bytes of a batch, cut after anything that may end an invoice; what is longer than a chunk is cut before
    a tag."""
    rest, is_clean, is_first = b"", True, True
    for block in blocks_without_end_mark(source, _CHUNK):
        rest, is_first = from_first_tag(block) if is_first else rest + block, False
        at = 0
        for closing in _closing(rest):
            yield _Piece(rest[at : closing.end()], is_clean)
            at, is_clean = closing.end(), True
        rest = rest[at:]
        if len(rest) > _CHUNK:
            at = rest.rfind(b"<")
            is_clean = at > 0
            at = at if is_clean else len(rest)
            yield _Piece(rest[:at], False)
            rest = rest[at:]
    if rest:
        yield _Piece(rest, False)


class _Batch:
    """A batch while it is read. An invoice of a known shape that follows another one is read without the parser; the
    parser gets the rest, as if that invoice had not been there."""

    def __init__(self, read_context: ReadContext, encoding: str | None) -> None:
        self._read_context = read_context
        self._parser = etree.XMLPullParser(
            events=("start", "end"), tag=[f"{{*}}{name}" for name in NAMES], encoding=encoding, **safe_parser.OPTIONS
        )
        self._start = b""
        self._count = self._depth = 0
        self._pending = self._markup = 0  # of what the parser holds
        self._line = 1  # of the next piece
        self._unseen = 0  # lines that the parser did not see
        self._context: NamespaceContext | None = None  # behind an invoice: the namespaces there

    def read_known_shape(self, piece: _Piece) -> BillDraft | None:
        """Return the draft when the piece is exactly one invoice of a known shape; None when the parser must read
        it."""
        if self._context is None or not piece.is_whole:
            return None
        try:
            text = piece.content.decode()
        except UnicodeDecodeError:
            return None
        body = piece.content.lstrip()
        head = self._line + piece.content.count(b"\n", 0, piece.content.index(b">"))
        place = f"invoice {self._count + 1}, line {head}"
        draft = read_known_shape(
            text, self._read_context.profile.acceptance, place, self._read_context.shapes, self._context
        )
        if draft is not None:
            draft.body_sha = sha256(body).hexdigest()
            lines = piece.content.count(b"\n")
            self._count, self._line, self._unseen = self._count + 1, self._line + lines, self._unseen + lines
        return draft

    def parse(self, piece: _Piece) -> Iterator[BillDraft]:
        """Yield the drafts of the invoices that end in this piece."""
        content = piece.content
        self._start = self._start or content
        self._feed(content)
        self._context = None
        self._line += content.count(b"\n")
        self._pending += len(content)
        self._markup += content.count(b"<") + content.count(b"=")
        for event, element in self._parser.read_events():
            assert isinstance(element, etree._Element)
            self._depth += 1 if event == "start" else -1
            if self._count == 0 and event == "start":
                safe_parser.check_prolog(element)
            self._context = None
            if self._depth == 0:
                self._count, self._pending, self._markup = self._count + 1, 0, 0
                yield self._draft(element, piece)
                safe_parser.forget(element)
        if self._pending > safe_parser.LARGEST_DOCUMENT or self._markup > safe_parser.MOST_MARKUP:
            raise safe_parser.too_large()

    def _feed(self, content: bytes) -> None:
        with safe_parser.explained(self._start, self._unseen):
            self._parser.feed(content)

    def close(self) -> None:
        """End the batch; raises FeedError when it is incomplete or had no invoice."""
        with safe_parser.explained(self._start, self._unseen):
            root = self._parser.close()
        safe_parser.check_prolog(root)
        if self._count == 0:
            raise not_an_invoice(root)

    def _draft(self, element: etree._Element, piece: _Piece) -> BillDraft:
        """Return the draft of one invoice of the batch; a fault of this invoice rejects it alone."""
        opening = _opening(piece.content) if piece.is_whole else None
        body = (
            piece.content[opening.start() :] if opening else etree.tostring(element, encoding="utf-8", with_tail=False)
        )
        body_sha = sha256(body).hexdigest()
        place = f"invoice {self._count}, line {line_of(element) + self._unseen}"
        try:
            if len(body) > safe_parser.QUIET_SIZE:
                safe_parser.check_floods(element)
            draft = read_root(element, XmlMapper(self._read_context.profile.acceptance, self._unseen), place)
        except FeedError as refused:
            return BillDraft(place, body_sha, findings=[refused.finding])
        draft.body_sha = body_sha
        if opening and draft.bill is not None and safe_parser.is_utf8(element):
            parent = element.getparent()
            self._context = frozenset(parent.nsmap.items()) if parent is not None else frozenset()
            self._read_context.shapes.learn(body.decode(), element, self._context)
        return draft

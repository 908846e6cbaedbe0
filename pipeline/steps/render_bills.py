"""Step 4, render: draw a chunk's bills as PDFs by the issuer's compiled template, or take the issuer's own pages;
encrypt them and write them to the archive."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Bill, History, pack_history
from pipeline.pipeline_context import PipelineContext
from render.compiled_template import Template
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.earlier_bills import histories_of
from store.bills.find_bills import bills_of_chunk
from store.bills.search_words import words_of
from store.db.event import record_all
from store.db.leases import assert_lease
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.feeds.chunk import Chunk, pass_on
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.outage_detection import is_outage
from store.vault.attachment_staging import PAGES, StoredAttachment, attachments_between, move_attachments
from store.vault.pdf_segment import archived, encrypt_attachments, write_segment

log = logging.getLogger(__name__)


def render_bills(context: PipelineContext, chunk: Chunk, now: datetime) -> None:
    """Render a claimed chunk's released bills; the chunk is passed on to choose. A bill that cannot be drawn fails
    alone. Raises LeaseLost if another worker has taken the chunk over."""
    batch = _load(context.store, chunk)
    template_id, template = context.templates.of(batch.issuer, now)
    drawn = _draw(batch, template, chunk.setbacks)
    _e_seal(context, batch.issuer, template, drawn.suffixes)
    archive = _archive(context, batch, template_id, template, drawn, now)
    with context.store.writing() as session:
        assert_lease(session, Chunk, chunk.id)
        _write(session, batch, archive, now)
        for row_id, why in drawn.failures.items():
            change_state(session, BillRow, row_id, "released", "failed", now, why=why)
        pass_on(session, chunk, "choose")


@dataclass(frozen=True)
class _ChunkBills:
    """A chunk's released bills, with all they are rendered from; dictionaries are by the bill row's id."""

    issuer: Issuer
    rows: Sequence[BillRow]
    bills: dict[int, Bill]
    histories: dict[int, History]
    account_keys: dict[int, bytes]  # encrypted, by account id
    attachments: list[StoredAttachment]
    own_pages: dict[int, str]  # the text of the issuer's own pages, by item number


@dataclass(frozen=True)
class _Drawn:
    """PDF suffixes in parts, and why a bill could not be drawn, by the bill row's id."""

    suffixes: dict[int, list[bytes]] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Archived:
    """Column values of the bills whose PDFs are in the archive, and of their attachments that were moved there."""

    bills: list[dict[str, Any]]
    attachments: list[dict[str, Any]]


def _load(store: Store, chunk: Chunk) -> _ChunkBills:
    with store.reading() as session:
        rows = bills_of_chunk(session, chunk.feed_id, chunk.first_seq, chunk.last_seq, "released", whole=True)
        attachments = attachments_between(session, chunk.feed_id, chunk.first_seq, chunk.last_seq)
        return _ChunkBills(
            issuer=session.get_one(Issuer, session.get_one(Feed, chunk.feed_id).issuer_id),
            rows=rows,
            bills={row.id: row.bill for row in rows},
            histories=histories_of(session, rows),
            account_keys=_account_keys(session, rows),
            attachments=attachments,
            own_pages={each.seq: each.text for each in attachments if each.n == PAGES},
        )


def _account_keys(session: Session, rows: Iterable[BillRow]) -> dict[int, bytes]:
    ids = {row.account_id for row in rows}
    query = select(CustomerAccount.id, CustomerAccount.sealed_key).where(CustomerAccount.id.in_(ids))
    return dict(row._tuple() for row in session.execute(query))


def _draw(batch: _ChunkBills, template: Template, setbacks: int) -> _Drawn:
    """Draw the bills that did not come as the issuer's own pages. An outage is raised; another error fails its bill."""
    drawn = _Drawn()
    own = {row.id for row in batch.rows if row.item_seq in batch.own_pages}
    for row_id in batch.bills.keys() - own:
        bill = batch.bills[row_id]
        try:
            drawn.suffixes[row_id] = template.parts(bill, batch.histories[row_id])
        except Exception as error:
            if is_outage(error, setbacks):
                raise
            log.exception("bill %s of %s cannot be rendered", bill.number, batch.issuer.slug)
            drawn.failures[row_id] = f"{type(error).__name__}: {error}"
    return drawn


def _e_seal(context: PipelineContext, issuer: Issuer, template: Template, suffixes: dict[int, list[bytes]]) -> None:
    """Append the issuer's e-seals to the suffixes, where it has a certificate."""
    if e_seal := context.e_seals.of(issuer.slug):
        whole = {row_id: b"".join(parts) for row_id, parts in suffixes.items()}
        for row_id, seal in e_seal.seals_of(template.prefix, whole).items():
            suffixes[row_id][-1] += seal


def _archive(
    context: PipelineContext, batch: _ChunkBills, template_id: int, template: Template, drawn: _Drawn, now: datetime
) -> _Archived:
    """Encrypt the PDFs with their accounts' keys and write them as one segment blob, and more where attachments are
    large."""
    store, keys, suffixes = context.store, batch.account_keys, drawn.suffixes
    records = [
        (row.id, row.account_id, keys[row.account_id], suffixes[row.id]) for row in batch.rows if row.id in suffixes
    ]
    places = write_segment(store.blobs, store.sealer, records) if records else {}
    values = archived(template_id, template.prefix, suffixes, places)
    moved: list[dict[str, Any]] = []
    if batch.attachments:
        own_id = context.templates.without_a_byte(batch.issuer, now)
        own, moved = encrypt_attachments(store.blobs, store.sealer, batch.rows, keys, batch.attachments, own_id)
        values += own
    return _Archived(values, moved)


def _write(session: Session, batch: _ChunkBills, archive: _Archived, now: datetime) -> None:
    """Set the archived bills to rendered, with where their PDFs are, their search words and their history."""
    rendered = [value["id"] for value in archive.bills]
    if rendered:
        lock_rows(session, BillRow, BillRow.id.in_(rendered))
        texts = {row.id: batch.own_pages.get(row.item_seq, "") for row in batch.rows}
        words = {row_id: words_of(bill, texts[row_id]) for row_id, bill in batch.bills.items()}
        histories = {row_id: pack_history(history) for row_id, history in batch.histories.items()}
        session.execute(
            update(BillRow),
            [{**value, "words": words[value["id"]], "history": histories[value["id"]]} for value in archive.bills],
        )
    move_attachments(session, archive.attachments)
    record_all(session, "bill", rendered, "rendered", now)

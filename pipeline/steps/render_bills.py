"""Step 4, render: draw a chunk's bills as PDFs by the issuer's compiled template, or take the issuer's own pages;
encrypt them and write them to the archive."""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Bill, History, Reason, label_language, pack_history
from issuers.registry import profile_of
from pipeline.pipeline_context import PipelineContext
from render.compiled_template import Template
from render.specimen_pages import marked_pages
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_lookup import bills_of_chunk
from store.bills.earlier_bills import histories_of
from store.db.event import record_all
from store.db.leases import assert_lease
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.feeds.chunk import Chunk, pass_on
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.outage_or_fault import is_outage
from store.search.search_entry import index_bills
from store.vault.attachment_staging import PAGES, StoredAttachment, attachments_between, move_attachments
from store.vault.pdf_segment import archived, encrypt_attachments, write_segment

log = logging.getLogger(__name__)


def render_bills(context: PipelineContext, chunk: Chunk, now: datetime) -> None:
    """Render a claimed chunk's released bills; the chunk is passed on to choose. A bill that cannot be drawn fails
    alone. Raises LeaseLost if another worker has taken the chunk over."""
    batch = _load(context.store, chunk)
    templates = _templates(context, batch, now)
    drawn = _draw(batch, templates, chunk.setbacks)
    _e_seal(context, batch.issuer, templates, drawn.suffixes)
    archive = _archive(context, batch, templates, drawn, now, chunk.setbacks)
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
    own_pages: set[int]  # numbers of the items that came with the issuer's own pages


class _TemplateBills(NamedTuple):
    """A template, the id of its row, and the ids of the bill rows that it draws."""

    template_id: int
    template: Template
    row_ids: list[int]


@dataclass(frozen=True)
class _Drawn:
    """PDF suffixes in parts, and why a bill could not be drawn, by the bill row's id."""

    suffixes: dict[int, list[bytes]] = field(default_factory=dict)
    failures: dict[int, Reason] = field(default_factory=dict)


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
            own_pages={each.seq for each in attachments if each.n == PAGES},
        )


def _templates(context: PipelineContext, batch: _ChunkBills, now: datetime) -> list[_TemplateBills]:
    """The templates that the chunk's bills are drawn with: one, or one a language where the profile names none."""
    templates, issuer = context.templates, batch.issuer
    if profile_of(issuer).brand.own_language:
        return [_TemplateBills(*templates.of(issuer, now), list(batch.bills))]
    languages: dict[str, list[int]] = {}
    for row_id, bill in batch.bills.items():
        languages.setdefault(label_language(bill), []).append(row_id)
    return [_TemplateBills(*templates.of(issuer, now, language), ids) for language, ids in languages.items()]


def _account_keys(session: Session, rows: Iterable[BillRow]) -> dict[int, bytes]:
    ids = {row.account_id for row in rows}
    query = select(CustomerAccount.id, CustomerAccount.encrypted_key).where(CustomerAccount.id.in_(ids))
    return dict(row._tuple() for row in session.execute(query))


def _draw(batch: _ChunkBills, templates: Sequence[_TemplateBills], setbacks: int) -> _Drawn:
    """Draw the bills that did not come as the issuer's own pages. An outage is raised; another error fails its bill."""
    drawn = _Drawn()
    own = {row.id for row in batch.rows if row.item_seq in batch.own_pages}
    for template, row_id in [(each.template, row_id) for each in templates for row_id in each.row_ids]:
        if row_id in own:
            continue
        bill = batch.bills[row_id]
        try:
            drawn.suffixes[row_id] = template.parts(bill, batch.histories[row_id])
        except Exception as error:
            if is_outage(error, setbacks):
                raise
            log.exception("bill %s of %s cannot be rendered", bill.number, batch.issuer.slug)
            drawn.failures[row_id] = Reason.of("bill_failed", error=f"{type(error).__name__}: {error}")
    return drawn


def _e_seal(
    context: PipelineContext,
    issuer: Issuer,
    templates: Sequence[_TemplateBills],
    suffixes: dict[int, list[bytes]],
) -> None:
    """Append the issuer's e-seals to the suffixes, where it has a certificate."""
    if e_seal := context.e_seals.of(issuer.slug):
        for _, template, row_ids in templates:
            whole = {row_id: b"".join(suffixes[row_id]) for row_id in row_ids if row_id in suffixes}
            for row_id, seal in e_seal.seals_of(template.prefix, whole).items():
                suffixes[row_id][-1] += seal


def _archive(
    context: PipelineContext, batch: _ChunkBills, templates: Sequence[_TemplateBills], drawn: _Drawn, now: datetime,
    setbacks: int,
) -> _Archived:  # fmt: skip
    """Encrypt the PDFs with their accounts' keys and write them as one segment blob, and more where attachments are
    large."""
    store, keys, suffixes = context.store, batch.account_keys, drawn.suffixes
    records = [
        (row.id, row.account_id, keys[row.account_id], suffixes[row.id]) for row in batch.rows if row.id in suffixes
    ]
    places = write_segment(store.blobs, store.encryptor, records) if records else {}
    values: list[dict[str, Any]] = []
    for template_id, template, row_ids in templates:
        mine = {row_id: places[row_id] for row_id in row_ids if row_id in places}
        values += archived(template_id, template.prefix, suffixes, mine)
    moved: list[dict[str, Any]] = []
    if batch.attachments:
        own_id = context.templates.without_a_byte(batch.issuer, now)
        own, moved = encrypt_attachments(
            store.blobs, store.encryptor, batch.rows, keys, batch.attachments, own_id,
            partial(_shown_pages, batch, drawn, setbacks),
        )  # fmt: skip
        values += own
    return _Archived(values, moved)


def _shown_pages(batch: _ChunkBills, drawn: _Drawn, setbacks: int, row_id: int, pages: bytes) -> bytes | None:
    """What is archived of a bill's own pages: byte for byte what came, but for a test side, whose pages are marked.
    None, and the bill fails, where they cannot be: nothing that is only tried looks as if it were meant."""
    if not batch.issuer.is_test_side:
        return pages
    bill = batch.bills[row_id]
    try:
        return marked_pages(pages, label_language(bill))
    except Exception as error:
        if is_outage(error, setbacks):
            raise
        log.exception("the own pages of bill %s of %s cannot be marked", bill.number, batch.issuer.slug)
        drawn.failures[row_id] = Reason.of("bill_failed", error=f"{type(error).__name__}: {error}")
        return None


def _write(session: Session, batch: _ChunkBills, archive: _Archived, now: datetime) -> None:
    """Set the archived bills to rendered, with where their PDFs are and their history, and add them to the
    search index. Bills that were recalled while they were drawn are left alone."""
    drawn = [value["id"] for value in archive.bills]
    rendered = lock_rows(session, BillRow, BillRow.id.in_(drawn), BillRow.state == "released") if drawn else []
    if rendered:
        still = set(rendered)
        histories = {row_id: pack_history(history) for row_id, history in batch.histories.items()}
        session.execute(
            update(BillRow),
            [{**value, "history": histories[value["id"]]} for value in archive.bills if value["id"] in still],
        )
        _index(session, batch, still)
    recalled = {row.item_seq for row in batch.rows if row.id in set(drawn) - set(rendered)}
    move_attachments(session, [each for each in archive.attachments if each["seq"] not in recalled])
    record_all(session, "bill", rendered, "rendered", now)


def _index(session: Session, batch: _ChunkBills, rendered: Collection[int]) -> None:
    """Add the rendered bills to the search index, with what their own pages and their attachments say. They are locked:
    accounts may have been joined while they were drawn."""
    texts: dict[int, dict[int, str]] = {}
    for each in batch.attachments:
        texts.setdefault(each.seq, {})[each.n] = each.text
    held = dict(session.execute(select(BillRow.id, BillRow.account_id).where(BillRow.id.in_(rendered))).tuples().all())
    bills = [
        (row.id, held[row.id], batch.bills[row.id], texts.get(row.item_seq, {}))
        for row in batch.rows
        if row.id in rendered
    ]
    index_bills(session, bills)

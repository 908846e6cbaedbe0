"""Routes of the archive in which a person takes their bills away: asking for it, how far it is, the file, deleting it.

A worker makes it (`pipeline.bill_archives`); a person has one at a time, for some days.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.presenters.labelled_account_number import numbered_within
from portal.presenters.ranged_download import ranged_download
from portal.public_id_converter import public_id, row_of
from portal.translation import language, say
from store.accounts.consumer import accounts_of
from store.bill_archives.archive_stream import ArchiveStream
from store.bill_archives.bill_archive import (
    ArchiveScope,
    ArchiveSize,
    ArchiveView,
    archive_of,
    archive_sizes,
    ask_for_archive,
    expire_archives,
    parts_of,
)
from store.blobs.blob_store import BlobChanged, BlobMissing
from store.db.event import record
from store.issuer import issuers_by_id
from store.vault.encryption import DecryptionFailed

pages: Final = Blueprint("bill_archive", __name__)

#: How many seconds a page that waits is loaded again after, by how many seconds it has waited; later, by hand.
_AGAIN: Final = ((10.0, 2), (120.0, 5), (1800.0, 20))
#: How many bytes the XML, the indexes and the records of a bill take, about.
_BESIDE_PDF: Final = 6_000


class ScopeChoice(NamedTuple):
    """What may be taken away: its value in the form, what it is called, how many bills, and about how many bytes."""

    value: str
    name: str
    bills: int
    size: int


@pages.get("/emporter")
def show() -> ResponseReturnValue:
    """The page to ask from; while an archive is being made, how far it is; then the archive."""
    archive = _archive()
    return render_template(
        "consumers/take_away/bill_archive.html",
        archive=archive.row if archive else None,
        state=archive.state if archive else "none",
        again=_again(archive),
        choices=[] if archive and archive.state == "making" else _choices(),
    )


@pages.post("/emporter")
def ask() -> ResponseReturnValue:
    """Ask for an archive; asking while one is being made changes nothing."""
    scope = _scope(form_value("quoi"))
    if scope is None:
        abort(404)
    store = app_context.store()
    with store.writing() as session:
        asked = ask_for_archive(
            session, store.encryptor, current_user.consumer_id(), scope, language(), app_context.now()
        )
    if asked is not None:
        store.wake_up.send()
    elif _archive() is None:
        flash(say("Vous n’avez pas encore de facture à emporter."), "bad")
    return redirect(url_for(".show"), 303)


@pages.post("/emporter/effacer")
def delete() -> ResponseReturnValue:
    """Delete the archive, or stop making it."""
    with app_context.store().writing() as session:
        is_gone = expire_archives(session, current_user.consumer_id(), app_context.now())
    if is_gone:
        flash(say("L’archive est effacée. Vos factures, elles, restent dans votre espace."), "good")
    return redirect(url_for(".show"), 303)


@pages.get("/emporter/factures.zip")
def download() -> ResponseReturnValue:
    """The archive, or the part of it that is asked for."""
    archive = archive_of(app_context.reading(), current_user.consumer_id(), app_context.now())
    if archive is None or (ready_at := archive.row.ready_at) is None:
        abort(404)
    store, row = app_context.store(), archive.row
    parts = parts_of(app_context.reading(), row)
    stream = ArchiveStream(store.blobs, store.encryptor, row, parts)
    if not parts or not _opens(stream.read):
        abort(404)
    stream.seek(0)
    if request.method == "GET" and request.range is None:
        who = current_user.consumer_id()
        with store.writing() as session:
            record(session, "consumer", who, "archive downloaded", app_context.now(), by=f"consumer {who}")
    name = say("Factures {day}.zip", day=row.asked_at.date().isoformat())
    return ranged_download(stream, row.size, name, "application/zip", parts[0].blob_sha256[:32], ready_at)


def _opens(read: Callable[[int], bytes]) -> bool:
    try:
        return read(1) != b""
    except (BlobMissing, BlobChanged, DecryptionFailed):
        return False


def _archive() -> ArchiveView | None:
    """The archive; one whose bytes the blob store has lost has failed."""
    session, store = app_context.reading(), app_context.store()
    found = archive_of(session, current_user.consumer_id(), app_context.now())
    if found is None or found.state != "ready":
        return found
    parts = parts_of(session, found.row)
    opens = bool(parts) and store.encryptor.opens_key(found.row.encrypted_key)
    return found if opens and store.blobs.exists(parts[0].blob_sha256) else found._replace(state="failed")


def _choices() -> Sequence[ScopeChoice]:
    """What may be taken away: everything; a year, a contract, where there are several."""
    session, consumer_id = app_context.reading(), current_user.consumer_id()
    sizes = archive_sizes(session, consumer_id)
    accounts = accounts_of(session, consumer_id)
    issuers = issuers_by_id(session, {each.issuer_id for each in accounts})
    years = sorted({each.year for each in sizes}, reverse=True)
    found = [_choice("tout", say("Toutes vos factures"), sizes)]
    if len(years) > 1:
        found += [_choice(f"{n}", say("L’année {year}", year=n), [s for s in sizes if s.year == n]) for n in years]
    if len(accounts) > 1:
        for account in accounts:
            issuer = issuers[account.issuer_id]
            name = ", ".join(each for each in (issuer.name, numbered_within(account, issuer)) if each)
            of_account = [each for each in sizes if each.account_id == account.id]
            found.append(_choice(public_id(account.id, "account"), name, of_account))
    return [each for each in found if each.bills]


def _choice(value: str, name: str, sizes: Sequence[ArchiveSize]) -> ScopeChoice:
    bills = sum(each.bills for each in sizes)
    return ScopeChoice(value, name, bills, sum(each.size for each in sizes) + bills * _BESIDE_PDF)


def _scope(value: str) -> ArchiveScope | None:
    """What the form asks for; None for what its person does not hold."""
    if value in {"", "tout"}:
        return ArchiveScope()
    if len(value) == 4 and value.isascii() and value.isdecimal():
        return ArchiveScope(year=int(value))
    account_id = row_of(value, "account")
    held = {each.id for each in accounts_of(app_context.reading(), current_user.consumer_id())}
    return ArchiveScope(account_id=account_id) if account_id in held else None


def _again(archive: ArchiveView | None) -> int | None:
    """After how many seconds the page is to be loaded again by its script; None: by hand."""
    if archive is None or archive.state != "making":
        return None
    waited = (app_context.now() - archive.row.asked_at).total_seconds()
    return next((pause for most, pause in _AGAIN if waited < most), None)

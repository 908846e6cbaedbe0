"""A bill's pages as pictures, for whoever may see the bill: what became of them, when to look again, each picture.

The worker draws them (`pipeline.page_pictures`): the portal only asks, and decrypts what is there.
"""

from typing import Final

from flask import Response, abort

from portal import app_context
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.page_pictures import PicturesView, ask_for_pictures, delete_pictures, pictures_of
from store.blobs.blob_store import BlobChanged, BlobMissing
from store.vault.encryption import DecryptionFailed
from store.vault.picture_segment import read_picture

#: The sizes of a picture, as addresses name them.
_SIZES: Final = ("petite", "grande")
#: How many seconds a page that waits is loaded again after, by how many seconds it has waited; later, by hand.
_AGAIN: Final = ((6.0, 1), (30.0, 3), (120.0, 10))


def kept_pictures(row: BillRow) -> PicturesView | None:
    """Returns the pictures; None if nobody has asked for them, or the blob store has lost them."""
    pictures = pictures_of(app_context.reading(), row.id)
    is_lost = pictures is not None and pictures.state == "drawn" and not _is_there(pictures.row.blob_sha256)
    return None if is_lost else pictures


def ask_to_draw(row: BillRow) -> None:
    """Ask for the pictures; asking twice is as once. Lost ones are drawn again."""
    lost = pictures_of(app_context.reading(), row.id) if kept_pictures(row) is None else None
    with app_context.store().writing() as session:
        if lost is not None:
            delete_pictures(session, [lost.row])
        is_asked = ask_for_pictures(session, row, app_context.now())
    if is_asked:
        app_context.store().wake_up.send()


def picture_file(row: BillRow, n: int, size: str) -> Response:
    """Returns a page's picture, the pages numbered from 1; aborts with 404 where there is none. No cache keeps it."""
    session, store = app_context.reading(), app_context.store()
    pictures = pictures_of(session, row.id)
    place = pictures and size in _SIZES and pictures.place(n, _SIZES.index(size))
    if not pictures or not place or not pictures.row.blob_sha256:
        abort(404)
    key = session.get_one(CustomerAccount, pictures.row.account_id).encrypted_key
    try:
        content = read_picture(store.blobs, store.encryptor, key, row.id, pictures.row.blob_sha256, place)
    except (BlobMissing, BlobChanged, DecryptionFailed):
        abort(404)
    answer = Response(content, mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'"
    return answer


def again_after(pictures: PicturesView | None) -> int | None:
    """Returns after how many seconds the page is to be loaded again by its script; None: by hand."""
    if pictures is None or pictures.state != "drawing":
        return None
    waited = (app_context.now() - pictures.row.asked_at).total_seconds()
    return next((pause for most, pause in _AGAIN if waited < most), None)


def _is_there(blob_sha256: str | None) -> bool:
    return blob_sha256 is not None and app_context.store().blobs.exists(blob_sha256)

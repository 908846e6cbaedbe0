"""What all pages of a one-bill link begin with: whether the link opens its bill, and whether this device may see it."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consumers.admit_device import has_room, is_admitted
from consumers.one_bill_access import LinkedBill, linked_bill
from portal import app_context
from portal.access import current_user
from portal.consumers.one_bill.device_cookie import device_secret
from store.accounts.signed_in_consumer import SignedInConsumer


def open_link(token: str) -> LinkedBill | None:
    """Returns the bill that the link opens to this device, or to another one; None for a link that opens nothing."""
    session = app_context.reading()
    linked = linked_bill(session, app_context.store().keys, token, app_context.now())
    if linked is None or not (has_room(session, linked) or is_seen_here(linked)):
        return None
    return linked


def admitted_bill(token: str) -> LinkedBill | None:
    """Returns the bill that the link opens, if this device was admitted to it."""
    linked = open_link(token)
    return linked if linked is not None and is_seen_here(linked) else None


def is_seen_here(linked: LinkedBill) -> bool:
    """Whether this device was admitted to the bill."""
    return is_admitted(app_context.reading(), linked, device_secret())


def reader() -> SignedInConsumer | None:
    """Returns the consumer who has signed in on this device, or None."""
    known = current_user.signed_in_user()
    return known.consumer if known is not None else None


def is_read_by_staff() -> bool:
    """Whether an operator or a member of an issuer has signed in on this device: they look for somebody else."""
    known = current_user.signed_in_user()
    return known is not None and known.staff is not None


def closed_page() -> ResponseReturnValue:
    """Returns the page for a link that opens nothing here. It is one page, whatever the cause; signing in leads who
    holds the account to the bill all the same."""
    token = (request.view_args or {}).get("token")
    onwards = url_for("one_bill.show", token=token) if token else None
    return render_template("consumers/one_bill/closed.html", onwards=onwards), 404


def keep_out_of_indexes(pages: Blueprint) -> None:
    """Let no search engine keep these pages."""

    @pages.after_request
    def _add(response: Response) -> Response:
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

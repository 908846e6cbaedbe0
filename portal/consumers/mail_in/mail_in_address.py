"""The page of a person's address that takes mails with bills: make it, show it, replace it, end it, and from whom mails
are taken."""

import re
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.translation import say
from store.accounts.email_address import NoAddress, kept_form
from store.received_mail.received_mail import allowed_senders, latest_mails, set_allowed_senders
from store.secret_addresses.mail_address import mail_address
from store.secret_addresses.secret_address import address_of, end_address, renew_address, secret_of

pages = Blueprint("mail_in_address", __name__)

#: Senders that a person may name, and mails that the page shows.
MOST_SENDERS: Final = 50
SHOWN: Final = 10
_DOMAIN: Final = re.compile(r"@[a-z0-9-]+(\.[a-z0-9-]+)+")


@pages.get("/factures-par-courriel")
def show() -> ResponseReturnValue:
    return _page(None)


@pages.post("/factures-par-courriel")
def renew() -> ResponseReturnValue:
    """Make an address; one that was there before takes nothing any more."""
    _offered()
    with app_context.store().writing() as session:
        renew_address(session, app_context.store().keys, current_user.consumer_id(), "bills", app_context.now())
    flash(say("Votre adresse est prête."), "good")
    return redirect(url_for("mail_in_address.show"), 303)


@pages.post("/factures-par-courriel/fin")
def end() -> ResponseReturnValue:
    """End the address. Ending it twice is as once."""
    with app_context.store().writing() as session:
        end_address(session, current_user.consumer_id(), "bills", app_context.now())
    flash(say("C’est fait : cette adresse ne reçoit plus rien."), "good")
    return redirect(url_for("mail_in_address.show"), 303)


@pages.post("/factures-par-courriel/expediteurs")
def choose_senders() -> ResponseReturnValue:
    """Take mails from these senders alone; without any, from anybody."""
    _offered()
    typed = form_value("senders", 10_000)
    senders = [_sender(each) for each in re.split(r"[\s,;]+", typed) if each]
    if "" in senders or len(senders) > MOST_SENDERS:
        return _page(typed)
    with app_context.store().writing() as session:
        set_allowed_senders(session, current_user.consumer_id(), senders)
    flash(say("C’est enregistré."), "good")
    return redirect(url_for("mail_in_address.show"), 303)


def mail_in_domain() -> str:
    """Returns the domain of the addresses; "" where there are none."""
    return app_context.config().mail_in_domain


def _offered() -> None:
    if not mail_in_domain():
        abort(404)


def _sender(text: str) -> str:
    """An address in its stored form, or a domain; "" for anything else."""
    if _DOMAIN.fullmatch(text.lower()):
        return text.lower()
    try:
        return kept_form(text, may_be_reserved=True)
    except NoAddress:
        return ""


def _page(typed: str | None) -> ResponseReturnValue:
    """*typed* is a list of senders that cannot be kept."""
    _offered()
    session, me = app_context.reading(), current_user.consumer()
    address = address_of(session, me.id, "bills")
    secret = None if address is None else secret_of(app_context.store().keys, address)
    page = render_template(
        "consumers/mail_in/mail_in_address.html", address=address,
        email=mail_address(me.name, secret, mail_in_domain()) if secret else "", owner=me.email,
        senders="\n".join(allowed_senders(session, me.id)) if typed is None else typed,
        error="" if typed is None else say("Écrivez une adresse ou un domaine par ligne, comme @exemple.fr."),
        mails=latest_mails(session, me.id, SHOWN),
    )  # fmt: skip
    return page, 200 if typed is None else 422

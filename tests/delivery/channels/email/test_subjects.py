"""No subject says anything personal: it is shown on locked screens, and kept by every server on the way."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from delivery.calendar.postal_calendar import Calendar
from delivery.channels.bill_notice import BillNotice
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.accounts.address_question import address_question_words
from delivery.channels.email.mails.accounts.default_on_notice import _words
from delivery.channels.email.mails.accounts.holder_emails import _SENTENCES, holder_words
from delivery.channels.email.mails.bills.bill_notice import notice_words
from delivery.channels.email.mails.bills.digest_mail import digest_words
from delivery.channels.email.mails.sign_in.sign_in_emails import already_words, confirmation_words, reset_words
from delivery.channels.email.mails.staff.mails_of_staff import invitation_words
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import HolderNotice
from store.issuer import Issuer
from store.staff_member import Staff
from store.vault.key_ring import KeyRing
from tests.delivery.channels.email.sample_paper_mails import paper_mails
from tests.delivery.channels.email.sample_payment_mails import payment_mails
from tests.delivery.channels.email.test_pseudo_locale_mails import DUES, MARCH, digest_of

URL, NOW = "https://factures.example/x", datetime(2026, 3, 3, tzinfo=UTC)
NORD = Issuer(name="Eaux du Nord", profile='trade = "water"')
ACCOUNT = CustomerAccount(term="BT-46", value="4711")


def every_mail(language: str) -> dict[str, EmailText]:
    zoe, staff = (
        Consumer(name="Zoé", language=language),
        Staff(id=1, email="m@x.example", language=language, added_at=NOW),
    )
    notices = {
        f"{purpose} {kind} {name}": notice_words(
            BillNotice(
                purpose=purpose, language=language, name="Zoé", issuer=NORD.name, number="4711", type_code=kind,
                issued=MARCH, due=due, url=URL, paper_url=URL, invoiced=Decimal(4711),
            )
        )
        for purpose in ("notify", "remind-1", "due-1") for kind in ("380", "381") for name, due in DUES.items()
    }  # fmt: skip
    holders = {
        kind: holder_words(HolderNotice(kind=kind, name="Zoé", at=NOW), zoe, ACCOUNT, NORD, MARCH, URL)
        for kind in _SENTENCES
    }
    asked = {
        "confirm": confirmation_words(zoe, URL), "reset": reset_words(language, URL), "already": already_words(URL),
        "invite": invitation_words(staff, NORD.name, KeyRing(b"a secret"), URL),
        "digest": digest_words(digest_of(language)),
        "address": address_question_words(zoe, ACCOUNT, NORD, URL),
    }  # fmt: skip
    others = dict(payment_mails(language, URL, NORD.name)) | dict(paper_mails(language, URL, NORD.name))
    return notices | holders | asked | others


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_subject_has_an_amount_a_number_or_a_name(language: str) -> None:
    subjects = {name: words.subject for name, words in every_mail(language).items()}
    assert {name: said for name, said in subjects.items() if re.search(r"\d|€|Zoé", said)} == {}


def test_the_subject_of_a_notice_by_law_has_its_day_alone() -> None:
    words = _words(Consumer(name="Zoé", language="fr"), ACCOUNT, NORD, NOW, Calendar(), URL)
    day = r"\d+(er)?.(janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre).\d{4}"
    assert not re.search(r"\d|€|Zoé", re.sub(day, "", words.subject))

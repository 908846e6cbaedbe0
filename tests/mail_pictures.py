"""The pictures of docs/mails.md, made anew: mails as a phone of 390 pixels shows them, by day and by night.

    python -m tests.mail_pictures [FOLDER]

Each is drawn by Chromium from the HTML body that leaves, with nothing fetched.
"""

import io
import shutil
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Final, cast

from PIL import Image

from bill import DocumentAmount, Instalment, Paid, amount_due
from delivery.bill_forwarding.forward_mails import forward_ended_words
from delivery.channels.bill_notice import BillNotice
from delivery.channels.email.email_message import write_mail
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.accounts.reader_grant import _invitation_words
from delivery.channels.email.mails.accounts.suitability_question import suitability_words
from delivery.channels.email.mails.bills.bill_notice import notice_words
from delivery.channels.email.mails.bills.digest_mail import DigestMail, digest_words
from delivery.channels.email.mails.bills.enquiry_answer import enquiry_answer_words
from delivery.channels.email.mails.bills.failed_payment import failed_payment_words
from delivery.channels.email.mails.own_copies.archive_ready import archive_ready_words
from delivery.channels.email.mails.own_copies.received_mail_answer import received_mail_words
from delivery.channels.email.mails.sign_in.new_device import new_device_words
from delivery.channels.email.mails.sign_in.second_factor_emails import _CHANGES, _Reader, _text
from delivery.channels.email.mails.sign_in.sign_in_emails import confirmation_words
from delivery.channels.email.mails.space.changed_address import address_changed_words
from delivery.channels.email.smtp.sending_domain import WIRE
from delivery.channels.issuer_mark import IssuerMark
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.bill_forwarding.forward_address import ForwardAddress
from store.bills.bill import BillRow
from store.bills.bill_enquiry import EnquiryEntry
from store.issuer import Issuer
from store.received_mail.received_mail import MailWithBills
from tests.delivery.channels.email.test_email_message import AT

FOLDER: Final = Path(__file__).parent.parent / "docs" / "pictures" / "mails"
WIDTH: Final = 390
COLOURS: Final = 48
PUBLIC: Final = "https://factures.example"
LUMIERE: Final = IssuerMark(name="Lumière de l’Ouest", colour="#8a3b12")
EAUX: Final = IssuerMark(name="Régie des Eaux du Val", colour="#1d5f8a")
LONG: Final = IssuerMark(name="Société intercommunale de production et de distribution de chaleur", colour="#5b2a6e")
TODAY: Final = date(2026, 11, 9)
ASKED: Final = DocumentAmount(
    number="2026-11-4711", type_code="380", issue_date=TODAY, currency="EUR", payable=Decimal("84.20"),
    due=date(2026, 12, 3),
)  # fmt: skip


def mails() -> dict[str, Callable[[], EmailText]]:
    """Every mail, by the name of its picture."""
    return {
        "notice": lambda: notice_words(_notice()),
        "reminder": lambda: notice_words(_notice(purpose="remind-1", language="en")),
        "direct-debit": lambda: notice_words(_notice(due=amount_due(ASKED._replace(is_collected=True)))),
        "long": _long,
        "digest": _digest,
        "failed-payment": _failed,
        "yearly-question": _question,
        "answer": lambda: enquiry_answer_words(
            EnquiryEntry(name="Claire"), BillRow(number=ASKED.number), _alice(), _issuer(), f"{PUBLIC}/questions/x"
        ),
        "sign-up": lambda: confirmation_words(_alice(), f"{PUBLIC}/inscription/confirmer/x"),
        "invitation": lambda: _invitation_words("Alice Martin", ["fr"], f"{PUBLIC}/partages"),
        "new-device": lambda: new_device_words(
            "Alice Martin", "Firefox, Windows", AT, f"{PUBLIC}/appareil-inconnu/x", "fr"
        ),
        "passkey-added": lambda: _text(
            _CHANGES["passkey added"], _Reader("", "Alice Martin", "fr", "/securite"), PUBLIC, "Téléphone d’Alice"
        ),
        "address-changed": lambda: address_changed_words(
            "Alice Martin", "fr", date(2026, 11, 12), f"{PUBLIC}/adresse/annuler/x"
        ),
        "forwarding-ended": lambda: forward_ended_words(
            ForwardAddress(email="paul@comptable.example", ended_because="recipient"), _alice(), PUBLIC
        ),
        "received-mail": _received,
        "archive-ready": lambda: archive_ready_words(_alice(), 45, date(2026, 11, 16), PUBLIC),
    }  # fmt: skip


def _notice(mark: IssuerMark = LUMIERE, **also: Any) -> BillNotice:
    values = {
        "purpose": "notify", "language": "fr", "name": "Alice Martin", "issuer": mark.name, "number": ASKED.number,
        "type_code": "380", "issued": TODAY, "due": amount_due(ASKED, today=TODAY), "url": f"{PUBLIC}/f/x",
        "paper_url": f"{PUBLIC}/contrats", "choice_url": f"{PUBLIC}/courriels", "letter_on": date(2026, 11, 20),
        "mark": mark,
    }  # fmt: skip
    return BillNotice(**(values | also))


def _long() -> EmailText:
    days = (date(2026, 11, 30), date(2026, 12, 30), date(2027, 1, 30))
    parts = tuple(Instalment(amount=Decimal("41152.26"), due=day) for day in days)
    due = amount_due(ASKED._replace(payable=Decimal("123456.78"), instalments=parts, due=None), today=TODAY)
    return notice_words(_notice(LONG, due=due, invoiced=Decimal("123456.78")))


def _digest() -> EmailText:
    water = amount_due(ASKED._replace(payable=Decimal("31.05"), is_collected=True, due=date(2026, 12, 5)))
    credit = amount_due(ASKED._replace(type_code="381", payable=Decimal(12), names=("2026-10-4702",)))
    notices = (
        _notice(), _notice(EAUX, due=water, number="E-2231"), _notice(due=credit, type_code="381", number="A-12"),
    )  # fmt: skip
    return digest_words(
        DigestMail(
            language="fr", name="Alice Martin", notices=notices, url=f"{PUBLIC}/", choice_url=f"{PUBLIC}/courriels",
            paper_url=f"{PUBLIC}/contrats",
        )
    )  # fmt: skip


def _failed() -> EmailText:
    due = amount_due(ASKED, paid=[Paid(TODAY, Decimal("84.20"), "bank", "refused", "AM04")], today=TODAY)
    bill = BillRow(number=ASKED.number, currency="EUR", uid="x")
    return failed_payment_words(due, bill, _alice(), _issuer(), PUBLIC)


def _question() -> EmailText:
    account = CustomerAccount(term="BT-46", value="4711")
    return suitability_words(
        _alice(), account, _issuer(), date(2026, 12, 9), f"{PUBLIC}/contrats", f"{PUBLIC}/desabonnement/x"
    )


def _received() -> EmailText:
    files = [{"name": "2026-117.pdf", "outcome": "taken"}, {"name": "photo.jpg", "outcome": "no_bill"}]
    mail = MailWithBills(sender="facturation@plombier.example", files=files)
    return received_mail_words(mail, _alice(), PUBLIC)


def _alice() -> Consumer:
    return Consumer(name="Alice Martin", language="fr")


def _issuer() -> Issuer:
    return Issuer(name=LUMIERE.name, profile=f'trade = "electricity"\n[brand]\ncolour = "{LUMIERE.colour}"')


def html_of(words: EmailText) -> str:
    """The HTML body as it leaves."""
    mail = write_mail(words, "Facteur <mail@factures.example>", "alice@example.org", "<d1@factures.example>", AT)
    read = cast("EmailMessage", message_from_bytes(mail.as_bytes(policy=WIRE), _class=EmailMessage, policy=default))
    part = read.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def draw(folder: Path = FOLDER) -> list[Path]:
    """Draw all mails, light and dark side by side; the pictures."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    drawn: list[Path] = []
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, words in mails().items():
            shots = [_shot(browser, html_of(words()), scheme) for scheme in ("light", "dark")]
            drawn.append(folder / f"{name}.png")
            _side_by_side(shots).save(drawn[-1], "PNG", optimize=True)
        browser.close()
    return drawn


def _shot(browser: Any, html: str, scheme: str) -> Image.Image:
    context = browser.new_context(viewport={"width": WIDTH, "height": 300}, color_scheme=scheme, offline=True)
    page = context.new_page()
    page.set_content(html)
    shot = page.screenshot(full_page=True)
    context.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")


def _side_by_side(shots: list[Image.Image]) -> Image.Image:
    both = Image.new("RGB", (sum(each.width for each in shots), max(each.height for each in shots)), "white")
    at = 0
    for each in shots:
        both.paste(each, (at, 0))
        at += each.width
    return both.quantize(COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    for path in draw(*map(Path, sys.argv[1:2])):
        print(f"{path}  {path.stat().st_size:,} bytes")

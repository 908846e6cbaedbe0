"""An issuer's member sees their own issuer's figures alone: whatever another issuer sends, prints and is asked, not
one letter of a page of theirs changes."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from difflib import unified_diff
from io import BytesIO
from typing import Final

from flask import Flask
from sqlalchemy import select

from adoption.monthly_facts import measure
from bill import Reason
from consumers.enquiries.ask_about_bill import ask_about_bill
from doors.feed_drop import drop_feed
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow
from store.delivery import Delivery, record_receipt
from store.issuer import Issuer
from store.print_batch import PrintBatch
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.portal.test_row_numbers import Reader, asks_a_question, make_busy
from tests.pseudo_locale import text_of
from tests.sample_feeds import batch, ubl

#: What only Eaux has: its name, its customers, its bills' numbers and amounts, its files, and its volumes.
OF_EAUX: Final = re.compile(r"Eaux|Z[ée]nobie|Z-\d|EAU-|7.?777|[Ff]ontaine|eva@")
ZENOBIE: Final = ("Zénobie Fontaine", "9 rue de la Fontaine", "29200", "Brest")
DOORS: Final = (
    "/equipe/", "/equipe/flux", "/equipe/lots", "/equipe/qualite", "/equipe/adoption", "/equipe/attente",
    "/equipe/conflits", "/equipe/comptes", "/equipe/litiges", "/equipe/plusieurs-fois", "/equipe/paiements",
    "/equipe/questions", "/equipe/retours", "/equipe/membres", "/equipe/reglages", "/equipe/factures",
    "/equipe/factures?numero=K-1", "/equipe/marque", "/equipe/factures?q=C-ALICE", "/equipe/factures?q=martin",
)  # fmt: skip
#: What differs from one request to the next, and the search's own words.
_RAW_AMOUNT: Final = re.compile(r"(?<![\d.])\d+\.\d{2,4}(?![\d.])")
_QUOTED: Final = re.compile(r"<(pre|code|textarea|script|style|svg)\b.*?</\1>", re.DOTALL)
_TOKEN: Final = re.compile(r'name="(?:csrf_token|once)" value="[^"]+"')


def eaux_sends(office: Office, bills: list[str], name: str) -> None:
    with office.store.reading() as session:
        eaux = session.scalars(select(Issuer).where(Issuer.slug == "eaux")).one()
    feed_id = drop_feed(office.store, eaux, BytesIO(batch(bills)), name, "api", office.clock()).feed_id
    office.pipeline.read(office.clock(), feed_id)
    office.pipeline.work_feed(feed_id, office.clock())


def eaux_is_busy(office: Office, first: int) -> None:
    """Eaux sends bills, of which one is refused, one comes twice and one is another person's; its letters lie in the
    lots that hold Lumière's, printed, missing and returned, and in the next one; a customer asks about one."""
    now = office.clock()
    bills = [ubl(f"EAU-{n}", f"Z-{n}", Decimal("7777.10")) for n in range(first, first + 8)]
    eaux_sends(office, [*bills, ubl("EAU-X", "Z-X", gross=Decimal(1))], f"fontaine-{first}.xml")
    other = ubl(f"EAU-{first}", f"Z-{first}", Decimal("7777.30"))
    eaux_sends(office, [other, ubl(f"EAU-{first}0", f"Z-{first}", person=ZENOBIE)], f"fontaine-{first}-2.xml")
    office.pipeline.work_until_idle(now)
    with office.store.writing() as session:
        lots = session.scalars(select(PrintBatch).where(PrintBatch.state != "open").order_by(PrintBatch.id)).all()
        mine = select(Delivery).join(Issuer, Issuer.id == Delivery.issuer_id).where(Issuer.slug == "eaux")
        waiting = mine.where(Delivery.channel == "paper", Delivery.state == "ready").order_by(Delivery.id)
        printed, missing, held, *_ = session.scalars(waiting).all()
        for letter in (printed, missing, held):
            letter.state, letter.sent_at, letter.batch_id = "sent", now, lots[0].id
        record_receipt(session, printed.id, "printed", now)
        record_receipt(session, printed.id, "returned", now + timedelta(hours=1))
        missing.state, missing.reason = "failed", Reason("letter_not_printed")
        held.state, held.reason = "failed", Reason.of("address_incomplete", address_parts=["line1"])
        lots[0].letters, lots[0].sheets = lots[0].letters + 7777, lots[0].sheets + 7777
        zoe = Consumer(
            email=f"zenobie{first}@exemple.fr", name="Zénobie", password_hash="", signed_up_at=now, language="fr"
        )
        session.add(zoe)
        session.flush()
        ask_about_bill(session, session.get_one(BillRow, printed.bill_id), zoe.id, "amount", "Pourquoi ?", "once", now)
    measure(office.store, now)


def shown(app: Flask, mine: Browser) -> dict[str, str]:
    """The pages that somebody sees from these doors on, by address."""
    visit = Reader(app, mine)
    visit.reads = "fr"
    visit.through(*DOORS)
    return {path: _TOKEN.sub("", page) for path, page in visit.written.items()}


def raw_amounts(page: str) -> list[str]:
    """What stands on a French page as a program writes amounts, apart from what is quoted of files, and what whoever
    makes them is told in English."""
    return _RAW_AMOUNT.findall(text_of(_QUOTED.sub("", page), "en")) if "<html" in page else []


def test_whatever_eaux_does_no_page_of_a_member_of_lumiere_changes(
    app: Flask, office: Office, staff: Callable[[str], Browser]
) -> None:
    make_busy(office)
    asks_a_question(office)
    office.drop([ubl("N-1"), ubl("N-2", "C-BOB")], name="juin.xml")
    office.pipeline.work_until_idle(office.clock())
    eaux_is_busy(office, 11)
    mina = staff("mina")
    before = shown(app, mina)
    assert not {path: OF_EAUX.findall(page) for path, page in before.items() if OF_EAUX.search(page)}
    assert not {path: raw for path, page in before.items() if (raw := raw_amounts(page))}, "84.00 is written 84,00 €"
    eaux_is_busy(office, 31)
    after = shown(app, mina)
    assert after.keys() == before.keys()
    changed = [
        line
        for path, page in after.items()
        for line in unified_diff(before[path].splitlines(), page.splitlines(), path)
    ]
    assert changed == []
    assert any(OF_EAUX.search(page) for page in shown(app, staff("oscar")).values()), "or the words are wrong"

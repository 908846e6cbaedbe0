"""A town to visit the portal in: issuers, their bills, letters with codes, and people who sign up.

Bills go through the store's own stage and release; only the PDF is a few bytes of ours (render has its own tests).
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import select, update

from bill import (
    AllowanceCharge,
    Attachment,
    Bill,
    CreditTransfer,
    Identifier,
    Instalment,
    Line,
    Note,
    Party,
    Payment,
    Period,
    PostalAddress,
    Reason,
    Reference,
    Totals,
    VatBreakdown,
    round_money,
)
from consumers.claim_code import digest
from feeds.release import ReleaseTerms, release_items
from feeds.stage_items import Staged, stage_items
from portal.access.password_hash import hash_password
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.feeds.feed import Feed, receive_feed
from store.issuer import Issuer, TemplateRow
from store.print_batch import PrintBatch
from store.search.search_entry import index_bills
from store.vault.attachment_staging import (
    attachments_between,
    attachments_of,
    keep_staging_blob,
    move_attachments,
    put_staging_blob,
)
from store.vault.pdf_segment import encrypt_attachments, write_segment

PASSWORD = "une phrase que je retiens"
KEPT = hash_password(PASSWORD)  # a hash takes as long as it should; a town is made of many
IBAN = "FR7630006000011234567890189"
PREFIX = b"%PDF-1.7\n% the same for every bill of a template\n"


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def a_bill(
    number: str, account: str, issued: date, net: Decimal | str = "70.00", *, seller: str = "Lumière de l’Ouest",
    buyer: str = "Alice Martin", due_in: int = 20, rate: str = "20", what: str = "Consommation d’électricité",
    quantity: str = "350", unit: str = "KWH", payment: Payment | None = None, **also: Any,
) -> Bill:  # fmt: skip
    """A bill of one line, paid by transfer unless *payment* says otherwise."""
    net = Decimal(net)
    vat = round_money(net * Decimal(rate) / 100)
    due = issued + timedelta(days=due_in)
    period = Period(start=issued - timedelta(days=30), end=issued - timedelta(days=1))
    fields: dict[str, Any] = {
        "totals": Totals(payable=net + vat, gross=net + vat, net=net, vat=vat, lines=net),
        "seller": Party(name=seller, vat_id="FR40303265045"),
        "buyer": Party(
            name=buyer, identifiers=(Identifier(value=account),),
            address=PostalAddress(line1="12 rue des Lilas", postcode="44000", city="Nantes", country="FR"),
        ),
        "lines": (
            Line(
                id="1", name=what, quantity=Decimal(quantity), unit=unit, net_amount=net, vat_category="S",
                net_price=(net / Decimal(quantity)).quantize(Decimal("0.0001")), vat_rate=Decimal(rate), period=period,
            ),
        ),
        "vat": (VatBreakdown(category="S", taxable=net, vat=vat, rate=Decimal(rate)),),
        "payment": payment or Payment(
            means_code="30", remittance=number, transfers=(CreditTransfer(iban=IBAN, name=seller, bic="AGRIFRPP"),)
        ),
    }  # fmt: skip
    return Bill(number=number, issue_date=issued, due_date=due, currency="EUR", **(fields | also))


DIRECT_DEBIT = Payment(
    means_code="59", mandate="RUM-2024-0815", creditor_id="FR72ZZZ123456", debited_iban="FR76XXXXXXXXXXXXXXXXXXX0189"
)


class World:
    """Writes what issuers, printers and people would have left in the store by now."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store = store
        self.now = now

    @property
    def today(self) -> date:
        return self.now.date()

    def issuer(self, slug: str, name: str, profile: str = "", logo: bytes | None = None) -> int:
        with self.store.writing() as session:
            issuer = Issuer(
                slug=slug, name=name, profile=profile, logo=logo, added_at=self.now, changed_at=self.now
            )  # fmt: skip
            session.add(issuer)
            session.flush()
            return issuer.id

    def drop(self, issuer_id: int, bills: Iterable[Bill], channel: str = "paper") -> dict[str, BillRow]:
        """Release these bills in one feed and give each its document; by number."""
        packed = list(bills)
        sha256 = hashlib.sha256("|".join([str(issuer_id), *(bill.number for bill in packed)]).encode()).hexdigest()
        with self.store.writing() as session:
            feed, _ = receive_feed(session, issuer_id, sha256, 1000, "factures.xml", "cli", noon(packed[0].issue_date))
            entries = [
                Staged(n, f"/Invoice[{n}]", hashlib.sha256(bill.number.encode()).hexdigest(), bill.number, bill, ())
                for n, bill in enumerate(packed, 1)
            ]
            stage_items(session, feed.id, entries)
            enclosed = [each for entry in entries for each in attachments_of(entry.seq, entry.bill)]
            keep_staging_blob(session, put_staging_blob(self.store.blobs, feed.id, enclosed))
            release_items(session, self.store.encryptor, feed, 1, len(packed), ReleaseTerms(), self.now)
            session.execute(update(Feed).where(Feed.id == feed.id).values(state="released", entries=len(packed)))
            rows = session.scalars(select(BillRow).where(BillRow.feed_id == feed.id)).all()
            self._render(session, issuer_id, rows, channel)
        return {row.number: row for row in rows}

    def _render(self, session: Any, issuer_id: int, rows: Iterable[BillRow], channel: str) -> None:
        template = session.scalar(select(TemplateRow).where(TemplateRow.issuer_id == issuer_id))
        if template is None:
            template = TemplateRow(
                issuer_id=issuer_id, version="1", prefix_sha256=self.store.blobs.put(PREFIX), made_at=self.now
            )
            session.add(template)
            session.flush()
        for row in rows:
            suffix = f"% {row.number}\n%%EOF\n".encode()
            key = session.get_one(CustomerAccount, row.account_id).encrypted_key
            record = [(row.id, row.account_id, key, [suffix])]
            place = write_segment(self.store.blobs, self.store.encryptor, record)[row.id]
            row.segment_sha256, row.segment_at, row.segment_length = place
            row.template_id, row.pdf_sha256 = template.id, hashlib.sha256(PREFIX + suffix).hexdigest()
            row.received_at = noon(row.issue_date)
            row.state, row.channel, row.pdf_size = "chosen", channel, len(PREFIX + suffix)
            self._encrypt(session, row, key)
        session.flush()
        index_bills(session, [(row.id, row.account_id, row.bill, {}) for row in rows])

    def _encrypt(self, session: Any, row: BillRow, key: bytes) -> None:
        enclosed = attachments_between(session, row.feed_id, row.item_seq, row.item_seq)
        keys = {row.account_id: key}
        _, moved = encrypt_attachments(self.store.blobs, self.store.encryptor, [row], keys, enclosed, 0)
        move_attachments(session, moved)

    def letter(self, row: BillRow, code: str) -> None:
        """The bill went out on paper yesterday, with this code on it."""
        posted = self.now - timedelta(days=1)
        with self.store.writing() as session:
            batch = PrintBatch(
                state="handed_over", opened_at=posted, cut_off_at=posted, handed_over_at=posted, letters=1
            )
            session.add(batch)
            session.flush()
            session.add(
                Delivery(
                    bill_id=row.id, issuer_id=row.issuer_id, channel="paper", purpose="print", state="sent",
                    reason=Reason("account_unclaimed"), due_at=posted, made_at=posted, sent_at=posted,
                    batch_id=batch.id, claim_digest=digest(code),
                )
            )  # fmt: skip

    def consumer(self, name: str, *, holds: Mapping[int, str] | None = None, language: str = "fr") -> Consumer:
        """Somebody who has signed up, confirmed, and holds these accounts (issuer's id -> number)."""
        with self.store.writing() as session:
            consumer = Consumer(
                email=f"{name.split()[0].lower()}@exemple.fr", name=name, password_hash=KEPT,
                signed_up_at=self.now, confirmed_at=self.now, language=language,
            )  # fmt: skip
            session.add(consumer)
            session.flush()
            for issuer_id, number in (holds or {}).items():
                enrol(session, consumer.id, self.account_id(issuer_id, number), self.now)
        return consumer

    def account_id(self, issuer_id: int, number: str) -> int:
        with self.store.reading() as session:
            query = select(CustomerAccount.id).where(
                CustomerAccount.issuer_id == issuer_id, CustomerAccount.value == number
            )
            return session.scalars(query).one()


LUMIERE = """
trade = "electricity"
pay_url = "https://payer.example/{number}?montant={amount}"
[direct_debit]
creditor_id = "FR72ZZZ123456"
[helpline]
phone = "02 61 91 10 10"
hours = ["mon-fri 9:00-18:00", "sat 9:00-12:30"]
[brand]
colour = "#b3541e"
"""
EAUX = 'trade = "water"\n[brand]\ncolour = "#1b6ca8"'
MOBILE = 'trade = "telecom"\n[brand]\ncolour = "#6b2d8c"'
GAZ = 'trade = "gas"\n[brand]\ncolour = "#7a5c00"\nhelp_lines = ["09 69 32 35 52", "du lundi au samedi"]'
BANQUE = 'trade = "bank"\n[brand]\ncolour = "#1f5c3a"'


def furnish(world: World) -> dict[str, int]:
    """Thirteen months of four issuers' bills to Alice, one of every standing; issuers' ids by slug."""
    lumiere = world.issuer("lumiere", "Lumière de l’Ouest", LUMIERE)
    eaux = world.issuer("eaux", "Eaux du Pays de Retz", EAUX)
    mobile = world.issuer("mobile", "Mobile+", MOBILE)
    banque = world.issuer("banque", "Banque des Deux Rives", BANQUE)
    newest = world.today - timedelta(days=3)
    months = [newest - timedelta(days=30 * n) for n in range(12, -1, -1)]
    bills = [_electricity(f"LO-{12 - n:02}", issued) for n, issued in enumerate(months)]
    world.drop(lumiere, bills)
    calls = [
        a_bill(f"M{12 - n:03}", "0612345678", issued - timedelta(days=2), "16.66", seller="Mobile+",
               what="Forfait 80 Go", quantity="1", unit="MON", payment=DIRECT_DEBIT, due_in=11)
        for n, issued in enumerate(months)
    ]  # fmt: skip
    world.drop(mobile, calls)
    water = [
        a_bill(f"EAU-{n}", "R-1187", newest - timedelta(days=30 * n + 5), "29.43", rate="5.5", due_in=35,
               seller="Eaux du Pays de Retz", what="Eau potable", quantity="14", unit="MTQ")
        for n in (8, 5, 2)
    ]  # fmt: skip
    credit = a_bill("EAU-AV", "R-1187", newest - timedelta(days=9), "11.37", rate="5.5", type_code="381",
                    seller="Eaux du Pays de Retz", what="Remise après fuite", quantity="1", unit="C62")  # fmt: skip
    world.drop(eaux, [*water, credit])
    fees = a_bill("B-2026", "00412", newest - timedelta(days=40), "20.00", seller="Banque des Deux Rives",
                  what="Location d’un coffre", quantity="1", unit="ANN", due_in=30)  # fmt: skip
    world.drop(banque, [fees])
    return {"lumiere": lumiere, "eaux": eaux, "mobile": mobile, "banque": banque}


def furnish_kinds(world: World) -> int:
    """Bills of a fifth issuer to Alice, one of every kind of what is to pay; its id."""
    gaz = world.issuer("gaz", "Gaz de Loire", GAZ)
    issued = world.today - timedelta(days=3)

    def one(number: str, net: str = "100.00", **terms: Any) -> Bill:
        return a_bill(number, "G-7", issued, net, seller="Gaz de Loire", what="Gaz naturel", **terms)

    def by(code: str, **terms: Any) -> Payment:
        return Payment(means_code=code, **terms)

    def about(number: str) -> tuple[Reference, ...]:
        return (Reference(number=number),)

    def account(number: str, **terms: Any) -> tuple[CreditTransfer, ...]:
        return (CreditTransfer(iban=number, **terms),)

    thirds = tuple(Instalment(amount=Decimal(40), due=issued + timedelta(days=30 * n)) for n in (0, 1, 2))
    world.drop(gaz, [
        one("G-ANNULEE"), one("G-AVOIR", type_code="381", preceding=about("G-ANNULEE")),
        one("G-ENTAMEE"), one("G-REMISE", "40.00", type_code="381", preceding=about("G-ENTAMEE")),
        one("G-ERRONEE"), one("G-JUSTE", "80.00", type_code="384", preceding=about("G-ERRONEE")),
        one("G-FOIS", instalments=thirds),
        one("G-PASSEE", due_in=-5),
        one("G-GIRO", payment=by("56", remittance="OCR 987 654", transfers=account("5050-1055"))),
        one("G-FAUX", payment=by("30", transfers=account("FR7630006000011234567890188"))),
        one("G-ESPECES", payment=by("10", means_text="Au guichet, du lundi au vendredi")),
        one("G-MUETTE", payment=Payment()),
    ])  # fmt: skip
    return gaz


def _electricity(number: str, issued: date) -> Bill:
    """More in winter than in summer: consumption and standing charge, a rebate, a note and a supporting document."""
    net = Decimal("54.00") + Decimal(abs(6 - (issued.month % 12))) * Decimal("5.35")
    bill = a_bill(number, "C-1001", issued, net)
    consumption = bill.lines[0]
    charge = Line(
        id="2", name="Abonnement 6 kVA", quantity=Decimal(1), unit="MON", net_price=Decimal("12.68"),
        net_amount=Decimal("12.68"), vat_category="S", vat_rate=Decimal(20), period=consumption.period,
    )  # fmt: skip
    rebate = Line(
        id="3", name="Geste commercial", quantity=Decimal(1), unit="C62", net_price=Decimal("-2.00"),
        net_amount=Decimal("-2.00"), vat_category="S", vat_rate=Decimal(20),
        allowances_charges=(AllowanceCharge(amount=Decimal("2.00"), reason="retard de mise en service"),),
    )  # fmt: skip
    total = net + Decimal("10.68")
    vat = round_money(total / 5)
    nantes = PostalAddress(line1="4 quai de la Fosse", postcode="44000", city="Nantes", country="FR")
    return msgspec.structs.replace(
        bill,
        seller=msgspec.structs.replace(bill.seller, address=nantes),
        lines=(consumption, charge, rebate),
        vat=(VatBreakdown(category="S", taxable=total, vat=vat, rate=Decimal(20)),),
        totals=Totals(payable=total + vat, gross=total + vat, net=total, vat=vat, lines=total),
        notes=(Note(text="Votre prix du kWh change au 1er avril."),),
        attachments=(
            Attachment(id="releve", filename="relevé.csv", media_type="text/csv", description="vos relevés",
                       content=b"date;kWh\n"),
        ),
    )  # fmt: skip

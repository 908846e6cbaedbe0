"""The summary at the end of `facteur demo`: counts by issuer and of everything, addresses, sign-ins."""

from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bill import spell_number
from bill.percentage import percent
from config import Config
from consumers.one_bill_link import one_bill_url
from demo.demo_credentials import CONSUMER, HAS_LETTERS, MEMBER, OPERATOR, PASSWORD
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.facts.monthly_fact import facts
from store.feeds.feed import Feed
from store.issuer import Issuer, all_issuers
from store.print_batch import PrintBatch
from store.vault.key_ring import KeyRing
from words.catalogue import M_, sentence

_SENT = ("sent", "delivered")
#: The headings of the counts by issuer.
_HEADINGS: Final = (
    M_("issuer"), M_("bills"), M_("accounts"), M_("enrolled"), M_("paperless"), M_("adoption"), M_("letters"),
    M_("e-mails"),
)  # fmt: skip


class DemoSummary:
    """The counts, addresses and sign-ins of a finished demo, in a reader's language."""

    def __init__(self, config: Config, language: str) -> None:
        self._config = config
        self._language = language

    def headings(self) -> list[str]:
        """Return the headings of `rows`."""
        return [self._said(each) for each in _HEADINGS]

    def rows(self, session: Session) -> list[list[str]]:
        """Return the counts of each issuer: its name, then figures."""
        latest = _latest_facts(session)
        return [self._row(session, issuer, latest.get(issuer.id, {})) for issuer in all_issuers(session)]

    def _row(self, session: Session, issuer: Issuer, stood: dict[str, int]) -> list[str]:
        accounts, paperless = stood.get("accounts", 0), stood.get("paperless", 0)
        bills = session.scalar(select(func.count()).select_from(BillRow).where(BillRow.issuer_id == issuer.id)) or 0
        return [
            issuer.name, self._number(bills), self._number(accounts), self._number(stood.get("enrolled", 0)),
            self._number(paperless), percent(paperless / accounts if accounts else None, self._language),
            self._number(_sent(session, issuer.id, "paper")), self._number(_sent(session, issuer.id, "email")),
        ]  # fmt: skip

    def whole(self, session: Session) -> str:
        """Return one line of counts over all issuers."""
        feeds, people, batches = (
            session.scalar(select(func.count()).select_from(table)) or 0 for table in (Feed, Consumer, PrintBatch)
        )
        rejected = session.scalar(select(func.count()).select_from(Feed).where(Feed.state == "rejected")) or 0
        parts = (
            self._counted(M_("{n} feed|{n} feeds"), feeds),
            self._counted(M_("{n} of them refused|{n} of them refused"), rejected),
            self._counted(M_("{n} person has signed up|{n} people have signed up"), people),
            self._counted(M_("{n} print batch|{n} print batches"), batches),
        )
        return ", ".join(parts)

    def doors(self) -> list[str]:
        """Return the addresses, and who signs in there."""
        url = self._config.public_url
        places = [
            (M_("consumer"), f"{url}/connexion", CONSUMER),
            (M_("issuer"), f"{url}/equipe/connexion", MEMBER),
            (M_("operator"), f"{url}/equipe/connexion", OPERATOR),
        ]
        lines = [f"{self._said(who):12} {address:45} {person}" for who, address, person in places]
        lines.append(self._said(M_("everybody’s password: {password}"), password=PASSWORD))
        if self._config.has_dev_inbox:
            lines.append(self._said(M_("the e-mails that were sent: {url}"), url=f"{url}/courrier"))
        return [*lines, self._said(M_("the lots for the print house: {folder}"), folder=self._config.outbox)]

    def letter(self, session: Session, keys: KeyRing) -> list[str]:
        """Return the link on the latest letter to Charlie, who has no account; nothing where he has none yet."""
        query = (
            select(Delivery)
            .join(BillRow, BillRow.id == Delivery.bill_id)
            .where(BillRow.buyer_name == HAS_LETTERS, Delivery.channel == "paper", Delivery.state.in_(_SENT))
            .order_by(Delivery.sent_at.desc(), BillRow.number)
        )
        letter = session.scalars(query.limit(1)).first()
        if letter is None:
            return []
        url = one_bill_url(keys, self._config.public_url, letter)
        return [self._said(M_("a bill without a password, from {name}’s letter: {url}"), name=HAS_LETTERS, url=url)]

    def _said(self, text: str, **values: object) -> str:
        return sentence(text, self._language, domain="messages").format(**values)

    def _counted(self, text: str, n: int) -> str:
        return sentence(text, self._language, n, "messages").format(n=self._number(n))

    def _number(self, value: int) -> str:
        return spell_number(Decimal(value), self._language)


def _latest_facts(session: Session) -> dict[int, dict[str, int]]:
    """Return each issuer's adoption figures of the last month measured, by issuer id."""
    latest: dict[int, tuple[date, dict[str, int]]] = {}
    for (issuer_id, month), values in facts(session).items():
        if issuer_id not in latest or month > latest[issuer_id][0]:
            latest[issuer_id] = month, values
    return {issuer_id: values for issuer_id, (_, values) in latest.items()}


def _sent(session: Session, issuer_id: int, channel: str) -> int:
    query = (
        select(func.count())
        .select_from(Delivery)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .where(BillRow.issuer_id == issuer_id, Delivery.channel == channel, Delivery.state.in_(_SENT))
    )
    return session.scalar(query) or 0

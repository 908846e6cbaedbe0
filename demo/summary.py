"""Prints the summary at the end of `facteur demo`: counts, addresses, sign-ins."""

from datetime import date

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from demo.demo_credentials import CONSUMER, MEMBER, OPERATOR, PASSWORD
from store import Store
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.facts.monthly_fact import facts
from store.feeds.feed import Feed
from store.issuer import all_issuers
from store.print_batch import PrintBatch

_SENT = ("sent", "delivered")


def print_summary(store: Store, config: Config, out: Console) -> None:
    """Print counts by issuer, then of everything, then addresses and sign-ins."""
    with store.reading() as session:
        out.print(_by_issuer(session))
        out.print(_whole(session))
    out.print(_doors(config))


def _by_issuer(session: Session) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("issuer", no_wrap=True)
    for heading in ("bills", "accounts", "enrolled", "paperless", "adoption", "letters", "e-mails"):
        table.add_column(heading, justify="right", no_wrap=True)
    latest = _latest_facts(session)
    for issuer in all_issuers(session):
        stood = latest.get(issuer.id, {})
        accounts, paperless = stood.get("accounts", 0), stood.get("paperless", 0)
        bills = session.scalar(select(func.count()).select_from(BillRow).where(BillRow.issuer_id == issuer.id))
        table.add_row(
            issuer.name, str(bills), str(accounts), str(stood.get("enrolled", 0)), str(paperless),
            f"{paperless / accounts:.0%}" if accounts else "", str(_sent(session, issuer.id, "paper")),
            str(_sent(session, issuer.id, "email")),
        )  # fmt: skip
    return table


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


def _whole(session: Session) -> str:
    count = {table: session.scalar(select(func.count()).select_from(table)) for table in (Feed, Consumer, PrintBatch)}
    rejected = session.scalar(select(func.count()).select_from(Feed).where(Feed.state == "rejected"))
    return (
        f"\n{count[Feed]} feeds ({rejected} of them rejected), {count[Consumer]} people signed up, "
        f"{count[PrintBatch]} print batches\n"
    )


def _doors(config: Config) -> str:
    url = config.public_url
    lines = [
        f"consumer   {url}/connexion          {CONSUMER}",
        f"issuer     {url}/equipe/connexion   {MEMBER}",
        f"operator   {url}/equipe/connexion   {OPERATOR}",
        f"everybody’s password: {PASSWORD}",
    ]
    if config.has_dev_inbox:
        lines.append(f"the mails that were sent: {url}/courrier")
    return "\n".join([*lines, f"the lots for the print house: {config.outbox}"])

"""`facteur dispute`: lists and decides disputes, where an earlier holder of an account has suspended a later one."""

from typing import Any, Final

import click
from rich.table import Table
from sqlalchemy.orm import Session

from cli.open_store import WHO, find_issuer, now, opened_store
from cli.output import as_json, out, print_json, say_no
from consumers.holder_suspension import settle_dispute
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import Dispute, DisputeDecision, open_disputes
from store.issuer import Issuer

_COLUMNS: Final = ("dispute", "issuer", "account", "earlier", "later", "since", "asked")


@click.group("dispute")
def dispute_verb() -> None:
    """Two people on one contract, of whom the earlier has suspended the later."""


@dispute_verb.command("list")
@click.option("--issuer", "slug", help="Of one issuer.")
@as_json
def dispute_list(slug: str | None, in_json: bool) -> None:
    """What waits for a decision, the oldest first."""
    with opened_store() as (store, _), store.reading() as session:
        issuer_id = find_issuer(session, slug).id if slug else None
        after, told = 0, []
        while page := open_disputes(session, issuer_id, after):
            told += [_told(session, each) for each in page]
            after = page[-1].id
    if in_json:
        for each in told:
            print_json(each)
        return
    table = Table(*_COLUMNS, box=None)
    for each in told:
        table.add_row(*[str(each[key] or "") for key in _COLUMNS])
    out.print(table, markup=False)


def _told(session: Session, dispute: Dispute) -> dict[str, Any]:
    account = session.get_one(CustomerAccount, dispute.account_id)
    return {
        "dispute": dispute.id, "issuer": session.get_one(Issuer, dispute.issuer_id).slug,
        "account": account.number or None, "holder": account.holder,
        "earlier": session.get_one(Consumer, dispute.earlier_id).name,
        "later": session.get_one(Consumer, dispute.later_id).name, "since": dispute.opened_at.isoformat(),
        "asked": dispute.asked_at.isoformat() if dispute.asked_at else None, "words": dispute.words or None,
    }  # fmt: skip


@dispute_verb.command("decide")
@click.argument("dispute_id", type=int, metavar="DISPUTE")
@click.option("--both", "verdict", flag_value="restored", help="Both follow the contract.")
@click.option("--earlier", "verdict", flag_value="removed", help="Only whoever came earlier does.")
@click.option("--later", "verdict", flag_value="replaced", help="Only whoever came later does.")
@click.option("--by", type=WHO, required=True, help="Who decides.")
@click.option("--reason", required=True)
def dispute_decide(dispute_id: int, verdict: DisputeDecision | None, by: str, reason: str) -> None:
    """Decide who follows the contract; both are told by mail and on their page."""
    if verdict is None:
        raise click.UsageError("say who follows the contract: --both, --earlier or --later")
    if not by.strip() or not reason.strip():
        say_no("say who decides, and why")
    with opened_store() as (store, _):
        with store.writing() as session:
            done = settle_dispute(session, dispute_id, verdict, by.strip(), reason.strip(), now())
        store.wake_up.send()
    if not done:
        say_no("there is no such dispute, or somebody was first: look again")

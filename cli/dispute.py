"""`facteur dispute`: lists and decides disputes, where an earlier holder of an account has suspended a later one."""

from datetime import datetime
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from cli.command_language import moment, said
from cli.open_store import ROW_NUMBER, WHO, find_issuer, now, opened_store
from cli.output import as_json, decider, out, print_json, say_no
from cli.text_table import print_table
from cli.translated_help import group, option
from consumers.holder_suspension import settle_dispute
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import Dispute, DisputeDecision, open_disputes
from store.issuer import Issuer
from words.catalogue import M_

_COLUMNS: Final = {
    "dispute": M_("dispute"), "issuer": M_("issuer"), "account": M_("account"), "earlier": M_("earlier holder"),
    "later": M_("later holder"), "since": M_("since"), "asked": M_("a decision was asked for"),
}  # fmt: skip
_MOMENTS: Final = ("since", "asked")


@group("dispute")
def dispute_verb() -> None:
    """Two people on one contract, of whom the earlier has suspended the later."""


@dispute_verb.command("list")
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
def dispute_list(slug: str | None, in_json: bool) -> None:
    """What waits for a decision, the oldest first."""
    with opened_store() as (store, settings), store.reading() as session:
        issuer_id = find_issuer(session, slug).id if slug else None
        after, told = 0, []
        while page := open_disputes(session, issuer_id, after):
            told += [_told(session, each) for each in page]
            after = page[-1].id
    if in_json:
        for each in told:
            print_json(each)
        return
    rows = [[_cell(key, each[key], settings.time_zone) for key in _COLUMNS] for each in told]
    print_table(out, [said(heading) for heading in _COLUMNS.values()], rows)


def _cell(key: str, value: Any, time_zone: str) -> str:
    if key in _MOMENTS and value:
        return moment(datetime.fromisoformat(value), time_zone)
    return str(value or "")


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
@click.argument("dispute_id", type=ROW_NUMBER, metavar="DISPUTE")
@option("--both", "verdict", flag_value="restored", help="Both follow the contract.")
@option("--earlier", "verdict", flag_value="removed", help="Only whoever came earlier does.")
@option("--later", "verdict", flag_value="replaced", help="Only whoever came later does.")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def dispute_decide(dispute_id: int, verdict: DisputeDecision | None, by: str, reason: str) -> None:
    """Decide who follows the contract; both are told by e-mail and on their page."""
    if verdict is None:
        raise click.UsageError(said("say who follows the contract: --both, --earlier or --later"))
    decision = decider(by, reason)
    with opened_store() as (store, _):
        with store.writing() as session:
            done = settle_dispute(session, dispute_id, verdict, *decision, now())
        store.wake_up.send()
    if not done:
        say_no("there is no such dispute, or somebody was first: look again")

"""`facteur campaign`: the campaigns that invite households, and what is decided about them."""

from collections.abc import Callable
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from adoption.campaigns.campaign_life import approve_campaign, refuse_campaign, stop_campaign, submit_campaign
from cli.command_language import said
from cli.open_store import NO_ROW, ROW_NUMBER, WHO, find_issuer, now, opened_store
from cli.output import as_json, out, print_json, print_line, refusing, say_no, tell
from cli.text_table import print_table
from cli.translated_help import group, option
from store.campaigns.campaign import Campaign, campaigns_of, locked_campaign
from store.campaigns.campaign_wave import invitations_by_state, left_out_by_reason, wave_of_arms
from store.issuer import Issuer
from store.last_worked_as_of import business_now
from words.catalogue import M_

_COLUMNS: Final = {
    "campaign": M_("campaign"), "issuer": M_("issuer"), "name": M_("name"), "state": M_("state"),
    "lever": M_("lever"), "invited": M_("invited"), "spent": M_("spent"),
}  # fmt: skip
_A_PAGE: Final = 500
_LARGEST: Final = (1 << 63) - 1


@group("campaign")
def campaign_verb() -> None:
    """Campaigns that invite households to follow their bills online."""


@campaign_verb.command("list")
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
def campaign_list(slug: str | None, in_json: bool) -> None:
    """All campaigns, the newest first."""
    told: list[dict[str, Any]] = []
    with opened_store() as (store, _), store.reading() as session:
        issuer_id, before = find_issuer(session, slug).id if slug else None, _LARGEST
        while page := campaigns_of(session, issuer_id, before, _A_PAGE):
            told += [_told(session, each) for each in page]
            before = page[-1].id
    if in_json:
        for each in told:
            print_json(each)
        return
    print_table(
        out, [said(heading) for heading in _COLUMNS.values()], [[str(each[key]) for key in _COLUMNS] for each in told]
    )


@campaign_verb.command("show")
@click.argument("campaign_id", type=ROW_NUMBER, metavar="CAMPAIGN")
@as_json
def campaign_show(campaign_id: int, in_json: bool) -> None:
    """One campaign: its terms, whom it invited and left out, and its wave by arm, the held-out tenth beside."""
    with opened_store() as (store, _), store.reading() as session:
        campaign = _find(session, campaign_id)
        told = _told(session, campaign) | {
            "occasion": campaign.occasion, "wordings": campaign.wordings, "starts_on": campaign.starts_on.isoformat(),
            "ends_on": campaign.ends_on.isoformat() if campaign.ends_on else None, "author": campaign.author,
            "decided_by": campaign.decided_by, "words": campaign.words, "segment": campaign.segment,
            "most_invitations": campaign.most_invitations, "budget": str(campaign.budget),
            "accounts": invitations_by_state(session, campaign.id),
            "left_out": left_out_by_reason(session, campaign.id),
            "wave": {arm: counts._asdict() for arm, counts in wave_of_arms(session, campaign.id).items()},
        }  # fmt: skip
    if in_json:
        print_json(told)
        return
    for name, value in told.items():
        print_line(f"{name}: {value}")


@campaign_verb.command("submit")
@click.argument("campaign_id", type=ROW_NUMBER, metavar="CAMPAIGN")
@option("--by", type=WHO, required=True, help="Who asks for it.")
def campaign_submit(campaign_id: int, by: str) -> None:
    """Ask somebody else to approve a draft."""
    _decide(campaign_id, by, lambda session, each, who, at: submit_campaign(session, each, who, at))


@campaign_verb.command("approve")
@click.argument("campaign_id", type=ROW_NUMBER, metavar="CAMPAIGN")
@option("--by", type=WHO, required=True, help="Who approves: not its author.")
def campaign_approve(campaign_id: int, by: str) -> None:
    """Let it begin on its first day."""
    _decide(campaign_id, by, lambda session, each, who, at: approve_campaign(session, each, who, at))


@campaign_verb.command("refuse")
@click.argument("campaign_id", type=ROW_NUMBER, metavar="CAMPAIGN")
@option("--by", type=WHO, required=True, help="Who refuses: not its author.")
@option("--reason", required=True, help="Why.")
def campaign_refuse(campaign_id: int, by: str, reason: str) -> None:
    """Let it never begin."""
    _decide(campaign_id, by, lambda session, each, who, at: refuse_campaign(session, each, who, reason, at))


@campaign_verb.command("stop")
@click.argument("campaign_id", type=ROW_NUMBER, metavar="CAMPAIGN")
@option("--by", type=WHO, required=True, help="Who stops it.")
@option("--reason", required=True, help="Why.")
def campaign_stop(campaign_id: int, by: str, reason: str) -> None:
    """Invite nobody more, at once; what was planned is cancelled."""
    _decide(campaign_id, by, lambda session, each, who, at: stop_campaign(session, each, who, reason, at))


def _decide(campaign_id: int, by: str, act: Callable[[Session, Campaign, str, Any], None]) -> None:
    if not by:
        say_no("say who decides, and why")
    with refusing(), opened_store() as (store, _), store.writing() as session:
        _find(session, campaign_id)
        act(session, locked_campaign(session, campaign_id), by, business_now(session, now()))
    tell("noted")


def _find(session: Session, campaign_id: int) -> Campaign:
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        say_no(NO_ROW["campaign_id"], number=campaign_id)
    return campaign


def _told(session: Session, campaign: Campaign) -> dict[str, Any]:
    return {
        "campaign": campaign.id, "issuer": session.get_one(Issuer, campaign.issuer_id).slug, "name": campaign.name,
        "state": campaign.state, "lever": campaign.lever, "invited": campaign.invited, "spent": str(campaign.spent),
    }  # fmt: skip

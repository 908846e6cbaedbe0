"""`facteur adoption plan`: sets and shows an issuer's adoption plan."""

import click

from adoption.plans.adoption_plan import AdoptionPlan
from adoption.plans.set_plan import as_plan, set_plan
from adoption.plans.typed_plan import typed_plan
from cli.command_language import day, month, said, share
from cli.open_store import WHO, find_issuer, now, opened_store
from cli.output import as_json, decider, out, print_json, print_line, refusing, say_no, tell
from cli.text_table import print_table
from cli.translated_help import group, option
from store.adoption_plans.plan_version import PlanVersion, plan_versions, present_plan


@group("plan")
def adoption_plan() -> None:
    """The share without paper that an issuer means to reach, by month."""


@adoption_plan.command("set")
@click.argument("slug")
@option("--start", metavar="MONTH", required=True, help="Its first month: 2026-01.")
@option("--months", metavar="N", required=True, help="How long it lasts, 36 to 60 months.")
@option("--begins-at", metavar="SHARE", default="0", help="The share in its first month, in per cent.")
@option("--target", metavar="SHARE", required=True, help="The share aimed at in the end, in per cent.")
@option(
    "--milestone", "milestones", metavar="N=SHARE", multiple=True, help="A share after 12, 24, 36 or 48 months: 12=20."
)
@option("--by", type=WHO, required=True, help="Who sets it.")
@option("--reason", required=True, help="Why.")
def adoption_plan_set(
    slug: str, start: str, months: str, begins_at: str, target: str, milestones: tuple[str, ...], by: str, reason: str
) -> None:
    """Set an issuer's plan, as its next version."""
    who, why = decider(by, reason)
    with refusing():
        plan = typed_plan(start, months, begins_at, target, dict(map(_milestone, milestones)))
        with opened_store() as (store, _), store.writing() as session:
            issuer = find_issuer(session, slug)
            before = present_plan(session, issuer.id)
            version = set_plan(session, issuer, plan, who, why, now(), base=before.number if before else 0)
    if version is None:
        tell("this is the plan already")
    else:
        tell("version {number} of the plan is set", number=version.number)


@adoption_plan.command("show")
@click.argument("slug")
@as_json
def adoption_plan_show(slug: str, in_json: bool) -> None:
    """An issuer's plan month by month, and who set which version."""
    with opened_store() as (store, _), store.reading() as session:
        versions = plan_versions(session, find_issuer(session, slug).id)
    if not versions:
        say_no("{slug} has no adoption plan", slug=slug)
    plan = as_plan(versions[0])
    if in_json:
        print_json(_as_json(slug, plan, versions))
        return
    rows = [[month(each), share(planned)] for each, planned in plan.by_month()]
    print_table(out, [said("month"), said("planned")], rows, right=[1])
    for each in versions:
        print_line(
            said(
                "{number}: {target} in {months} months, by {who}, {day}: {why}", number=each.number, months=each.months,
                target=share(float(each.target)), who=each.by, day=day(each.at.date()), why=each.why,
            )
        )  # fmt: skip


def _as_json(slug: str, plan: AdoptionPlan, versions: list[PlanVersion]) -> dict[str, object]:
    return {
        "issuer": slug, "start": f"{plan.start:%Y-%m}", "months": plan.months, "begins_at": float(plan.begins_at),
        "target": float(plan.target),
        "milestones": [{"after": each.after, "share": float(each.share)} for each in plan.milestones],
        "planned": [{"month": f"{each:%Y-%m}", "share": round(planned, 4)} for each, planned in plan.by_month()],
        "versions": [
            {"number": each.number, "by": each.by, "at": each.at.isoformat(), "why": each.why} for each in versions
        ],
    }  # fmt: skip


def _milestone(text: str) -> tuple[int, str]:
    after, _, share_text = text.partition("=")
    if not (after.isascii() and after.isdigit() and len(after) <= len("60") and share_text.strip()):
        raise click.UsageError(said("{text} is no milestone: say 12=20", text=text))
    return int(after), share_text

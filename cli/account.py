"""`facteur account`: lists and shows customer accounts; lists and decides account questions (another name and address
under a held account number)."""

import sys
from datetime import datetime
from typing import Any, Final

import click
from msgspec.structs import asdict
from sqlalchemy.orm import Session

from bill import PostalAddress
from cli.command_language import day, language, named, number, reason_words, said, share, width
from cli.heir import account_heir, account_heir_end
from cli.open_store import NO_ROW, ROW_NUMBER, WHO, find_issuer, now, opened_store
from cli.output import as_json, decider, out, print_json, print_line, say_no
from cli.text_table import print_table
from cli.translated_help import group, option
from customers.account_report import AccountReport, account_of_number, account_reports, accounts_after
from customers.state_closing import state_closing
from delivery.calendar.postal_calendar import calendar_of
from delivery.channels.paper.mend_address import AddressGiver, give_address
from delivery.decide_account_question import decide_accounts
from delivery.decide_bereavement import decide_bereavement
from delivery.letter_holds import hold_letters_back, let_letters_go
from delivery.relationship.account_relationships import relationships_of
from delivery.relationship.account_trail import step_json, step_text, trail_of
from delivery.relationship.default_notice_counts import default_notice_counts
from delivery.relationship.relationship_state import AccountRelationship
from feeds.accounts.account_question_details import QuestionSide, details_of_questions
from feeds.accounts.account_question_json import question_report
from feeds.accounts.account_question_resolution import AccountDecision, QuestionDecision
from store.accounts.account_question import AccountQuestion, is_told, waiting_questions
from store.accounts.bereavement_decision import BereavementDecision, BereavementVerdict
from store.accounts.customer_account import CustomerAccount
from store.issuer import all_issuers, slugs_by_id
from store.last_worked_as_of import business_now
from words import state_names
from words.catalogue import M_

ACCOUNTS_AT_A_TIME: Final = 500
#: What is said of each result.
_ANSWERS: Final = {
    "done": M_("{n} question is decided|{n} questions are decided"),
    "known": M_("{n} question was decided so already|{n} questions were decided so already"),
    "late": M_(
        "{n} question: somebody has decided otherwise before|{n} questions: somebody has decided otherwise before"
    ),
}
#: The names of relationships.
_STATES: Final = {state: name for state, (name, _) in state_names.RELATIONSHIP.items()}
#: The terms of an address, and of what an issuer states of its customer (`bill.customer.record_json`).
_TERMS: Final[dict[str, str]] = {
    "line1": M_("address"), "line2": M_("address, line 2"), "line3": M_("address, line 3"), "postcode": M_("postcode"),
    "city": M_("town"), "subdivision": M_("region"), "country": M_("country"), "names": M_("names"),
    "postal_address": M_("postal address"), "delivery_address": M_("delivery address"), "email": M_("e-mail"),
    "phone": M_("telephone"), "language": M_("language"), "large_print": M_("large print"),
    "paper_by_right": M_("paper by right"), "closed_on": M_("closed on"), "died_on": M_("died on"),
    "household": M_("household"),
}  # fmt: skip
_VERDICTS: Final[dict[str, BereavementVerdict]] = {"estate": "estate", "held": "held", "alive": "alive"}
#: What is said once a person has decided after a death.
_BEREAVED: Final = {
    "estate": M_("{n} letter goes to the estate, and those to come|{n} letters go to the estate, and those to come"),
    "held": M_("{n} letter stays held, and those to come|{n} letters stay held, and those to come"),
    "alive": M_("{n} letter goes on|{n} letters go on"),
}
_DECISIONS: Final[dict[str, AccountDecision]] = {"same": "same", "other": "other", "new_holder": "new_holder"}


@group()
def account() -> None:
    """Customer accounts, and whose their numbers are."""


@account.command("list")
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
def account_list(slug: str | None, in_json: bool) -> None:
    """Accounts with a number: holder, relationship, channel, and since when."""
    with opened_store() as (store, settings), store.reading() as session:
        asked = [find_issuer(session, slug)] if slug else all_issuers(session)
        calendar, at = calendar_of(settings.time_zone, settings.print_postcode), business_now(session, now())
        for issuer_id, issuer_slug in [(each.id, each.slug) for each in asked]:
            after = 0
            while ids := accounts_after(session, issuer_id, after, ACCOUNTS_AT_A_TIME):
                relationships = relationships_of(session, ids, at, calendar)
                for account_id, report in account_reports(session, ids).items():
                    line = _account_line(report, issuer_slug, relationships[account_id])
                    print_json(line) if in_json else _print_account_line(line)
                after = ids[-1]
                session.expunge_all()


@account.command("show")
@click.argument("slug")
@click.argument("number")
@as_json
def account_show(slug: str, number: str, in_json: bool) -> None:
    """One account: what its letters bear, who follows it, and what its issuer has said of its customer."""
    with opened_store() as (store, settings), store.reading() as session:
        issuer = find_issuer(session, slug)
        found = account_of_number(session, issuer.id, number)
        if found is None:
            say_no("{slug} has no account {number!r}", slug=slug, number=number)
        report = account_reports(session, [found.id])[found.id]
        calendar = calendar_of(settings.time_zone, settings.print_postcode)
        relationship = relationships_of(session, [found.id], business_now(session, now()), calendar)[found.id]
        line, trail = _account_line(report, slug, relationship), trail_of(session, found.id)
    if in_json:
        steps = [step_json(each) for each in trail]
        why = {"code": relationship.why.code, "values": relationship.why.values}
        print_json(line | dict(report) | {"account": report["number"], "why": why, "trail": steps})
        return
    _print_account_line(line)
    print_line(f"  {reason_words(relationship.why)}")
    for name, value in (dict(report["address"]) | report["stated"]).items():
        label = said(_TERMS[name]) if name in _TERMS else name
        print_line(f"  {label:20} {_stated(value)}")
    for each in trail:
        print_line(f"  {day(calendar.day_of(each.at)):20} {step_text(each, language())}")


def _stated(value: Any) -> str:
    """Return a term of an address, or of what an issuer has stated, on one line."""
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if isinstance(value, list):
        return "; ".join(map(_stated, value))
    return ", ".join(map(str, value.values())) if isinstance(value, dict) else "-" if value is None else str(value)


def _account_line(report: AccountReport, slug: str, relationship: AccountRelationship) -> dict[str, Any]:
    """Return an account's JSON object (docs/promises.md)."""
    since = relationship.since
    return {
        "issuer": slug, "account": report["number"], "holder": report["holder"], "relationship": relationship.state,
        "channel": relationship.channel, "since": None if since is None else since.isoformat(),
    }  # fmt: skip


def _print_account_line(line: dict[str, Any]) -> None:
    relationship = named(_STATES[line["relationship"]])
    channel = named(state_names.CHANNEL.get(line["channel"], line["channel"]))
    relationship = f"{relationship:{width(_STATES.values())}}"
    print_line(f"{line['issuer']:16} {line['account']:20} {relationship} {channel:8} {line['holder']}")


@account.command("default-notices")
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
def account_default_notices(slug: str | None, in_json: bool) -> None:
    """Notices of bills without paper by default: accounts told, objections, notices that came back, accounts begun."""
    with opened_store() as (store, _), store.reading() as session:
        slugs = slugs_by_id(session)
        counts = default_notice_counts(session, find_issuer(session, slug).id if slug else None)
    rows = [{"issuer": slugs[each]} | asdict(mine) for each, mine in sorted(counts.items())]
    if in_json:
        for row in rows:
            print_json(row)
        return
    headings = [
        said("issuer"), said("planned"), said("sent"), said("came back"), said("objections"), said("rate"),
        said("paperless"),
    ]  # fmt: skip
    print_table(out, headings, [
        [
            slugs[each], *(number(count) for count in (mine.planned, mine.sent, mine.refused, mine.objected)),
            share(mine.objection_rate), number(mine.begun),
        ]
        for each, mine in sorted(counts.items())
    ])  # fmt: skip


@account.command("questions")
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
def account_questions(slug: str | None, in_json: bool) -> None:
    """Another name and another address under an account number that is held, which waits for a person."""
    rows: list[list[str]] = []
    with opened_store() as (store, _), store.reading() as session:
        slugs = slugs_by_id(session)
        issuer_id = find_issuer(session, slug).id if slug else None
        after = 0
        while page := waiting_questions(session, issuer_id, after):
            for asked in details_of_questions(session, page):
                question = asked.question
                if in_json:
                    print_json(question_report(asked, slugs[question.issuer_id]))
                rows.append([
                    str(question.id), slugs[question.issuer_id], question.number, _side(asked.held), _side(asked.other),
                    day(question.asked_at.date()),
                ])  # fmt: skip
            after = page[-1].id
    if not in_json:
        headings = [
            said("question"), said("issuer"), said("number"), said("held by"), said("and now comes"), said("since"),
        ]  # fmt: skip
        print_table(out, headings, rows)


def _side(side: QuestionSide) -> str:
    address = side.address
    where = ", ".join(part for part in (address.line1, f"{address.postcode} {address.city}".strip()) if part)
    return f"{side.holder}\n{where}\n{said('{n} bill|{n} bills', n=side.bill_count)}"


def _one_of(command: Any) -> Any:
    for name, words in (
        ("new_holder", M_("The number passes on: history stays behind with who had it.")),
        ("other", M_("Somebody else: kept apart, each with bills of their own.")),
        ("same", M_("The same holder, who moved and changed names: the accounts are joined.")),
    ):
        flag = f"--{name.replace('_', '-')}"
        command = option(flag, "decisions", flag_value=name, multiple=True, help=words)(command)
    return command


@account.command("decide")
@click.argument("question_ids", type=ROW_NUMBER, metavar="QUESTION...", nargs=-1, required=True)
@_one_of
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def account_decide(question_ids: tuple[int, ...], decisions: tuple[str, ...], by: str, reason: str) -> None:
    """Say whose the number is; many questions may be answered alike. Exit 1 where one was decided otherwise before."""
    if len(set(decisions)) != 1:
        raise click.UsageError(said("say one of --same, --other, --new-holder"))
    verdict = QuestionDecision(_DECISIONS[decisions[0]], *decider(by, reason), now())
    with opened_store() as (store, settings):
        with store.reading() as session:
            found = {each: session.get(AccountQuestion, each) for each in question_ids}
            unknown = [each for each, row in found.items() if row is None or not is_told(session, row)]
        if unknown:
            say_no(NO_ROW["question_ids"], number=unknown[0])
        calendar = calendar_of(settings.time_zone, settings.print_postcode)
        answers = decide_accounts(store, question_ids, verdict, calendar)
    for answer, count in answers.items():
        print_line(said(_ANSWERS[answer], n=count))
    sys.exit(1 if answers["late"] else 0)


@account.command("moved")
@click.argument("slug")
@click.argument("number")
@option("--street", required=True, help="Number and street.")
@option("--complement", default="", help="Flat, floor, building.")
@option("--postcode", default="", help="Where the country has postcodes.")
@option("--city", required=True, help="Town.")
@option("--country", default="FR", show_default=True, help="Its two letters.")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def account_moved(
    slug: str, number: str, street: str, complement: str, postcode: str, city: str, country: str, by: str, reason: str
) -> None:
    """Keep another address for an account's letters, until its issuer sends one. Those that wait for it go."""
    address = PostalAddress(line1=street, line2=complement, postcode=postcode, city=city, country=country)
    if lacking := address.lacking():
        say_no("the address lacks {terms}", terms=", ".join(said(_TERMS[each]) for each in lacking))
    who, why = decider(by, reason)
    with opened_store() as (store, _), store.writing() as session:
        found = _account_named(session, slug, number)
        letters = give_address(session, found.id, address, AddressGiver(who), why, business_now(session, now()))
    store.wake_up.send()
    print_line(said("{n} letter goes on|{n} letters go on", n=letters))


@account.command("close")
@click.argument("slug")
@click.argument("number")
@option("--on", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The contract's last day.")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def account_close(slug: str, number: str, last: datetime, by: str, reason: str) -> None:
    """Keep the last day of an account's contract. Its bills stay where they are, and the last ones still go out."""
    who, why = decider(by, reason)
    with opened_store() as (store, _), store.writing() as session:
        found, at = _account_named(session, slug, number), business_now(session, now())
        new_key = store.encryptor.encrypt_key
        if state_closing(session, found, last.date(), f"{who} ({why})", new_key, at) is None:
            say_no("account {number!r} has no number of its own: its end cannot be told here", number=number)
    store.wake_up.send()
    print_line(said("the contract of account {number} ends on {day}", number=number, day=day(last.date())))


@account.command("hold")
@click.argument("slug")
@click.argument("number")
@option("--let-go", is_flag=True, help="Let them go again.")
@option("--by", type=WHO, required=True, help="Who decides, and answers for them.")
@option("--reason", required=True, help="Why.")
def account_hold(slug: str, number: str, let_go: bool, by: str, reason: str) -> None:
    """Hold an account's letters back, those that have not left and those to come, until somebody lets them go."""
    who, why = decider(by, reason)
    with opened_store() as (store, _), store.writing() as session:
        found, at = _account_named(session, slug, number), business_now(session, now())
        decide = let_letters_go if let_go else hold_letters_back
        letters = decide(session, found.id, who, why, at)
    if letters is None:
        say_no("nobody holds them" if let_go else "somebody holds them already")
    store.wake_up.send()
    words = _BEREAVED["alive" if let_go else "held"]
    print_line(said(words, n=letters))


def _account_named(session: Session, slug: str, number: str) -> CustomerAccount:
    found = account_of_number(session, find_issuer(session, slug).id, number)
    if found is None:
        say_no("{slug} has no account {number!r}", slug=slug, number=number)
    return found


@account.command("bereavement")
@click.argument("slug")
@click.argument("number")
@option("--to-estate", "verdicts", flag_value="estate", multiple=True, help="On paper to whoever settles the estate.")
@option("--hold", "verdicts", flag_value="held", multiple=True, help="They stay held: who decides answers for it.")
@option("--alive", "verdicts", flag_value="alive", multiple=True, help="The issuer was wrong: as before.")
@option("--name", default="", help="With --to-estate: who settles it.")
@option("--street", default="", help="With --to-estate: number and street.")
@option("--complement", default="", help="With --to-estate: flat, floor, building.")
@option("--postcode", default="", help="With --to-estate.")
@option("--city", default="", help="With --to-estate.")
@option("--country", default="FR", show_default=True, help="With --to-estate: its two letters.")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def account_bereavement(
    slug: str, number: str, verdicts: tuple[str, ...], name: str, street: str, complement: str, postcode: str,
    city: str, country: str, by: str, reason: str,
) -> None:  # fmt: skip
    """After a death, decide about an account's bills, those held and those to come. Nobody is mailed."""
    if len(set(verdicts)) != 1:
        raise click.UsageError(said("say one of --to-estate, --hold, --alive"))
    verdict = _VERDICTS[verdicts[0]]
    given = PostalAddress(line1=name, line2=street, line3=complement, postcode=postcode, city=city, country=country)
    if verdict == "estate" and (not name.strip() or not street.strip() or given.lacking()):
        say_no("say who settles the estate, and the whole address: --name, --street, --postcode, --city")
    who, why = decider(by, reason)
    decision = BereavementDecision(verdict=verdict, by=who, reason=why, address=given if verdict == "estate" else None)
    with opened_store() as (store, _), store.writing() as session:
        found = account_of_number(session, find_issuer(session, slug).id, number)
        if found is None:
            say_no("{slug} has no account {number!r}", slug=slug, number=number)
        letters = decide_bereavement(session, found.id, decision, business_now(session, now()))
        if letters is None:
            say_no("{slug} does not say that the customer of account {number!r} has died", slug=slug, number=number)
    print_line(said(_BEREAVED[verdict], n=letters))


account.add_command(account_heir)
account.add_command(account_heir_end)

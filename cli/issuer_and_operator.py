"""`facteur issuer` and `facteur operator`: adds issuers and operators, lets an issuer leave."""

from pathlib import Path

import click

from cli.acting_person import acting
from cli.command_language import number, said
from cli.issuer_keys import VERBS as KEY_VERBS
from cli.issuer_profile import issuer_profile
from cli.issuer_team import invitation, invitation_language, issuer_member, staff_role
from cli.issuer_test_side import issuer_test, issuer_test_reset
from cli.open_store import WHO, find_issuer, now, opened_store
from cli.output import as_json, decider, out, print_json, refusing, tell
from cli.text_table import print_table
from cli.translated_help import group, option
from issuers import registry
from issuers.closing import close_issuer, reopen_issuer
from issuers.suspension import resume_issuer, suspend_issuer
from render.compiled_template import compile_template
from staff.invitations import add_operator
from staff.list_and_remove_members import remove_operator, team
from store.imports.awaited_issuer import LEAST_PEOPLE, awaited_issuers
from store.staff_member import StaffRole


@group()
def operator() -> None:
    """Who runs the service."""


@operator.command("add")
@click.argument("email")
@invitation_language
@staff_role
@acting
def operator_add(email: str, language: str | None, role: StaffRole, by: str) -> None:
    """Invite an operator; prints the link that sets the password."""
    with opened_store() as (store, settings):
        with refusing(), store.writing() as session:
            staff = add_operator(session, email, now(), language or "", role=role, by=by)
            session.flush()
        store.wake_up.send()
        click.echo(invitation(staff, store, settings))


@operator.command("remove")
@click.argument("email")
@acting
def operator_remove(email: str, by: str) -> None:
    """Somebody runs the service no longer: their sessions end at once."""
    with refusing(), opened_store() as (store, _), store.writing() as session:
        removed = remove_operator(session, email, by, now())
        left = len(team(session, None))
    tell("{email} is no operator any more", email=removed.email)
    if not left:
        tell("nobody is left who runs the service: facteur operator add EMAIL")


@group()
def issuer() -> None:
    """Who issues bills."""


@issuer.command("awaited")
@as_json
def issuer_awaited(in_json: bool) -> None:
    """Issuers that are not on board and of which people bring in bills themselves."""
    with opened_store() as (store, _), store.reading() as session:
        awaited = awaited_issuers(session)
    if in_json:
        for each in awaited.issuers:
            print_json(each._asdict())
        return
    rows = [[each.name or "-", each.legal_id or "-", number(each.people)] for each in awaited.issuers]
    print_table(out, [said("issuer"), said("SIREN"), said("people")], rows, right=[2])
    if awaited.has_others:
        tell("fewer than {count} people wait for each of some others", count=LEAST_PEOPLE)


@issuer.command("add")
@click.argument("slug")
@option("--name", required=True, help="As people know the issuer.")
@option("--profile", "profile_file", type=click.Path(path_type=Path, dir_okay=False), help="A TOML file.")
@acting
def issuer_add(slug: str, name: str, profile_file: Path | None, by: str) -> None:
    """Add an issuer; one that is there takes the new name and profile."""
    with refusing():
        text, logo = registry.read_profile_file(profile_file) if profile_file else ("", None)
        with opened_store() as (store, _), store.writing() as session:
            added = registry.add_issuer(session, slug, name, now(), profile_text=text, logo=logo, by=by)
            compile_template(registry.brand_of_issuer(added))
    tell("issuer {slug}: {name}", slug=slug, name=name)


@issuer.command("close")
@click.argument("slug")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def issuer_close(slug: str, by: str, reason: str) -> None:
    """An issuer leaves: its keys end, no feed is taken, and its customers keep their bills."""
    who, why = decider(by, reason)
    with refusing(), opened_store() as (store, _), store.writing() as session:
        is_new = close_issuer(session, find_issuer(session, slug).id, who, why, now())
    tell("issuer {slug} has left" if is_new else "issuer {slug} had left already", slug=slug)


@issuer.command("reopen")
@click.argument("slug")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def issuer_reopen(slug: str, by: str, reason: str) -> None:
    """An issuer who had left comes back: it needs a new key."""
    who, why = decider(by, reason)
    with refusing(), opened_store() as (store, _), store.writing() as session:
        is_new = reopen_issuer(session, find_issuer(session, slug).id, who, why, now())
    tell("issuer {slug} is back" if is_new else "issuer {slug} had not left", slug=slug)


@issuer.command("suspend")
@click.argument("slug")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def issuer_suspend(slug: str, by: str, reason: str) -> None:
    """An issuer's feeds are taken and wait, until it is resumed."""
    who, why = decider(by, reason)
    with refusing(), opened_store() as (store, _), store.writing() as session:
        is_new = suspend_issuer(session, find_issuer(session, slug).id, who, why, now())
    tell("issuer {slug} is suspended" if is_new else "issuer {slug} was suspended already, or has left", slug=slug)


@issuer.command("resume")
@click.argument("slug")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def issuer_resume(slug: str, by: str, reason: str) -> None:
    """A suspended issuer goes on: the feeds that waited are read."""
    who, why = decider(by, reason)
    with opened_store() as (store, _):
        with store.writing() as session:
            is_new = resume_issuer(session, find_issuer(session, slug).id, who, why, now())
        store.wake_up.send()
    tell("issuer {slug} goes on" if is_new else "issuer {slug} was not suspended", slug=slug)


for verb in (*KEY_VERBS, issuer_member, issuer_profile, issuer_test, issuer_test_reset):
    issuer.add_command(verb)

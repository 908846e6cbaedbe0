"""`facteur issuer member`: who works for an issuer, and what each may do."""

from datetime import date
from typing import Final

import click

from cli.acting_person import acting
from cli.command_language import said
from cli.open_store import find_issuer, now, opened_store
from cli.output import as_json, out, print_json, refusing, tell
from cli.text_table import print_table
from cli.translated_help import group, option
from config import Config
from staff.invitations import add_member
from staff.list_and_remove_members import member_of, remove_member, team
from staff.required_second_factor import require_second_factor
from staff.roles import change_role
from store import Store
from store.accounts.one_time_email_link import invitation_link
from store.sign_in.team_sign_ins import staff_last_seen, staff_with_second_factor
from store.staff_member import ROLES, Staff, StaffRole
from words.catalogue import LANGUAGES, M_

_ROLES: Final = {"reader": M_("reader"), "editor": M_("editor"), "admin": M_("admin")}


#: In which language somebody is written to.
invitation_language = option(
    "--language", type=click.Choice(LANGUAGES), help="Of the invitation; both, if none is given."
)
#: What somebody may do.
staff_role = option("--role", type=click.Choice(ROLES), default="admin", help="What they may do.")


def invitation(staff: Staff, store: Store, settings: Config) -> str:
    """Return the link with which a staff member sets a password, once."""
    return f"{settings.public_url}/equipe/invitation/{invitation_link(store.keys, staff)}"


@group("member")
def issuer_member() -> None:
    """Who works for an issuer."""


@issuer_member.command("add")
@click.argument("slug")
@click.argument("email")
@invitation_language
@staff_role
@acting
def issuer_member_add(slug: str, email: str, language: str | None, role: StaffRole, by: str) -> None:
    """Invite a member of an issuer's team; prints the link that sets the password."""
    with opened_store() as (store, settings):
        with refusing(), store.writing() as session:
            found = find_issuer(session, slug)
            staff = add_member(session, found.slug, email, now(), language or "", role=role, by=by)
            session.flush()
        store.wake_up.send()
        click.echo(invitation(staff, store, settings))


@issuer_member.command("remove")
@click.argument("slug")
@click.argument("email")
@acting
def issuer_member_remove(slug: str, email: str, by: str) -> None:
    """Somebody works for an issuer no longer: their sessions end at once."""
    with refusing(), opened_store() as (store, _), store.writing() as session:
        removed = remove_member(session, find_issuer(session, slug).slug, email, by, now())
    tell("{email} is no member of {slug} any more", email=removed.email, slug=slug)


@issuer_member.command("role")
@click.argument("slug")
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@acting
def issuer_member_role(slug: str, email: str, role: StaffRole, by: str) -> None:
    """Change what a member may do, from their next request on."""
    with refusing(), opened_store() as (store, _), store.writing() as session:
        staff = member_of(session, find_issuer(session, slug).slug, email)
        change_role(session, staff, role, by, now(), is_overseen=True)
    tell("{email} is {role} of {slug}", email=staff.email, role=said(_ROLES[role]), slug=slug)


@issuer_member.command("list")
@click.argument("slug")
@as_json
def issuer_member_list(slug: str, in_json: bool) -> None:
    """The members of an issuer's team, with role, second factor and last visit."""
    with opened_store() as (store, _), store.reading() as session:
        people = team(session, find_issuer(session, slug).id)
        ids = [each.id for each in people]
        secured, seen = staff_with_second_factor(session, ids), staff_last_seen(session, ids)
    if in_json:
        for each in people:
            print_json({
                "email": each.email, "role": each.role, "second_factor": each.id in secured,
                "last_seen_on": seen[each.id].isoformat() if each.id in seen else None,
                "is_invited": each.password_hash is None, "is_elsewhere": each.is_elsewhere,
            })  # fmt: skip
        return
    headings = [said("member"), said("role"), said("second factor"), said("last seen")]
    cells = [
        [
            each.email, said(_ROLES[each.role]), said("yes") if each.id in secured else said("no"),
            _seen(each, seen.get(each.id)),
        ]
        for each in people
    ]  # fmt: skip
    print_table(out, headings, cells)


def _seen(member: Staff, last: date | None) -> str:
    """When a member was last here, or why they never will be."""
    if member.is_elsewhere:
        return said("the invitation leads nowhere: the address is of another team")
    return last.isoformat() if last else ""


@issuer_member.command("second-factor")
@click.argument("slug")
@click.argument("whether", type=click.Choice(["required", "optional"]))
@acting
def issuer_member_second_factor(slug: str, whether: str, by: str) -> None:
    """Say whether each member must have a second factor to sign in."""
    with opened_store() as (store, _), store.writing() as session:
        found, is_required = find_issuer(session, slug), whether == "required"
        require_second_factor(session, found.id, by, now(), is_required=is_required)
    if is_required:
        tell("each member of {slug} must have a second factor", slug=slug)
    else:
        tell("members of {slug} may sign in by their password alone", slug=slug)

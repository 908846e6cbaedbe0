"""`facteur issuer` and `facteur operator`: adds issuers, API keys, SFTP access, members and operators."""

from pathlib import Path

import click

from cli.command_language import number, said
from cli.issuer_profile import issuer_profile
from cli.open_store import WHO, find_issuer, now, opened_store
from cli.output import as_json, decider, out, print_json, refusing, tell
from cli.text_table import print_table
from cli.translated_help import group, option
from config import Config
from doors.sftp.sftp_credentials import add_sftp_key, set_sftp_password
from issuers import registry
from issuers.closing import close_issuer, reopen_issuer
from render.compiled_template import compile_template
from staff.invitations import add_member, add_operator
from staff.list_and_remove_members import remove_member, remove_operator, team
from store import Store
from store.accounts.one_time_email_link import invitation_link
from store.imports.awaited_issuer import LEAST_PEOPLE, awaited_issuers
from store.issuer_keys.issuer_key import new_key, revoke_keys
from store.staff_member import Staff
from words.catalogue import LANGUAGES


@group()
def operator() -> None:
    """Who runs the service."""


#: In which language somebody is written to.
_language = option("--language", type=click.Choice(LANGUAGES), help="Of the invitation; both, if none is given.")


@operator.command("add")
@click.argument("email")
@_language
def operator_add(email: str, language: str | None) -> None:
    """Invite an operator; prints the link that sets the password."""
    with opened_store() as (store, settings):
        with refusing(), store.writing() as session:
            staff = add_operator(session, email, now(), language or "")
            session.flush()
        store.wake_up.send()
        click.echo(invitation(staff, store, settings))


@operator.command("remove")
@click.argument("email")
def operator_remove(email: str) -> None:
    """Somebody runs the service no longer: their sessions end at once."""
    with refusing(), opened_store() as (store, _), store.writing() as session:
        removed = remove_operator(session, email, "cli", now())
        left = len(team(session, None))
    tell("{email} is no operator any more", email=removed.email)
    if not left:
        tell("nobody is left who runs the service: facteur operator add EMAIL")


def invitation(staff: Staff, store: Store, settings: Config) -> str:
    """Return the link with which a staff member sets a password, once."""
    return f"{settings.public_url}/equipe/invitation/{invitation_link(store.keys, staff)}"


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
def issuer_add(slug: str, name: str, profile_file: Path | None) -> None:
    """Add an issuer; one that is there takes the new name and profile."""
    with refusing():
        text, logo = registry.read_profile_file(profile_file) if profile_file else ("", None)
        with opened_store() as (store, _), store.writing() as session:
            added = registry.add_issuer(session, slug, name, now(), profile_text=text, logo=logo)
            compile_template(registry.brand_of_issuer(added))
    tell("issuer {slug}: {name}", slug=slug, name=name)


issuer.add_command(issuer_profile)


@issuer.command("key")
@click.argument("slug")
@option("--revoke", is_flag=True, help="Close the issuer's other keys.")
def issuer_key(slug: str, revoke: bool) -> None:
    """A new API key, shown once."""
    with opened_store() as (store, _), store.writing() as session:
        found = find_issuer(session, slug)
        if revoke:
            tell("{n} key is revoked|{n} keys are revoked", n=revoke_keys(session, found, now()))
        click.echo(new_key(session, found, now()))


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


@issuer.group("member")
def issuer_member() -> None:
    """Who works for an issuer."""


@issuer_member.command("add")
@click.argument("slug")
@click.argument("email")
@_language
def issuer_member_add(slug: str, email: str, language: str | None) -> None:
    """Invite a member of an issuer's team; prints the link that sets the password."""
    with opened_store() as (store, settings):
        with refusing(), store.writing() as session:
            staff = add_member(session, find_issuer(session, slug).slug, email, now(), language or "")
            session.flush()
        store.wake_up.send()
        click.echo(invitation(staff, store, settings))


@issuer_member.command("remove")
@click.argument("slug")
@click.argument("email")
def issuer_member_remove(slug: str, email: str) -> None:
    """Somebody works for an issuer no longer: their sessions end at once."""
    with refusing(), opened_store() as (store, _), store.writing() as session:
        removed = remove_member(session, find_issuer(session, slug).slug, email, "cli", now())
    tell("{email} is no member of {slug} any more", email=removed.email, slug=slug)


@issuer.command("sftp")
@click.argument("slug")
@option("--key", "key_file", type=click.Path(path_type=Path, dir_okay=False), help="An OpenSSH public key.")
def issuer_sftp(slug: str, key_file: Path | None) -> None:
    """Let an issuer enter the SFTP drop, by its public key or by a new password, shown once."""
    with refusing(), opened_store() as (store, _), store.writing() as session:
        found = find_issuer(session, slug)
        if key_file is not None:
            add_sftp_key(session, found, key_file.read_text(encoding="utf-8"), now())
            tell("issuer {slug} enters with {file}", slug=slug, file=key_file.name)
        else:
            click.echo(set_sftp_password(session, found, now()))

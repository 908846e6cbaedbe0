"""`facteur issuer key | keys | rotate | revoke | sftp`: what an issuer's programs sign in with."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from cli.acting_person import acting
from cli.command_language import moment, said
from cli.open_store import ROW_NUMBER, find_issuer, now, opened_store
from cli.output import as_json, out, print_json, refusing, say_no, tell
from cli.text_table import print_table
from cli.translated_help import command, option
from doors.sftp.sftp_credentials import add_sftp_key, set_sftp_password
from store.issuer import Issuer
from store.issuer_keys.issuer_key import (
    LONGEST_NAME,
    LONGEST_OVERLAP,
    OVERLAP,
    IssuerKey,
    keys_of,
    new_key,
    revoke_key,
    revoke_keys,
    rotate_key,
)
from store.issuer_keys.key_scope import SCOPES, Scope
from store.issuer_keys.sftp_credential import SFTPKey, revoke_sftp_key, sftp_keys_of

_HOUR: Final = timedelta(hours=1)


class _Name(click.ParamType[str]):
    """A key's name: one line."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = " ".join(str(value).split())
        if len(text) > LONGEST_NAME or not text.isprintable():
            self.fail(said("a name is one line of at most {most} characters", most=LONGEST_NAME), param, ctx)
        return text


@command("key")
@click.argument("slug")
@option("--name", type=_Name(), default="", help="What the key is for.")
@option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="What it may do; without any: everything.")
@option("--revoke", is_flag=True, help="Close the issuer's other keys.")
@acting
def issuer_key(slug: str, name: str, scopes: tuple[Scope, ...], revoke: bool, by: str) -> None:
    """A new API key, shown once."""
    with opened_store() as (store, _), store.writing() as session:
        found = find_issuer(session, slug)
        if revoke:
            tell("{n} key is revoked|{n} keys are revoked", n=revoke_keys(session, found, now(), by))
        click.echo(new_key(session, found, now(), name=name, scopes=scopes or SCOPES, by=by))


@command("keys")
@click.argument("slug")
@as_json
def issuer_keys(slug: str, in_json: bool) -> None:
    """The API keys of an issuer, with what each may do and when it was last used."""
    with opened_store() as (store, settings), store.reading() as session:
        rows = keys_of(session, find_issuer(session, slug).id)
    if in_json:
        for row in rows:
            print_json(_key_report(row))
        return
    zone, at = settings.time_zone, now()
    headings = [
        said("key"), said("name"), said("ends with"), said("scopes"), said("made"), said("last used"), said("state"),
    ]  # fmt: skip
    cells = [
        [
            str(row.id), row.name, row.tail, row.scopes.replace(" ", ", "), moment(row.made_at, zone),
            moment(row.last_used_at, zone) if row.last_used_at else "", _state(row, zone, is_live=row.is_live(at)),
        ]
        for row in rows
    ]  # fmt: skip
    print_table(out, headings, cells)


def _key_report(row: IssuerKey) -> dict[str, Any]:
    return {
        "key": row.id, "name": row.name, "tail": row.tail, "scopes": row.scopes.split(),
        "made_at": row.made_at.isoformat(),
        **{name: at.isoformat() if at else None for name, at in (
            ("last_used_at", row.last_used_at), ("expires_at", row.expires_at), ("revoked_at", row.revoked_at),
        )},
    }  # fmt: skip


def _state(row: IssuerKey, zone: str, *, is_live: bool) -> str:
    """Return whether a key opens anything, and until when."""
    if row.revoked_at is not None:
        return said("revoked")
    if row.expires_at is None:
        return said("in use")
    when = moment(row.expires_at, zone)
    return said("ends {when}", when=when) if is_live else said("ended {when}", when=when)


@command("rotate")
@click.argument("slug")
@click.argument("key_id", type=ROW_NUMBER, metavar="KEY")
@option(
    "--overlap", type=click.IntRange(0, LONGEST_OVERLAP // _HOUR), default=OVERLAP // _HOUR,
    help="So many hours the key before goes on.",
)  # fmt: skip
@acting
def issuer_rotate(slug: str, key_id: int, overlap: int, by: str) -> None:
    """A new API key in the place of another, shown once; the one before goes on for a day."""
    with opened_store() as (store, _), store.writing() as session:
        found = find_issuer(session, slug)
        _check_key(session, found, key_id)
        if (key := rotate_key(session, found, key_id, now(), by, overlap=overlap * _HOUR)) is None:
            say_no("the key has ended, or was rotated already")
        click.echo(key)


@command("revoke")
@click.argument("slug")
@click.argument("key_id", type=ROW_NUMBER, metavar="KEY")
@acting
def issuer_revoke(slug: str, key_id: int, by: str) -> None:
    """An API key ends at once."""
    with opened_store() as (store, _), store.writing() as session:
        found = find_issuer(session, slug)
        _check_key(session, found, key_id)
        is_new = revoke_key(session, found.id, key_id, now(), by)
    tell("key {key} is revoked" if is_new else "key {key} had ended already", key=key_id)


def _check_key(session: Session, found: Issuer, key_id: int) -> None:
    """Refuse a number that is no key of this issuer's."""
    if key_id not in {row.id for row in keys_of(session, found.id)}:
        say_no("issuer {slug} has no key {key}: see facteur issuer keys {slug}", slug=found.slug, key=key_id)


@command("sftp")
@click.argument("slug")
@option("--key", "key_file", type=click.Path(path_type=Path, dir_okay=False), help="An OpenSSH public key.")
@option("--name", type=_Name(), default="", help="Whose it is.")
@option("--list", "listed", is_flag=True, help="Show keys and passwords instead, with when each was last used.")
@option("--revoke", "ended", type=ROW_NUMBER, metavar="KEY", help="End one of them instead.")
@as_json
@acting
def issuer_sftp(
    slug: str, key_file: Path | None, name: str, listed: bool, ended: int | None, in_json: bool, by: str
) -> None:  # fmt: skip
    """Let an issuer enter the SFTP drop, by its public key or by a new password, shown once."""
    if sum([key_file is not None, listed, ended is not None]) > 1:
        raise click.UsageError(said("say one of --key, --list, --revoke"))
    with refusing(), opened_store() as (store, settings), store.writing() as session:
        found = find_issuer(session, slug)
        if listed:
            _list_sftp_keys(sftp_keys_of(session, found.id), settings.time_zone, in_json=in_json)
        elif ended is not None:
            if not revoke_sftp_key(session, found.id, ended, now(), by):
                say_no("issuer {slug} has no SFTP key {key} in use", slug=slug, key=ended)
            tell("SFTP key {key} is revoked", key=ended)
        elif key_file is not None:
            add_sftp_key(session, found, key_file.read_text(encoding="utf-8"), now(), name=name, by=by)
            tell("issuer {slug} enters with {file}", slug=slug, file=key_file.name)
        else:
            click.echo(set_sftp_password(session, found, now(), name=name, by=by))


def _list_sftp_keys(rows: list[SFTPKey], zone: str, *, in_json: bool) -> None:
    if in_json:
        for row in rows:
            print_json({
                "key": row.id, "kind": row.kind, "name": row.name, "made_at": row.made_at.isoformat(),
                "last_used_at": row.last_used_at.isoformat() if row.last_used_at else None,
                "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
            })  # fmt: skip
        return
    headings = [said("key"), said("kind"), said("name"), said("made"), said("last used"), said("state")]
    cells = [
        [
            str(row.id), said("public key") if row.kind == "key" else said("password"), row.name,
            moment(row.made_at, zone), moment(row.last_used_at, zone) if row.last_used_at else "",
            said("revoked") if row.revoked_at else said("in use"),
        ]
        for row in rows
    ]  # fmt: skip
    print_table(out, headings, cells)


#: Verbs of `facteur issuer`.
VERBS: Final = (issuer_key, issuer_keys, issuer_rotate, issuer_revoke, issuer_sftp)

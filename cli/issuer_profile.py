"""`facteur issuer profile`: an issuer's profile as TOML, its earlier versions, and their return."""

from pathlib import Path
from typing import Final

import click

from cli.command_language import moment, number, said
from cli.open_store import LARGEST_ROW_NUMBER, WHO, find_issuer, now, opened_store
from cli.output import as_json, decider, out, print_json, print_line, refusing, tell
from cli.text_table import print_table
from cli.translated_help import command, option
from issuers.profile import read_profile
from issuers.save_profile import profile_version, restore_profile
from store.issuer import Issuer
from store.issuer_profiles.profile_version import ProfileVersion, versions_of

#: How many versions a list shows.
_LISTED: Final = 1000
_NUMBER: Final = click.IntRange(1, LARGEST_ROW_NUMBER)


@command("profile")
@click.argument("slug")
@option("--version", "wanted", type=_NUMBER, help="An earlier version; the present one, if none is given.")
@option("--list", "listed", is_flag=True, help="All versions: who gave them, when and why.")
@option("--restore", type=_NUMBER, help="Make an earlier version the present one; it needs --by and --reason.")
@option("--by", type=WHO, help="Who decides.")
@option("--reason", help="Why.")
@option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write into this file.")
@as_json
def issuer_profile(
    slug: str, wanted: int | None, listed: bool, restore: int | None, by: str | None, reason: str | None,
    output: Path | None, in_json: bool,
) -> None:  # fmt: skip
    """Print an issuer's profile, the TOML that `facteur issuer add --profile` reads."""
    if sum((wanted is not None, listed, restore is not None)) > 1:
        raise click.UsageError(said("give one of --version, --list and --restore"))
    if restore is not None:
        if by is None or reason is None:
            raise click.UsageError(said("--restore needs --by and --reason"))
        _restore(slug, restore, *decider(by, reason))
        return
    with refusing(), opened_store() as (store, settings), store.reading() as session:
        issuer = find_issuer(session, slug)
        if listed:
            _list(issuer, versions_of(session, issuer.id, _LISTED), in_json, settings.time_zone)
            return
        text = issuer.profile if wanted is None else profile_version(session, issuer, wanted).text
        if output is None:
            click.echo(text.encode(), nl=not text.endswith("\n"))  # UTF-8, as TOML is
            return
        _write(issuer, text, output)


def _restore(slug: str, earlier: int, by: str, reason: str) -> None:
    with refusing(), opened_store() as (store, _), store.writing() as session:
        issuer = find_issuer(session, slug)
        saved = restore_profile(session, issuer, earlier, by, reason, now(), base=issuer.profile_version)
    if saved is None:
        tell("the profile of {slug} has this text already", slug=slug)
    else:
        tell("version {version} of the profile of {slug} is version {earlier} again", slug=slug, version=saved.number,
             earlier=earlier)  # fmt: skip


def _list(issuer: Issuer, versions: list[ProfileVersion], in_json: bool, time_zone: str) -> None:
    if in_json:
        for each in versions:
            print_json({
                "issuer": issuer.slug, "version": each.number, "at": each.at, "by": each.by, "reason": each.why,
                "restored_from": each.restored_from, "is_present": each.number == issuer.profile_version,
            })  # fmt: skip
        return
    rows = [[number(each.number), moment(each.at, time_zone), each.by, _why(each)] for each in versions]
    print_table(out, [said("version"), said("when"), said("by"), said("why")], rows, right=[0])


def _why(version: ProfileVersion) -> str:
    again = said("as version {version}", version=version.restored_from) if version.restored_from else ""
    return ": ".join(filter(None, (again, version.why)))


def _write(issuer: Issuer, text: str, output: Path) -> None:
    """Write the profile, and beside it the logo that it names, where no file of that name lies there."""
    output.write_text(text, encoding="utf-8")
    print_line(str(output))
    name = read_profile(text).brand.logo
    if not name or issuer.logo is None or Path(name).name != name:
        return
    logo = output.parent / name
    if not logo.exists():
        logo.write_bytes(issuer.logo)
        print_line(str(logo))

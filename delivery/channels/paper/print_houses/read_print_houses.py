"""Reads the print houses from FACTEUR_PRINT_HOUSE: one TOML file with one house or several, or a folder of files with
one house each.

[houses.nord]                       # in a folder: nord.toml, without these brackets
country = "FR"                      # and the other equipment (`delivery.channels.paper.print_house_profile`)
cut_off = "16:00"
postcode = "67000"
outbox = "/srv/print/nord"

[houses.nord.takes]
countries = ["DE", "AT"]
issuers = ["lumiere"]

[houses.nord.sftp]
url = "sftp://facteur@print.example:2022/lots"
host_keys = ["ssh-ed25519 AAAA…"]
key_file = "print_key"
"""

import re
import tomllib
from datetime import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from bill import is_country
from delivery.calendar.postal_calendar import CUT_OFF, Calendar, calendar_of
from delivery.channels.paper.print_house_profile import PrintHouse, PrintHouseError, check_print_house
from delivery.channels.paper.print_houses.configured_houses import (
    MAIN,
    ConfiguredHouse,
    PrintHouses,
    SftpAccess,
    hour_of,
)
from delivery.channels.paper.print_houses.letter_rule import LetterRule

_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_PORT: Final = 22


class _Sftp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: str
    host_keys: tuple[str, ...]
    key_file: str


class _Entry(PrintHouse, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A house as its file has it: its equipment, and what else is said of it."""

    slug: str = ""
    cut_off: str | None = None
    time_zone: str | None = None
    postcode: str | None = None
    outbox: str | None = None
    takes: LetterRule | None = None
    sftp: _Sftp | None = None


class _Source(msgspec.Struct, frozen=True):
    """Where a house stands: its file, and where in it, for messages; the slug that the place gives it."""

    path: Path
    place: str
    slug: str


def read_print_houses(path: Path | None, home: Path, time_zone: str, postcode: str) -> PrintHouses:
    """Return the houses of a file or a folder; None is one house with the default equipment.

    *home* is FACTEUR_HOME; *time_zone* and *postcode* hold where a house names none, the postcode for the default house
    alone. Raises PrintHouseError, whose message names the file, the key and the remedy.
    """
    entries = [(_Source(home, "", MAIN), _Entry())] if path is None else _entries(path)
    houses = PrintHouses(tuple(_house(source, entry, home, time_zone, postcode) for source, entry in entries))
    _check_together(path or home, houses)
    return houses


def _entries(path: Path) -> list[tuple[_Source, _Entry]]:
    if path.is_dir():
        files = sorted(path.glob("*.toml"))
        if not files:
            raise PrintHouseError("{path}: no file *.toml in this folder: give one for each print house", path=path)
        return [(source, _entry(source, _read(file))) for file in files for source in [_Source(file, "", file.stem)]]
    content = _read(path)
    if "houses" not in content:
        source = _Source(path, "", MAIN)
        return [(source, _entry(source, content))]
    tables = content.pop("houses")
    if content:
        raise PrintHouseError(
            "{path}: {keys} stands outside of [houses.…]: give each house its own", path=path, keys=", ".join(content)
        )
    if not isinstance(tables, dict) or not tables:
        raise PrintHouseError("{path}: houses: give a table for each, such as [houses.nord]", path=path)
    sources = [(_Source(path, f"houses.{slug}.", slug), table) for slug, table in tables.items()]
    return [(source, _entry(source, table)) for source, table in sources]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PrintHouseError("{path}: {reason}", path=path, reason=error) from error


def _entry(source: _Source, table: object) -> _Entry:
    if isinstance(table, dict) and isinstance(table.get("cut_off"), time):
        table = table | {"cut_off": f"{table['cut_off']:%H:%M}"}
    try:
        return msgspec.convert(table, _Entry)
    except msgspec.ValidationError as error:
        raise PrintHouseError("{path}: {reason}", path=source.path, reason=f"{source.place}{error}") from error


def _house(source: _Source, entry: _Entry, home: Path, time_zone: str, postcode: str) -> ConfiguredHouse:
    slug = entry.slug or source.slug
    if not _SLUG.fullmatch(slug):
        why = PrintHouseError("{value!r} is no name of a house: use a-z, 0-9 and -", value=slug)
        raise _at(source, "slug", why)
    check_print_house(source.path, entry)
    equipment = PrintHouse(**{name: getattr(entry, name) for name in PrintHouse.__struct_fields__})
    default_postcode = postcode if entry.takes is None else ""
    return ConfiguredHouse(
        slug=slug, equipment=equipment, calendar=_calendar(source, entry, time_zone, default_postcode),
        outbox=_outbox(source, entry, slug, home), takes=_rule(source, entry.takes), sftp=_sftp(source, entry.sftp),
    )  # fmt: skip


def _outbox(source: _Source, entry: _Entry, slug: str, home: Path) -> Path:
    if entry.outbox is not None:
        return source.path.parent / entry.outbox
    return home / ("outbox" if slug == MAIN else f"outbox-{slug}")


def _calendar(source: _Source, entry: _Entry, time_zone: str, postcode: str) -> Calendar:
    if entry.postcode is not None:
        postcode = entry.postcode
        if not re.fullmatch("[0-9]{5}", postcode):
            why = PrintHouseError("{value!r} is no French postcode: give five digits", value=postcode)
            raise _at(source, "postcode", why)
    zone = entry.time_zone or time_zone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        why = PrintHouseError("{value!r} is no time zone, such as Europe/Paris", value=zone)
        raise _at(source, "time_zone", why) from None
    try:
        cut_off = CUT_OFF if entry.cut_off is None else hour_of(entry.cut_off)
    except ValueError:
        why = PrintHouseError("{value!r} is no hour, such as 17:30", value=entry.cut_off)
        raise _at(source, "cut_off", why) from None
    return msgspec.structs.replace(calendar_of(zone, postcode), cut_off=cut_off)


def _rule(source: _Source, rule: LetterRule | None) -> LetterRule | None:
    if rule is None:
        return None
    if rule == LetterRule():
        why = PrintHouseError(
            "it names no letters: give countries, issuers or arms, or leave takes out for the one house that takes all "
            "others"
        )
        raise _at(source, "takes", why)
    for country in rule.countries:
        if not is_country(country):
            why = PrintHouseError("{value!r} is no code of ISO 3166-1, such as FR", value=country)
            raise _at(source, "takes.countries", why)
    for slug in rule.issuers:
        if not _SLUG.fullmatch(slug):
            raise _at(source, "takes.issuers", PrintHouseError("{value!r} is no slug of an issuer", value=slug))
    return rule


def _sftp(source: _Source, given: _Sftp | None) -> SftpAccess | None:
    if given is None:
        return None
    try:
        url = urlsplit(given.url)
        host, port, user = url.hostname, url.port or _PORT, unquote(url.username or "")
    except ValueError:
        url, host, port, user = urlsplit(""), None, _PORT, ""
    if url.scheme != "sftp" or not host or not user or url.password or url.query or url.fragment:
        why = PrintHouseError("{value!r}: give sftp://user@host/folder, without a password", value=given.url)
        raise _at(source, "sftp.url", why)
    if not given.host_keys:
        why = PrintHouseError("name at least one: the server must prove that it is the print house's")
        raise _at(source, "sftp.host_keys", why)
    for line in given.host_keys:
        _check_host_key(source, line)
    return SftpAccess(
        host=host, port=port, user=user, folder=unquote(url.path) or "/", host_keys=given.host_keys,
        key_file=source.path.parent / given.key_file,
    )  # fmt: skip


def _check_host_key(source: _Source, line: str) -> None:
    import asyncssh  # takes 0.2 s to load, and few houses need it

    try:
        asyncssh.import_public_key(line)
    except (asyncssh.KeyImportError, ValueError) as error:
        why = PrintHouseError(
            "{value!r} is no public key: give the line that ssh-keyscan prints, without the host's name",
            value=line[:60],
        )
        raise _at(source, "sftp.host_keys", why) from error


def _check_together(path: Path, houses: PrintHouses) -> None:
    """Check that slugs and outboxes differ, that exactly one house is the default, and that every other gets
    letters."""
    if len(set(houses.slugs)) < len(houses.slugs):
        raise PrintHouseError("{path}: two print houses have one slug", path=path)
    if len({house.outbox.absolute() for house in houses.houses}) < len(houses.houses):
        raise PrintHouseError("{path}: two print houses have one outbox", path=path)
    defaults = [house.slug for house in houses.houses if house.takes is None]
    if not defaults:
        raise PrintHouseError(
            "{path}: every print house has takes: leave it out for the one that takes all other letters", path=path
        )
    if len(defaults) > 1:
        raise PrintHouseError(
            "{path}: {slugs}: only one print house may be without takes, the one that takes all other letters",
            path=path, slugs=", ".join(defaults),
        )  # fmt: skip
    with_rules = [(house.slug, house.takes) for house in houses.houses if house.takes is not None]
    for n, (slug, rule) in enumerate(with_rules):
        for earlier, taken in with_rules[:n]:
            if taken.takes_all_of(rule):
                raise PrintHouseError(
                    "{path}: {slug} gets no letter: {earlier} stands before it and takes them all", path=path,
                    slug=slug, earlier=earlier,
                )  # fmt: skip


def _at(source: _Source, key: str, why: PrintHouseError) -> PrintHouseError:
    """Return the error with the file and the key that it is about."""
    return PrintHouseError("{path}: {key}: {reason}", path=source.path, key=f"{source.place}{key}", reason=why)

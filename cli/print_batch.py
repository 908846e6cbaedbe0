"""`facteur print`: lists print batches, closes the open one, prints letters again, extracts mail pieces."""

from pathlib import Path
from typing import Final

import click
from sqlalchemy.orm import Session

from cli.open_pipeline import open_pipeline
from cli.open_store import ROW_NUMBER, WHO, now, opened_store
from cli.output import as_json, counted, english, err, out, print_json, say_no
from config import Config
from delivery import count_held, held_letters
from delivery.channels.paper.print_manifest import PrintManifest
from delivery.channels.paper.print_outbox import manifest_named
from delivery.channels.paper.reprint import NoSuchSet, print_sets_again, sets_of
from render.print.extract_and_join_pages import extract_pages
from store.issuer import all_issuers
from store.print_batch import PrintBatch, batches

#: So many held letters are named.
MOST_NAMED: Final = 50


@click.group("print")
def print_verb() -> None:
    """Print batches."""


@print_verb.command("list")
@as_json
def print_list(in_json: bool) -> None:
    """The latest print batches."""
    with opened_store() as (store, _), store.reading() as session:
        rows = batches(session)
    lines = [
        {"batch": row.id, "state": row.state, "letters": row.letters, "sheets": row.sheets, "name": row.name,
         "cut_off_at": row.cut_off_at, "handed_over_at": row.handed_over_at, "manifest_sha256": row.manifest_sha256}
        for row in rows
    ]  # fmt: skip
    for line in lines:
        values = ("-" if value is None else str(value) for value in line.values())
        print_json(line) if in_json else out.print("  ".join(values), markup=False)


@print_verb.command("close")
@as_json
def print_close(in_json: bool) -> None:
    """Close the open batch before its cut-off, and hand it over. Says which letters are held for a person."""
    with open_pipeline() as pipeline:
        handed = pipeline.close_batch(now())
        with pipeline.store.reading() as session:
            rows = batches(session, handed) if handed else []
            held, names = count_held(session), _held_letters(session)
    for row in rows:
        manifest = f"{row.name}.json" if row.name else None
        line = {
            "batch": row.id, "letters": row.letters, "sheets": row.sheets, "manifest": manifest, "held": held,
        }  # fmt: skip
        print_json(line) if in_json else out.print(
            f"batch {row.id}: {counted(row.letters, 'letter')}, {counted(row.sheets, 'sheet')}, {manifest or 'no lot'}"
        )
    if not rows:
        err.print("no letter waits to be printed")
        if held and in_json:
            print_json({"batch": None, "letters": 0, "sheets": 0, "manifest": None, "held": held})
    if held:
        err.print(f"{counted(held, 'letter')} held for a person:")
        for name in names:
            err.print(f"  {name}", markup=False)


def _held_letters(session: Session) -> list[str]:
    """The first held letters: issuer, bill and reason."""
    issuers = {issuer.id: issuer.slug for issuer in all_issuers(session)}
    held = held_letters(session, MOST_NAMED)
    return [f"{issuers[each.bill.issuer_id]} {each.bill.number}: {english(each.delivery.reason)}" for each in held]


@print_verb.command("again")
@click.argument("lot", type=ROW_NUMBER)
@click.argument("sets")
@click.option("--by", type=WHO, required=True, help="Who decides.")
@click.option("--reason", required=True)
@as_json
def print_again(lot: int, sets: str, by: str, reason: str, in_json: bool) -> None:
    """Print letters again with the next batch: SETS of LOT, such as 12-14,20. They were lost on their way."""
    with opened_store() as (store, settings), store.writing() as session:
        manifest, wanted = _sets_of(session, settings, lot, sets)
        again = print_sets_again(session, manifest, wanted, by, reason, now())
    if in_json:
        print_json({"batch": lot, "sets": again})
    else:
        out.print(f"{len(again)} of {counted(len(wanted), 'letter')} join the next batch")
    if len(again) < len(wanted):
        say_no("the others were replaced before")


@print_verb.command("sets")
@click.argument("lot", type=ROW_NUMBER)
@click.argument("sets")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def print_sets(lot: int, sets: str, output: Path) -> None:
    """Cut SETS of LOT, such as 12-14,20, out of its files: for a print house whose machine has spoiled them."""
    with opened_store() as (store, settings), store.reading() as session:
        manifest, wanted = _sets_of(session, settings, lot, sets)
    pieces = [manifest.pieces[n - 1] for n in wanted]
    places = [(settings.outbox / manifest.files[each.file - 1].pdf, each.first_page, each.pages) for each in pieces]
    try:
        pages = extract_pages(places, output)
    except FileNotFoundError as error:
        say_no(f"{error.filename} is not in the outbox any more")
    err.print(f"{counted(len(wanted), 'letter')}, {counted(pages, 'page')}: {output}", markup=False)


def _sets_of(session: Session, settings: Config, lot: int, sets: str) -> tuple[PrintManifest, list[int]]:
    batch = session.get(PrintBatch, lot)
    manifest = manifest_named(settings.outbox, batch.name) if batch and batch.name else None
    if manifest is None:
        say_no(f"lot {lot} was not handed over, or its manifest is not in the outbox any more")
    try:
        return manifest, sets_of(sets, manifest)
    except NoSuchSet as error:
        say_no(str(error))

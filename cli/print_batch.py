"""`facteur print`: lists and closes print batches, settles disputes, prints letters again, cuts sets out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from sqlalchemy.orm import Session

from cli.acting_person import acting
from cli.command_language import moment, named, number, reason_words, said
from cli.open_pipeline import open_pipeline
from cli.open_print_houses import open_print_houses
from cli.open_store import ROW_NUMBER, WHO, now, opened_store
from cli.output import as_json, err, out, print_json, print_line, refuse, say_no, tell
from cli.text_table import print_table
from cli.translated_help import group, option
from config import Config
from delivery import count_held, held_letters, settle_dispute, settle_stray_answer
from delivery.channels.paper.print_manifest import PrintManifest
from delivery.channels.paper.print_outbox import manifest_named
from delivery.channels.paper.reprint import NoSuchSet, note_cut_out, places_of_sets, print_sets_again, sets_of
from export.saved_files.extracted_pages import extract_pages
from store.issuer import slugs_by_id
from store.print_batch import PrintBatch, batches
from words import state_terms

#: So many held letters are named.
MOST_NAMED: Final = 50


@group("print")
def print_verb() -> None:
    """Print batches."""


@print_verb.command("list")
@as_json
def print_list(in_json: bool) -> None:
    """The latest print batches."""
    with opened_store() as (store, settings), store.reading() as session:
        rows = batches(session)
    if not in_json:
        _print_batches(rows, settings.time_zone)
        return
    lines = [
        {"batch": row.id, "house": row.house, "state": row.state, "letters": row.letters, "sheets": row.sheets,
         "name": row.name, "cut_off_at": row.cut_off_at, "handed_over_at": row.handed_over_at,
         "manifest_sha256": row.manifest_sha256}
        for row in rows
    ]  # fmt: skip
    for line in lines:
        print_json(line)


def _print_batches(rows: Sequence[PrintBatch], time_zone: str) -> None:
    headings = [
        said("batch"), said("house"), said("state"), said("letters"), said("sheets"), said("name"), said("cut-off"),
        said("handed over"),
    ]  # fmt: skip
    cells = [
        [
            str(row.id), row.house, named(state_terms.BATCH[row.state]), number(row.letters), number(row.sheets),
            row.name or "-",
            *(moment(at, time_zone) if at else "-" for at in (row.cut_off_at, row.handed_over_at)),
        ]
        for row in rows
    ]  # fmt: skip
    print_table(out, headings, cells, right=(3, 4))


@print_verb.command("close")
@acting
@option("--reason", default="", help="Why.")
@as_json
def print_close(by: str, reason: str, in_json: bool) -> None:
    """Close the open batches before their cut-off, and hand them over. Says which letters are held for a person."""
    with open_pipeline() as pipeline:
        handed = pipeline.close_batch(now(), by, reason.strip())
        with pipeline.store.reading() as session:
            rows = batches(session, handed) if handed else []
            held, names = count_held(session), _held_letters(session)
    for row in rows:
        manifest = f"{row.name}.json" if row.name else None
        line = {
            "batch": row.id, "house": row.house, "letters": row.letters, "sheets": row.sheets, "manifest": manifest,
            "held": held,
        }  # fmt: skip
        print_json(line) if in_json else print_line(_closed(row, manifest))
    if not rows:
        tell("no letter waits to be printed")
        if held and in_json:
            print_json({"batch": None, "letters": 0, "sheets": 0, "manifest": None, "held": held})
    if held:
        tell("{n} letter held for a person:|{n} letters held for a person:", n=held)
        for name in names:
            err.print(f"  {name}", markup=False)


def _closed(row: PrintBatch, manifest: str | None) -> str:
    return said(
        "batch {batch}, {house}: {letters}, {sheets}, {manifest}",
        batch=row.id, house=row.house, letters=said("{n} letter|{n} letters", n=row.letters),
        sheets=said("{n} sheet|{n} sheets", n=row.sheets), manifest=manifest or said("no lot"),
    )  # fmt: skip


def _held_letters(session: Session) -> list[str]:
    """The first held letters: issuer, bill and reason."""
    issuers = slugs_by_id(session)
    held = held_letters(session, MOST_NAMED)
    return [f"{issuers[each.bill.issuer_id]} {each.bill.number}: {reason_words(each.delivery.reason)}" for each in held]


@print_verb.command("again")
@click.argument("lot", type=ROW_NUMBER)
@click.argument("sets")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
@as_json
def print_again(lot: int, sets: str, by: str, reason: str, in_json: bool) -> None:
    """Print letters again with the next batch: SETS of LOT, such as 12-14,20. They were lost on their way."""
    with opened_store() as (store, settings), store.writing() as session:
        manifest, _, wanted = _sets_of(session, settings, lot, sets)
        again = print_sets_again(session, manifest, wanted, by, reason, now())
    if in_json:
        print_json({"batch": lot, "sets": again})
    else:
        print_line(
            said(
                "{part} of {n} letter joins the next batch|{part} of {n} letters join the next batch",
                part=len(again), n=len(wanted),
            )
        )  # fmt: skip
    if len(again) < len(wanted):
        say_no("the others were replaced before")


@print_verb.command("sets")
@click.argument("lot", type=ROW_NUMBER)
@click.argument("sets")
@option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to write them.")
@acting
@option("--reason", default="", help="Why.")
def print_sets(lot: int, sets: str, output: Path, by: str, reason: str) -> None:
    """Cut SETS of LOT, such as 12-14,20, out of its files: for a print house whose machine has spoiled them."""
    with opened_store() as (store, settings), store.reading() as session:
        manifest, outbox, wanted = _sets_of(session, settings, lot, sets)
    try:
        pages = extract_pages(places_of_sets(manifest, outbox, wanted), output)
    except FileNotFoundError as error:
        say_no("{file} is not in the outbox any more", file=error.filename)
    with opened_store() as (store, _), store.writing() as session:
        note_cut_out(session, lot, sets, by, reason.strip(), now())
    letters, sheets = said("{n} letter|{n} letters", n=len(wanted)), said("{n} page|{n} pages", n=pages)
    tell("{letters}, {pages}: {file}", letters=letters, pages=sheets, file=output)


@print_verb.command("settle")
@click.argument("lot", type=ROW_NUMBER)
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def print_settle(lot: int, by: str, reason: str) -> None:
    """Settle the dispute about LOT: its letters count as printed, but for those that were printed again."""
    with opened_store() as (store, _), store.writing() as session:
        is_settled = settle_dispute(session, lot, by, reason, now())
    if not is_settled:
        say_no("lot {lot} is not disputed", lot=lot)
    tell("lot {lot} counts as printed", lot=lot)


@print_verb.command("dismiss")
@click.argument("answer", type=ROW_NUMBER)
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def print_dismiss(answer: int, by: str, reason: str) -> None:
    """Put aside ANSWER of a print house, which is about no lot of ours: its number is in facteur check."""
    with opened_store() as (store, _), store.writing() as session:
        is_settled = settle_stray_answer(session, answer, by, reason, now())
    if not is_settled:
        say_no("there is no answer {number} about no lot of ours", number=answer)
    tell("answer {number} is put aside", number=answer)


def _sets_of(session: Session, settings: Config, lot: int, sets: str) -> tuple[PrintManifest, Path, list[int]]:
    """The lot's manifest, the outbox that it lies in, and the sets that are named."""
    batch = session.get(PrintBatch, lot)
    outbox = open_print_houses(settings).outboxes.get(batch.house) if batch else None
    manifest = manifest_named(outbox, batch.name) if batch and batch.name and outbox else None
    if manifest is None or outbox is None:
        say_no("lot {lot} was not handed over, or its manifest is not in the outbox any more", lot=lot)
    try:
        return manifest, outbox, sets_of(sets, manifest)
    except NoSuchSet as error:
        refuse(error)

"""A reason is spelled in the reader's language, whatever its code, and no code is without its sentence."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from bill import Reason
from tests.spelled_reasons import english, french
from words import reason_sentences
from words.reason_sentences import REASONS
from words.reason_text import reason_text

ROOT = Path(__file__).parent.parent.parent
#: Rooms in which reasons are made.
ROOMS = (
    "adoption",
    "audit",
    "cli",
    "consumers",
    "delivery",
    "doors",
    "feeds",
    "issuers",
    "payments",
    "pipeline",
    "portal",
    "render",
    "store",
    "webhooks",
)
#: Codes that are made of what a bill's amount due is, or of a person's words, or that only old rows have.
MADE_OTHERWISE = {
    "paid", "said_paid", "words", "legacy", "split_from", "letter_returned", "invitation_any_day",
    "invitation_contract", "invitation_first_paper", "invitation_payment", "invitation_yearly",
}  # fmt: skip


class MadeReason(NamedTuple):
    """A call that makes a reason: its code, the names of its values (None: not told apart here; without the
    numbers of rows, which are never spelled), and its place."""

    code: str
    names: frozenset[str] | None
    place: str


@cache
def made_reasons() -> tuple[MadeReason, ...]:
    return tuple(_read_reasons())


def _read_reasons() -> Iterator[MadeReason]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            code = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(code)) if "Reason" in code else ():
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Reason", "Reason.of"} and node.args:
                    named = node.args[0]
                    if isinstance(named, ast.Constant):
                        yield MadeReason(named.value, _names(node), f"{path.relative_to(ROOT)}:{node.lineno}")


def _names(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name and not name.endswith("_id"))


def blanks(sentence: str) -> set[str]:
    return set(re.findall(r"\{([a-z_]+)\}", sentence))


def test_every_reason_that_is_made_has_its_sentence_and_no_sentence_is_made_nowhere() -> None:
    made = made_reasons()
    assert [each for each in made if each.code not in REASONS] == []
    assert {each.code for each in made} == REASONS.keys() - MADE_OTHERWISE


def test_no_code_has_two_sentences() -> None:
    tables = [table for name, table in vars(reason_sentences).items() if name.startswith("_") and name.isupper()]
    codes = Counter(code for table in tables for code in table)
    assert [code for code, count in codes.items() if count > 1] == []
    assert codes.keys() == REASONS.keys()


def test_the_values_of_a_reason_are_the_blanks_of_its_sentence() -> None:
    wrong = [each for each in made_reasons() if each.names is not None and each.names != blanks(REASONS[each.code])]
    assert wrong == []


@pytest.mark.parametrize("code", sorted(REASONS))
def test_a_code_fits_its_column(code: str) -> None:
    assert len(code) <= 40


@pytest.mark.parametrize(
    ("reason", "in_french", "in_english"),
    [
        (Reason("account_unclaimed"), "personne n’a encore réclamé ce compte", "nobody has claimed this account yet"),
        (
            Reason.of("printed_if_unread", day="2026-03-01"),
            "sans papier : par la poste si personne ne l’a vue le 1er mars 2026",
            "paperless: by post if nobody has seen it on 1 March 2026",
        ),
        (
            Reason.of("reminder_if_unread", reminder=1, working_days=1),
            "rappel 1 : 1 jour ouvré après l’annonce, si personne ne l’a vue",
            "reminder 1: 1 working day after the notice, if nobody has seen it",
        ),
        (Reason.of("credited", credit_notes=["A-1"]), "annulée par l’avoir A-1", "cancelled by credit note A-1"),
        (
            Reason.of("credited", credit_notes=["A-1", "A-2", "A-3"]),
            "annulée par les avoirs A-1, A-2 et A-3",
            "cancelled by credit notes A-1, A-2 and A-3",
        ),
        (
            Reason.of("replaced", bills=["B-1", "B-2"]),
            "remplacée par les factures B-1 et B-2",
            "replaced by bills B-1 and B-2",
        ),
        (
            Reason.of("address_incomplete", address_parts=["postcode", "line1"]),
            "adresse incomplète : il manque le code postal, la rue",
            "incomplete address, missing: the postcode, the street",
        ),
        (Reason.of("lot_printed", letters=0, sheets=2), "0 pli, 2 feuilles", "0 letters, 2 sheets"),
        (Reason.said("vu avec {day} eux"), "vu avec {day} eux", "vu avec {day} eux"),
        (Reason(), "", ""),
        (Reason.of("of_a_later_version", count=3), "of_a_later_version 3", "of_a_later_version 3"),
        (Reason.of("of_a_later_version", of=["A", "B"]), "of_a_later_version A, B", "of_a_later_version A, B"),
        (Reason("printed_if_unread"), "sans papier : par la poste si personne ne l’a vue le ?", None),
        (
            Reason.of("issuer_pdfs_slow", pdfs=1),
            "trop de temps passé dans ce lot à 1 autre PDF de cet émetteur",
            "too much time in this batch went into 1 other PDF of this issuer",
        ),
    ],
)
def test_a_reason_reads_well(reason: Reason, in_french: str, in_english: str | None) -> None:
    assert french(reason) == in_french
    assert in_english is None or english(reason) == in_english


def test_what_a_server_answered_is_not_read_as_a_blank() -> None:
    told = Reason.of("email_bounced", answer="550 {0.__class__} {answer}\x1b[31m")
    assert french(told) == "le message est revenu : 550 {0.__class__} {answer}\N{REPLACEMENT CHARACTER}[31m"


#: What a row may hold that another version, or nobody, has written.
STRANGE = (None, "", [], [None], {}, 0, -1, 1.5, True, "<b>", "31 février", "2026-02-31", "{day}", "x" * 5_000)


@pytest.mark.parametrize("code", sorted(REASONS))
def test_no_value_of_a_row_stops_a_page(code: str) -> None:
    """It is shown as it stands, or `?` where there is none; a text is not taken apart."""
    names = blanks(REASONS[code])
    for value, language in product(STRANGE, ("fr", "en", "zz")):
        said = reason_text(code, dict.fromkeys(names, value), language)
        assert said.strip(), (value, language)
        assert "{" not in said.replace("{day}", "").replace("{}", ""), (value, language)
        if names and isinstance(value, str) and value:
            assert value in said, (value, language)


def test_what_others_say_in_a_list_is_shown_as_their_texts_are() -> None:
    """Invisible characters do not turn the page's text around, wherever they came in."""
    told = Reason.of("credited", credit_notes=["A-1\u202e", "B" * 2_000])
    assert french(told) == f"annulée par les avoirs A-1\N{REPLACEMENT CHARACTER} et {'B' * 1_000}…"

"""Statements, notifications, reports, collections and their states, in the dialects of French, German, Swiss, Dutch and
Belgian banks: what each file must give stands beside it."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from payments.files.payment_file_format import detect_payment_format
from tests.payments.files.read_in_full import read_in_full
from words.finding_places import place_text

CORPUS = Path(__file__).parent / "corpus"
CASES = sorted(path.stem for path in CORPUS.glob("*.xml"))


@pytest.mark.parametrize("case", CASES)
def test_a_file_gives_what_stands_beside_it(case: str) -> None:
    content = (CORPUS / f"{case}.xml").read_bytes()
    expected = json.loads((CORPUS / f"{case}.json").read_text("utf-8"))
    assert detect_payment_format(content[: 1 << 14]) == expected["format"]
    told = read_in_full(content)
    assert _without_empty(told) == _without_empty(expected)


def test_only_a_statement_may_leave_out_whether_an_entry_is_booked() -> None:
    notification = (CORPUS / "054-v02-fr-collection-of-three.xml").read_text("utf-8")
    untold = re.sub(r"<Sts>.*?</Sts>", "", notification, flags=re.DOTALL)
    assert untold != notification
    told = read_in_full(untold.encode())
    assert [(each["severity"], each["rule"]) for each in told["findings"]] == [("fatal", "PAYMENT-STATUS")]
    assert told["entries"] == []


def test_places_are_spelled_in_french() -> None:
    places = [
        finding["place"]
        for path in CORPUS.glob("*.json")
        for finding in json.loads(path.read_text("utf-8"))["findings"]
    ]
    spelled = {place_text(place, "fr") for place in places}
    assert "relevé 1, écriture 12, opération 1" in spelled
    assert {word for place in spelled for word in place.split() if word.isalpha()} == {
        "relevé", "écriture", "opération", "prélèvement", "lot", "GrpHdr", "colonne",
    }  # fmt: skip


def test_the_corpus_has_every_version() -> None:
    versions = {case.split("-")[1] for case in CASES if case.startswith("05")}
    assert versions == {f"v{version:02}" for version in range(2, 14)}


def _without_empty(value: Any) -> Any:
    """Amounts are equal by their value and written places; what is absent is None."""
    if isinstance(value, dict):
        return {name: _without_empty(each) for name, each in value.items() if each is not None}
    return [_without_empty(each) for each in value] if isinstance(value, list) else value


def test_amounts_are_exact() -> None:
    for path in CORPUS.glob("*.json"):
        for entry in json.loads(path.read_text("utf-8"))["entries"]:
            assert Decimal(entry["amount"]) >= 0

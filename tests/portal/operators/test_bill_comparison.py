"""Two bills side by side, in words: each term has its French, and its English."""

from decimal import Decimal

import msgspec
import pytest
from flask import Flask

from bill import Attachment, Bill, Contact, Delivered, Line, Party
from bill.frozen_struct import FrozenStruct
from portal.operators.presenters.bill_comparison import GROUPS, TERMS, _spell_group
from tests.word_catalogues import said

pytestmark = pytest.mark.beside_any_database


def nouns(noun: type[FrozenStruct]) -> set[type[FrozenStruct]]:
    """A noun with all that it is made of."""
    parts = [_inside(msgspec.inspect.type_info(field.type)) for field in msgspec.structs.fields(noun)]
    return {noun}.union(*(nouns(inner) for group in parts for inner in group))


def _inside(info: object) -> list[type[FrozenStruct]]:
    match info:
        case msgspec.inspect.StructType(cls=cls):
            return [cls]
        case msgspec.inspect.UnionType(types=types):
            return [cls for each in types for cls in _inside(each)]
        case msgspec.inspect.VarTupleType(item_type=item):
            return _inside(item)
    return []


def test_every_term_of_a_bill_has_its_words() -> None:
    of_bill = nouns(Bill)
    assert {Line, Party, Contact, Delivered, Attachment} <= of_bill
    fields = {field.name for noun in of_bill for field in msgspec.structs.fields(noun)}
    assert fields - {"content"} <= TERMS.keys() | GROUPS.keys()


def test_every_word_is_in_the_catalogue() -> None:
    assert {*TERMS.values(), *GROUPS.values()} - {""} - said("sentences").keys() == set()


@pytest.mark.parametrize(
    ("unit", "in_french", "in_english"),
    [("C62", "Frais, 2, 9,90 €, 19,80 €, 20", "Frais, 2, €9.90, €19.80, 20"),
     ("MON", "Frais, 2, mois, 9,90 €, 19,80 €, 20", "Frais, 2, months, €9.90, €19.80, 20")],
)  # fmt: skip
def test_a_line_that_one_bill_has_is_told_without_codes(app: Flask, unit: str, in_french: str, in_english: str) -> None:
    line = Line(
        id="4", name="Frais", quantity=Decimal(2), unit=unit, net_price=Decimal("9.9"), net_amount=Decimal("19.8"),
        vat_category="S", vat_rate=Decimal(20),
    )  # fmt: skip
    for language, expected in (("fr", in_french), ("en", in_english)):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert _spell_group(line, "EUR").striptags().replace("\u00a0", " ") == expected

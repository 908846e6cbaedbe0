"""Two bills side by side, in words: each term has its French, and its English."""

import msgspec

from bill import Attachment, Bill, Contact, Delivered, Line, Party
from bill.frozen_struct import FrozenStruct
from portal.operators.presenters.bill_comparison import GROUPS, TERMS
from tests.word_catalogues import said


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

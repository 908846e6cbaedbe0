"""Customer records as JSON objects: what is said, removed, left out, and refused."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec import UNSET

from bill import PostalAddress
from bill.customer.record_json import record_of_json

PARIS = ZoneInfo("Europe/Paris")


def test_everything_that_a_customer_may_be() -> None:
    built = record_of_json(
        {
            "number": 1001, "term": "BT-46", "as_of": "2026-03-03T10:00:00",
            "names": ["Alice  Martin", "Bruno\u200b Petit"],
            "postal_address": {"line1": "3 rue du Port", "postcode": "44000", "city": "Nantes", "country": "France",
                               "from": "2026-05-01", "until": None},
            "delivery_address": None, "email": "Alice@example.org", "phone": "+33 2 40 00 00 00", "language": "fr-FR",
            "large_print": True, "paper_by_right": "guardian", "closed_on": None, "died_on": "2026-02-01",
            "household": "H-7",
        },
        zone=PARIS,
    )  # fmt: skip
    record = built.record
    assert built.findings == ()
    assert record is not None
    assert (record.number, record.names) == ("1001", ("Alice Martin", "Bruno Petit"))
    assert record.as_of == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    assert record.postal_address
    assert record.postal_address.address == PostalAddress(
        line1="3 rue du Port", postcode="44000", city="Nantes", country="FR"
    )
    assert (record.postal_address.valid_from, record.postal_address.valid_until) == (date(2026, 5, 1), None)
    assert (record.delivery_address, record.closed_on, record.died_on) == (None, None, date(2026, 2, 1))
    assert (record.language, record.large_print, record.paper_by_right) == ("fr", True, "guardian")
    assert (record.email, record.household) == ("Alice@example.org", "H-7")


def test_what_is_absent_or_empty_is_not_said() -> None:
    record = record_of_json({"number": "CL-1", "email": "", "phone": " "}).record
    assert record is not None
    assert (record.email, record.phone, record.names, record.postal_address) == (UNSET,) * 4


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ({"email": "alice at home"}, ["CUSTOMER-EMAIL"]),
        ({"phone": "ask Bruno"}, ["CUSTOMER-PHONE"]),
        ({"language": "French"}, ["CUSTOMER-LANGUAGE"]),
        ({"postal_address": {"line1": "3 rue", "country": "Atlantis"}}, ["CUSTOMER-COUNTRY"]),
        ({"shoe_size": 39}, ["CUSTOMER-FIELD"]),
    ],
)
def test_a_detail_that_is_wrong_is_left_out_with_a_warning(said: dict[str, object], rules: list[str]) -> None:
    built = record_of_json({"number": "CL-1", **said})
    assert [each.rule for each in built.findings] == rules
    assert built.record is not None
    assert (built.record.email, built.record.phone, built.record.language) == (UNSET, UNSET, UNSET)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"number": ""}, "CUSTOMER-NUMBER"),
        ({"number": "9" * 201}, "CUSTOMER-TOO-LONG"),
        ({"term": "BT-1"}, "CUSTOMER-TERM"),
        ({"as_of": "yesterday"}, "CUSTOMER-DATE"),
        ({"died_on": "31/02/2026"}, "CUSTOMER-DATE"),
        ({"large_print": "perhaps"}, "CUSTOMER-YES-NO"),
        ({"postal_address": {"from": "2026-05-01"}}, "CUSTOMER-ADDRESS"),
        ({"postal_address": {"line1": "3 rue", "from": "2026-05-01", "until": "2026-04-01"}}, "CUSTOMER-ADDRESS"),
        ({"names": ["a", "b", "c", "d", "e"]}, "CUSTOMER-JSON"),
        ({"email": ["a@example.org"]}, "CUSTOMER-JSON"),
    ],
)
def test_a_record_that_cannot_be_trusted_is_refused(said: dict[str, object], rule: str) -> None:
    built = record_of_json({"number": "CL-1", **said})
    assert built.record is None
    assert rule in [each.rule for each in built.findings if each.severity == "fatal"]


def test_what_is_no_object_is_refused() -> None:
    assert [each.rule for each in record_of_json(["CL-1"]).findings] == ["CUSTOMER-JSON"]


@pytest.mark.parametrize(("said", "right"), [("exempt", "exempt"), ("tutelle", "yes"), (True, "yes"), ("non", None)])
def test_an_unknown_word_for_a_right_to_paper_is_a_right(said: object, right: str | None) -> None:
    record = record_of_json({"number": "CL-1", "paper_by_right": said}).record
    assert record is not None
    assert record.paper_by_right == right

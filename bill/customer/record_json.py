"""A customer record as JSON: the same object in a customer file, in a request and in an answer."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Final

from bill.customer.customer_record import ADDRESSES, FIELDS, StatedAddress
from bill.customer.known_customer import KnownCustomer
from bill.customer.record_builder import CUSTOMER_TERMS, NAME_TERMS, BuiltRecord, build_customer_record
from bill.finding import fatal, warning
from bill.postal_address import PostalAddress

_OBJECTS: Final = ("postal_address", "delivery_address")


def record_of_json(value: Any, place: str = "", zone: tzinfo = UTC) -> BuiltRecord:
    """The record of a JSON object whose keys are the terms; `null` removes. Moments without a zone are of *zone*. A key
    that is no term is left out with a warning."""
    if not isinstance(value, Mapping):
        return BuiltRecord(None, (fatal("CUSTOMER-JSON", "a customer is an object: { … }", place),), None)
    texts: dict[str, str | None] = {}
    wrong = []
    for term, said in _flat(value):
        if term not in CUSTOMER_TERMS and not (term in _OBJECTS and said is None):
            sentence = "nobody knows the field '{term}': it was left out"
            wrong.append(warning("CUSTOMER-FIELD", sentence, place, term=term[:40]))
        elif isinstance(said, bool):
            texts[term] = str(said).lower()
        elif said is None or isinstance(said, str | int):
            texts[term] = None if said is None else str(said)
        else:
            wrong.append(fatal("CUSTOMER-JSON", "'{term}' is a text, and not this", place, term=term))
    built = build_customer_record(texts, place, date.fromisoformat, lambda text: read_moment(text, zone))
    is_refused = any(each.severity == "fatal" for each in wrong)
    return BuiltRecord(None if is_refused else built.record, (*wrong, *built.findings), built.number)


def read_moment(text: str, zone: tzinfo) -> datetime:
    """A moment of ISO 8601, aware; without a zone it is of *zone*. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _flat(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each term with its value: `names` are `name`, `name_2` …, an address's lines have dots."""
    for key, said in value.items():
        if key == "names" and isinstance(said, list):
            too_many = len(said) > len(NAME_TERMS)
            yield from [("name", said)] if too_many else zip(NAME_TERMS, said or [None], strict=False)
        elif key == "names" and said is None:
            yield "name", None
        elif key in _OBJECTS and isinstance(said, Mapping):
            yield from ((f"{key}.{part}", each) for part, each in said.items() if each is not None)
        else:
            yield str(key), said


def lines_of(address: PostalAddress) -> dict[str, str]:
    """An address as a JSON object, without what is absent."""
    lines = {
        "line1": address.line1, "line2": address.line2, "line3": address.line3, "postcode": address.postcode,
        "city": address.city, "subdivision": address.subdivision, "country": address.country,
    }  # fmt: skip
    return {name: text for name, text in lines.items() if text}


def address_json(stated: StatedAddress) -> dict[str, str]:
    """A stated address with its days as a JSON object, without what is absent."""
    said = lines_of(stated.address)
    if stated.valid_from is not None:
        said["from"] = stated.valid_from.isoformat()
    if stated.valid_until is not None:
        said["until"] = stated.valid_until.isoformat()
    return said


def known_json(known: KnownCustomer) -> dict[str, Any]:
    """What is known of a customer as a JSON object with the terms of a record; what was never said is left out. Of an
    address the statements that may still count, the newest last."""
    said: dict[str, Any] = {}
    for name in (each for each in FIELDS if each in known.clocks):
        value = getattr(known, name)
        if name in ADDRESSES:
            value = [None if each.stated is None else address_json(each.stated) for each in value]
        elif isinstance(value, date):
            value = value.isoformat()
        said[name] = list(value) if isinstance(value, tuple) else value
    return said

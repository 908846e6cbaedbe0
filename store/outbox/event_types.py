"""The types of events that issuers are told of, each with its documented payload.

One event for what a person or an exception does to one account or bill; one event with counts for a whole feed, never
one a bill: a night of ten million bills is some hundred events (decision 0049).
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

import msgspec

from store.accounts.return_reason import RETURN_REASONS
from store.bills.enquiry_subject import ENQUIRY_SUBJECTS
from store.public_id import LENGTH, Kind

#: Who made a change of an account: somebody who holds it, its issuer (a customer file, the API, a bill), or a named
#: person of the issuer's or of the service's.
Actor = Literal["holder", "issuer", "operator"]
#: Why a mandate ended by itself.
MANDATE_ENDINGS: Final = (
    "mandate_holder_died", "mandate_number_passed_on", "mandate_signer_left", "mandate_account_closed",
    "mandate_unused",
)  # fmt: skip


class EventField(msgspec.Struct, frozen=True):
    """One value of an event's data. *kind*: a row, stored as its number and told by its public id."""

    description: str
    schema: dict[str, Any]
    kind: Kind | None = None
    nullable: bool = False

    @property
    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of the value."""
        schema = dict(self.schema)
        if self.nullable:
            schema["type"] = [schema["type"], "null"]
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
        return schema | {"description": self.description}


class EventType(msgspec.Struct, frozen=True):
    """A type of event: its name, what it says, and the fields of its data; every field is always there."""

    name: str
    summary: str
    fields: dict[str, EventField]

    @property
    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of the event's data."""
        return {
            "type": "object", "required": list(self.fields),
            "properties": {name: field.json_schema for name, field in self.fields.items()},
        }  # fmt: skip


def _row(kind: Kind, description: str, *, nullable: bool = False) -> EventField:
    schema = {"type": "string", "pattern": f"^[a-z2-7]{{{LENGTH}}}$"}
    return EventField(description, schema, kind, nullable)


def _text(description: str, *, nullable: bool = False, among: tuple[str, ...] = ()) -> EventField:
    allowed: dict[str, Any] = {"enum": [*among, *([None] if nullable else [])]} if among else {}
    return EventField(description, {"type": "string", **allowed}, nullable=nullable)


def _count(description: str) -> EventField:
    return EventField(description, {"type": "integer", "minimum": 0})


def _amount(description: str) -> EventField:
    return EventField(description, {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"})


def _flag(description: str) -> EventField:
    return EventField(description, {"type": "boolean"})


def _day(description: str, *, nullable: bool = False) -> EventField:
    return EventField(description, {"type": "string", "format": "date"}, nullable=nullable)


_FEED: Final = {
    "feed": _row("feed", "The feed's public id, as in `/v2/feeds/{feed_id}`."),
    "file": _text("Its file name, as the issuer gave it."),
    "sha256": _text("The SHA-256 of its bytes, in hexadecimal."),
    "content": _text("What it holds.", among=("bills", "payments", "customers")),
    "counts": EventField(
        "Its items by outcome, as in the feed's report.",
        {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
    ),
}
_REASON: Final = {
    "reason": _text("The reason's code, such as `feed_doubted`; empty where a person gave it."),
    "words": _text("The reason in English, or in the words of whoever decided."),
}
_ACCOUNT: Final = {
    "account": _row("account", "The account's public id."),
    "account_number": _text("The account's number, as the issuer wrote it."),
}
_CHANGE: Final = {
    **_ACCOUNT,
    "actor": _text(
        "Who made the change: a `holder` of the account, you (`issuer`: a customer file, the API, a bill), or a named "
        "person of yours or of this service (`operator`); null in events from before this was told.",
        nullable=True, among=get_args(Actor),
    ),
}  # fmt: skip
_ADDRESS: Final = EventField(
    "The address by its parts (EN 16931): `line1`, `line2`, `line3`, `city`, `postcode`, `subdivision`, `country`; "
    "absent parts are null.",
    {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
)
_BILL: Final = {
    **_ACCOUNT,
    "bill_number": _text("The bill's number (BT-1)."),
}
_MANDATE: Final = {
    "mandate": _row("mandate", "The mandate's public id."),
    "umr": _text("Its unique mandate reference (AT-01)."),
    "creditor_id": _text("The creditor identifier (AT-02)."),
}
_CURRENCY: Final = _text("Its currency (ISO 4217).")


def _types(*types: EventType) -> dict[str, EventType]:
    return {each.name: each for each in types}


#: The type that goes to one endpoint alone, whatever types it wants.
WEBHOOK_TEST: Final = "webhook.test"

#: All types of events, by name.
EVENT_TYPES: Final = _types(
    EventType("feed.released", "A feed was read, and what it holds is taken: bills are released.", _FEED),
    EventType(
        "feed.held",
        "A feed waits for a named person's decision.",
        {**_FEED, **_REASON},
    ),
    EventType(
        "feed.rejected",
        "A feed was rejected: nothing of it is taken.",
        {**_FEED, **_REASON},
    ),
    EventType(
        "feed.settled",
        "Each of a feed's bills has reached the portal, a mail relay or the print house, or its delivery has failed.",
        {
            **_FEED, "presented": _count("Bills presented in the portal."), "emailed": _count("Notices sent by mail."),
            "printed": _count("Letters handed over to the print house."),
            "failed": _count("Deliveries that failed, whatever replaced them."),
        },
    ),
    EventType(
        "account.claimed",
        "A person follows this account from now on.",
        {**_CHANGE, "holders": _count("How many people follow it now.")},
    ),
    EventType(
        "account.left",
        "A person follows this account no longer.",
        {**_CHANGE, "holders": _count("How many people follow it now.")},
    ),
    EventType("account.paperless_chosen", "The account's bills come without paper, by the holder's consent.", _CHANGE),
    EventType(
        "account.paperless_by_default",
        "The account's bills come without paper: its holders were told in time, and nobody objected.",
        _CHANGE,
    ),
    EventType("account.paper_chosen", "The account's bills come on paper again: consent was withdrawn.", _CHANGE),
    EventType(
        "account.address_mended",
        "The postal address that letters to this account go to was mended.",
        {**_CHANGE, "address": _ADDRESS},
    ),
    EventType("account.email_confirmed", "A holder of this account has confirmed an e-mail address.", _CHANGE),
    EventType(
        "account.moved",
        "Letters to this account go to another address: you have said so, or a bill bears it.",
        {**_CHANGE, "address": _ADDRESS},
    ),
    EventType(
        "account.move_stated",
        "A holder states another postal address: letters use it at once (`applied`: they came back from the present "
        "one), or once you have confirmed it (`open`), by a bill, a customer file or a decision.",
        {
            **_CHANGE, "address": _ADDRESS, "state": _text("What follows.", among=("applied", "open")),
            "from": _day("The first day at the new address; null: at once.", nullable=True),
        },
    ),
    EventType(
        "account.closed",
        "The account's last day is known.",
        {**_CHANGE, "closed_on": _day("The last day; null where the account stays open after all.", nullable=True)},
    ),
    EventType(
        "account.deceased",
        "The customer has died: letters wait for a named person.",
        {**_CHANGE, "died_on": _day("The day of death; null where it was an error.", nullable=True)},
    ),
    EventType(
        "letter.returned",
        "The post brought a letter back. Unless it was refused or not fetched, letters to this address are held.",
        {
            **_BILL, "reason": _text("Why.", among=RETURN_REASONS),
            "words": _text("What the print house, or whoever tells it, adds."),
        },
    ),
    EventType(
        "bill.recalled",
        "A bill was taken back before it reached its customer: it is never shown, sent or printed. Its number stays "
        "used: whatever comes under it waits for a decision.",
        {
            **_BILL, "words": _text("The reason, in the words of whoever recalled it."),
            "actor": _text("Who recalled it: you, or a named person of this service.", among=("issuer", "operator")),
        },
    ),
    EventType(
        "bill.reported_paid",
        "A person says that this bill is paid.",
        _BILL,
    ),
    EventType(
        "bills.paid",
        "Bills are paid in full, by hand, as the bank or the issuer told: some hundreds in one event.",
        {
            "bills": EventField(
                "The bills, each with its number and its account's.",
                {
                    "type": "array",
                    "items": {
                        "type": "object", "required": ["bill_number", "account_number"],
                        "properties": {"bill_number": {"type": "string"}, "account_number": {"type": "string"}},
                    },
                },
            )
        },
    ),
    EventType(
        "bill.payment_returned",
        "A payment of this bill was returned, reversed or refunded: it is due again.",
        {
            **_BILL, "amount": _amount("What went back."), "currency": _CURRENCY,
            "reason": _text("The bank's reason code (ISO 20022), such as `AC04`.", nullable=True),
        },
    ),
    EventType(
        "mandate.signed",
        "A holder signed a SEPA direct debit mandate; `GET /v2/mandates` has its IBAN.",
        {**_ACCOUNT, **_MANDATE},
    ),
    EventType(
        "mandate.revoked",
        "A direct debit mandate is over: its signer revoked it, or it ended by itself.",
        {
            **_ACCOUNT, **_MANDATE,
            "reason": _text(
                "Why it ended by itself; null where the signer revoked it.", nullable=True,
                among=MANDATE_ENDINGS,
            ),
        },
    ),
    EventType(
        "plan.asked",
        "A person asks to pay what is left of this bill in several parts; a named person answers.",
        {
            **_BILL, "plan": _row("payment_plan", "The request's public id."),
            "amount": _amount("What is left to pay."), "currency": _CURRENCY, "parts": _count("In how many parts."),
            "first_on": _day("The day of the first part."), "words": _text("What the person adds.", nullable=True),
        },
    ),
    EventType(
        "bill.question_asked",
        "A person asks about this bill, or writes again; one of your members answers under `/equipe/questions`.",
        {
            **_BILL, "question": _row("enquiry", "The question's public id."),
            "subject": _text("What it is about.", among=ENQUIRY_SUBJECTS),
            "disputed": _flag("Whether the person disputes the amount, which stays due."),
            "words": _text("What the person writes."),
        },
    ),
    EventType(
        "bill.question_answered",
        "One of your members has answered a question about this bill.",
        {
            **_BILL, "question": _row("enquiry", "The question's public id."),
            "name": _text("Who answered, as the person reads it."), "words": _text("The answer."),
        },
    ),
    EventType(
        "bill.question_closed",
        "A question about this bill is settled. A further word of the person opens it again.",
        {
            **_BILL, "question": _row("enquiry", "The question's public id."),
            "actor": _text(
                "Who closed it: the person (`holder`) or one of your members (`issuer`). Whoever leaves the account "
                "(`account.left`) closes theirs without a further event.",
                among=("holder", "issuer"),
            ),
        },
    ),
    EventType(
        "payment.waiting",
        "A payment matches no bill, and waits for a named person.",
        {
            "payment": _row("payment", "The payment's public id."), "amount": _amount("Its amount."),
            "currency": _CURRENCY, "booked_on": _day("The bank's booking day."),
            "reference": _text("What it names: a reference, or the payer's words.", nullable=True),
        },
    ),
    EventType(WEBHOOK_TEST, "Somebody of the issuer's has asked for a test of one endpoint.", {}),
)  # fmt: skip


def check_event_data(name: str, data: Mapping[str, Any]) -> None:
    """Raise ValueError unless the type is known and *data* has exactly its fields: what is told is documented."""
    if name not in EVENT_TYPES:
        raise ValueError(f"{name!r} is no type of event: add it to store/outbox/event_types.py")
    fields = EVENT_TYPES[name].fields
    if data.keys() != fields.keys():
        raise ValueError(f"{name}: the data has {sorted(data)}, documented are {sorted(fields)}")
    if empty := [each for each, field in fields.items() if data[each] is None and not field.nullable]:
        raise ValueError(f"{name}: {empty} must not be null")

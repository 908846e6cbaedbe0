"""Reads the payments that an issuer sends as JSON: an object, or a list of them.

Amounts are exact: text, or a number, which is read as it is written. A fault names its place as a JSON path
(`$[3].amount`).
"""

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final, get_args

from bill import Money, fatal
from bill.payment.payment_entry import MovementKind, PaymentEntry, PaymentShare
from payments.files.iso20022.exact_amount import exact_amount
from payments.files.iso20022.placeholder_identifiers import real_identifier
from payments.files.iso20022.share_check import checked_shares
from payments.files.payment_file import PaymentFile, PaymentItem
from untrusted.feed_error import FeedError
from untrusted.json_stream_parser import Text
from untrusted.value_parsing import NotAValueError, account_number, day, decimal, words

_KINDS: Final = get_args(MovementKind)
_REQUIRED: Final = ("id", "kind", "amount", "currency", "date")
#: The keys with a text -> the field of the entry.
_TEXTS: Final = {
    "id": "entry_id", "name": "debtor_name", "text": "remittance", "end_to_end_id": "end_to_end_id",
    "mandate_id": "mandate_id", "original_id": "original_id", "reason": "reason", "creditor_id": "creditor_id",
    "sequence_type": "sequence_type",
}  # fmt: skip
_ACCOUNTS: Final = {"iban": "debtor_iban", "creditor_iban": "creditor_iban"}
_FIELDS: Final = _TEXTS | _ACCOUNTS
_KEYS: Final = frozenset({*_REQUIRED, *_FIELDS, "references", "shares"})


def read_payments_json(stream: BinaryIO) -> PaymentFile:
    """The payments of a JSON text in *stream*, read as the result is iterated. Never raises for what the text says."""
    return PaymentFile("JSON", stream, _read)


def _read(stream: BinaryIO, file: PaymentFile) -> Iterator[PaymentItem]:
    try:
        content = Text(stream, "utf-8")
        for place, value in _values(content):
            yield from _checked(value, place)
        yield from content.findings()
        file.is_whole = True
    except FeedError as refused:
        yield refused.finding


def _values(content: Text) -> Iterator[tuple[str, Any]]:
    """Each payment with its JSON path; raises FeedError for what is no JSON."""
    if content.peek() != "[":
        yield "$", content.value("$")
        _check_end(content)
        return
    content.skip()
    number = 0
    while content.peek() != "]" or number:
        yield f"$[{number}]", content.value(f"$[{number}]")
        number += 1
        following = content.peek()
        if following == "]":
            break
        if following != ",":
            sentence = "this is no JSON, or it was cut off: {reason}"
            raise FeedError("JSON-TRUNCATED", sentence, f"$[{number}]", reason="a comma or ] is missing")
        content.skip()
    content.skip()
    _check_end(content)


def _check_end(content: Text) -> None:
    if content.peek():
        raise FeedError("JSON-BROKEN", "something follows the JSON value", "$")


def _checked(value: Any, place: str) -> Iterator[PaymentItem]:
    try:
        payment = _payment(value, place)
    except _WrongError as wrong:
        reason = wrong.reason
        yield fatal(reason.rule, reason.sentence, wrong.place, **reason.values)
        return
    yield from checked_shares(payment)


class _WrongError(Exception):
    """A value that does not fit, and its JSON path."""

    def __init__(self, place: str, reason: NotAValueError) -> None:
        super().__init__(place)
        self.place, self.reason = place, reason


def _payment(value: Any, place: str) -> PaymentEntry:
    if not isinstance(value, dict):
        raise _WrongError(place, NotAValueError("JSON-SHAPE", "a payment is a JSON object"))
    for key in value.keys() - _KEYS:
        unknown = NotAValueError("JSON-KEY", "this key is not known: {key}", key=key[:40])
        raise _WrongError(f"{place}.{key[:40]}", unknown)
    for key in _REQUIRED:
        if value.get(key) in (None, ""):
            raise _WrongError(f"{place}.{key}", NotAValueError("JSON-KEY-MISSING", "a payment needs {key}", key=key))
    amount = _at(f"{place}.amount", value, _amount)
    texts = {**dict.fromkeys(_TEXTS, _words), **dict.fromkeys(_ACCOUNTS, _account)}
    fields = {
        _FIELDS[key]: _at(f"{place}.{key}", value[key], read)
        for key, read in texts.items()
        if value.get(key) is not None
    }
    return PaymentEntry(
        kind=_at(f"{place}.kind", value["kind"], _kind),
        amount=amount.amount,
        currency=amount.currency,
        booked_on=_at(f"{place}.date", value["date"], lambda written: day(_text(written))),
        references=tuple(filter(None, _each(f"{place}.references", value.get("references"), _reference))),
        shares=_each(f"{place}.shares", value.get("shares"), lambda written: _share(written, amount.currency)),
        place=place,
        **fields,
    )


def _at(path: str, written: Any, read: Callable[[Any], Any]) -> Any:
    """What *read* makes of the value at a JSON path; raises _WrongError with the path."""
    try:
        return read(written)
    except NotAValueError as wrong:
        raise _WrongError(path, wrong) from wrong


def _each(path: str, written: Any, read: Callable[[Any], Any]) -> tuple[Any, ...]:
    """What *read* makes of each part of a list; of a single value, too."""
    if written is None:
        return ()
    if not isinstance(written, list):
        return (_at(path, written, read),)
    return tuple(_at(f"{path}[{n}]", part, read) for n, part in enumerate(written))


def _amount(value: dict[str, Any]) -> Money:
    amount = exact_amount(_text(value["amount"]), _text(value["currency"]))
    if not amount.amount:
        raise NotAValueError("PAYMENT-AMOUNT-ZERO", "this entry is of 0: it moves no money")
    return amount


def _kind(written: Any) -> MovementKind:
    for kind in _KINDS:
        if written == kind:
            return kind  # type: ignore[no-any-return]
    raise NotAValueError("PAYMENT-KIND", "'{kind}' is no kind of payment", kind=str(written)[:40])


def _share(written: Any, currency: str) -> PaymentShare:
    if not isinstance(written, dict) or written.keys() != {"reference", "amount"}:
        raise NotAValueError("JSON-SHAPE", "a share is an object with reference and amount")
    amount = decimal(_text(written["amount"]))
    sign = -1 if amount < 0 else 1
    return PaymentShare(
        reference=_words(written["reference"]), amount=sign * exact_amount(str(abs(amount)), currency).amount
    )


def _text(written: Any) -> str:
    if not isinstance(written, str):
        raise NotAValueError("JSON-SHAPE", "this is a text or a number")
    return written


def _reference(written: Any) -> str:
    return real_identifier(_words(written))


def _words(written: Any) -> str:
    return words(_text(written)) or ""


def _account(written: Any) -> str:
    return account_number(_text(written)) or ""

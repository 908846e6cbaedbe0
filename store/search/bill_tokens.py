"""The tokens that a bill is found by, as one text: its number, amounts, days, accounts and words, each token once."""

from collections.abc import Iterable, Iterator
from typing import Final

from bill import Bill, outline
from bill.line import LinePart
from store.search.amount_token import amount_token
from store.search.day_token import day_tokens
from store.search.left_out_words import is_left_out
from store.search.word_forms import LONGEST, WORD, normalised, word_forms

#: The most characters of tokens stored for a bill.
MOST_TOKENS: Final = 16_000
#: The shortest end of a bill's number that is a token of its own.
_SHORTEST_END: Final = 3
#: The most lines of a bill whose words are read.
_MOST_LINES: Final = 2_000


def bill_tokens(bill: Bill, texts: Iterable[str] = ()) -> str:
    """The tokens of a bill with blanks between; *texts* are what its own pages and its attachments say."""
    tokens: dict[str, None] = {}
    _add(tokens, number_tokens(bill.number))
    _add(tokens, _of_amounts(bill))
    for day in {bill.issue_date, bill.due_date or bill.issue_date}:
        _add(tokens, day_tokens(day))
    for number in _numbers(bill):
        _add(tokens, _of_parts(number))
    for text in (*_prose(bill), *texts):
        add_words(tokens, text)
    return joined_tokens(tokens)


def joined_tokens(tokens: Iterable[str]) -> str:
    """As many of these tokens as are stored, with blanks between."""
    said = " ".join(tokens)
    return said if len(said) <= MOST_TOKENS else said[: said.rfind(" ", 0, MOST_TOKENS)]


def add_words(tokens: dict[str, None], text: str) -> None:
    """Add the forms of a text's words."""
    for word in WORD.findall(normalised(text)):
        plain, stems = word_forms(word)
        if plain and plain not in tokens and not is_left_out(plain):
            tokens[plain] = None
            for stem in stems:
                tokens[stem] = None


def _add(tokens: dict[str, None], more: Iterable[str]) -> None:
    for each in more:
        tokens[each] = None


def number_tokens(number: str) -> Iterator[str]:
    """The bill's number: its parts, and its ends, so that any piece of it finds the bill."""
    yield from _of_parts(number)
    whole = _closed(number)
    for at in range(1, len(whole) - _SHORTEST_END + 1):
        yield whole[at:]


def _of_parts(number: str) -> Iterator[str]:
    """A number without its separators, and its parts; a part without its leading noughts, too."""
    if whole := _closed(number):
        yield whole
    for word in WORD.findall(normalised(number)):
        if plain := word_forms(word).plain:
            yield plain
            if plain.startswith("0") and plain.isdigit():
                yield plain.lstrip("0") or "0"


def _closed(number: str) -> str:
    return "".join(word_forms(word).plain for word in WORD.findall(normalised(number)))[:LONGEST]


def _of_amounts(bill: Bill) -> Iterator[str]:
    totals = bill.totals
    for amount in (totals.payable, totals.gross, totals.net, totals.vat, totals.previous_balance, totals.paid):
        if amount:
            yield amount_token(amount)
    for instalment in bill.instalments:
        yield amount_token(instalment.amount)
    for line in bill.lines[:_MOST_LINES]:
        if line.net_amount:
            yield amount_token(line.net_amount)


def _numbers(bill: Bill) -> Iterator[str]:
    """The numbers by which people know what a bill is of, beside its own: contract, account, meter, IBAN, mandate."""
    yield from (bill.contract, bill.buyer_reference, bill.order)
    if bill.object_id is not None:
        yield bill.object_id.value
    for identifier in bill.buyer.identifiers:
        yield identifier.value
    for reference in bill.preceding:
        yield reference.number
    for payment in (bill.payment, *bill.payments):
        yield from (payment.remittance, payment.mandate, payment.creditor_id)
        for transfer in payment.transfers:
            yield from _iban(transfer.iban)
    for line in bill.lines[:_MOST_LINES]:
        if line.object_id is not None:
            yield line.object_id.value


def _iban(iban: str) -> Iterator[str]:
    """An account's number, and as it is printed: in groups of four."""
    yield iban
    closed = iban.replace(" ", "")
    yield " ".join(closed[at : at + 4] for at in range(0, len(closed), 4))


def _prose(bill: Bill) -> Iterator[str]:
    """What the bill says in words."""
    yield from (bill.seller.name, bill.seller.trading_name, bill.terms)
    for line, *_ in outline(bill.lines[:_MOST_LINES]):
        yield from _of_line(line)
    for note in bill.notes:
        yield note.text
    for attachment in bill.attachments:
        yield from (attachment.filename, attachment.description)


def _of_line(line: LinePart) -> Iterator[str]:
    yield from (line.name, line.description, line.note)
    for attribute in line.attributes:
        yield from (attribute.name, attribute.value)

"""What happens with a credit, in words below its amount: refunded, deducted from a bill, to the account given."""

from typing import Final

from bill import Bill, Refund, hide_iban, refund_of, spell_payment_means
from render.canvas.page_geometry import SUMMARY_TEXT
from render.style.page_style import PageStyle
from render.type.line_breaking import wrap
from render.type.printable_text import printable

#: So many bill numbers are named; the others are counted.
_MOST_NUMBERS: Final = 3
#: Lines that the sentence has below the amount.
_LINES: Final = 2


def spell_refund(bill: Bill, page_style: PageStyle) -> str:
    """Return the sentence: `déduit de la facture F-1, ou remboursé si elle est payée`."""
    words, refund = page_style.words, refund_of(bill)
    match refund.kind:
        case "told":
            return printable(refund.text)
        case "refunded":
            return words.refunded_already
        case "account":
            return words.refund_to.format(account=hide_iban(refund.account))
        case "debited":
            return words.refund_to_debited
        case "means":
            return words.refund_by.format(means=spell_payment_means(refund.means, page_style.language))
        case "deducted":
            return _deducted(refund, page_style)
        case "offset":
            return words.offset
        case "open":
            return words.refund_open


def _deducted(refund: Refund, page_style: PageStyle) -> str:
    """Return the sentence with as many bill numbers as have room; where none has, it names none."""
    words, numbers = page_style.words, [printable(number) for number in refund.numbers]
    said = [words.deducted_from.format(number=numbers[0])] if len(numbers) == 1 else []
    for count in range(min(len(numbers), _MOST_NUMBERS), 0, -1) if len(numbers) > 1 else ():
        named, more = ", ".join(numbers[:count]), len(numbers) - count
        said.append(words.deducted_from_many.format(numbers=f"{named} + {more}" if more else named))
    return next((each for each in said if _fits(each, page_style)), words.deducted_from_related)


def _fits(text: str, page_style: PageStyle) -> bool:
    return len(wrap(text, page_style.styles.body, SUMMARY_TEXT, _LINES + 1)) <= _LINES

"""SEPA creditor identifiers (EPC262-08, AT-02): `FR72ZZZ123456`."""

from stdnum.eu import at_02

#: The longest one, in characters.
LONGEST_CREDITOR_ID = 35


def is_creditor_id(text: str) -> bool:
    """Whether this is one, as programs write it: its check digits (ISO 7064 MOD 97-10), without the business code."""
    return len(text) <= LONGEST_CREDITOR_ID and text == "".join(text.split()).upper() and bool(at_02.is_valid(text))

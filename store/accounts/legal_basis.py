"""The legal bases on which an account's bills come with or without paper, and on which its customer is told of it."""

from typing import Final, Literal

#: `consent`: the holder's consent, or its withdrawal (GDPR art. 7.3). `default_on`: electronic bills by default after
#: notice (C. conso. L224-12). `objection`: the right to object to that. `statement`: what the issuer says of its
#: customer. `decision`: a named person's decision. `no_reader`: nobody follows the account any more, or nobody has read
#: its bills nor answered whether they suit (`delivery.suitability`). `information`: a duty to tell,
#: which changes nothing by itself.
LegalBasis = Literal["consent", "default_on", "objection", "statement", "decision", "no_reader", "information"]
LEGAL_BASES: Final[tuple[LegalBasis, ...]] = (
    "consent", "default_on", "objection", "statement", "decision", "no_reader", "information",
)  # fmt: skip
#: Those on which a return to paper is the customer's own choice.
CHOSEN_BY_CUSTOMER: Final = frozenset({"consent", "objection"})

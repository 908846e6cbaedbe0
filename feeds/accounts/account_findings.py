"""Findings about a bill's account: number held by somebody else, holder changed, address changed, number respelled."""

from typing import Final

from bill import Finding, warning
from feeds.accounts.account_side import AccountSide, Buyer, likeness, unpack_address

ACCOUNT_QUESTION: Final = "ACCOUNT-QUESTION"
#: The most characters of a name or an address in a message.
_ENOUGH: Final = 60


def asks(buyer: Buyer, held: AccountSide) -> Finding:
    """The number is held by somebody else: a question was asked."""
    if held.baseline_holder and held.baseline_address and any(likeness(buyer, held)):
        return warning(
            ACCOUNT_QUESTION,
            "'{name}' comes under the account number {account}, which was of '{holder}', {address}, before it changed: "
            "the bill goes on paper, to the address that it bears, until you say whose the number is",
            f"{buyer.term}, BT-44, BT-50",
            name=buyer.holder[:_ENOUGH], account=buyer.value, holder=held.baseline_holder[:_ENOUGH],
            address=spelled_address(held.baseline_address),
        )  # fmt: skip
    return warning(
        ACCOUNT_QUESTION,
        "'{name}' of another address comes under the account number {account} of '{holder}': the bill goes on paper, "
        "to the address that it bears, until you say whose the number is",
        f"{buyer.term}, BT-44, BT-50",
        name=buyer.holder[:_ENOUGH], account=buyer.value, holder=held.holder[:_ENOUGH],
    )  # fmt: skip


def holder_changed(buyer: Buyer, before: str) -> Finding:
    """Another name at the known address."""
    return warning(
        "ACCOUNT-HOLDER-CHANGED",
        "the account {account} is of '{name}' from this bill on, and was of '{holder}' at the same address",
        "BT-44", account=buyer.value, name=buyer.holder[:_ENOUGH], holder=before[:_ENOUGH],
    )  # fmt: skip


def moved(buyer: Buyer, before: bytes) -> Finding:
    """Another address for the known name."""
    return warning(
        "ACCOUNT-MOVED",
        "the bills of the account {account} go to {address} from this one on, and went to {before}",
        "BT-50", account=buyer.value, address=spelled_address(buyer.address), before=spelled_address(before),
    )  # fmt: skip


def came_back_from(buyer: Buyer, known: bytes) -> Finding:
    """Mail came back from the address that the bill bears."""
    return warning(
        "ACCOUNT-MAIL-CAME-BACK",
        "mail came back from {address}, which this bill bears: letters to the account {account} go to {known}, as you "
        "have said since", "BT-50", account=buyer.value, address=spelled_address(buyer.address),
        known=spelled_address(known),
    )  # fmt: skip


def written_otherwise(buyer: Buyer, before: AccountSide) -> Finding:
    """The number or its scheme is spelled differently; it is the same account."""
    return warning(
        "ACCOUNT-NUMBER-WRITTEN",
        "the account number {account} was written {before} until now: the same account",
        buyer.term, account=_number(buyer.scheme, buyer.value), before=_number(before.scheme, before.value),
    )  # fmt: skip


def _number(scheme: str, value: str) -> str:
    return f"{scheme}:{value}" if scheme else value


def spelled_address(packed: bytes) -> str:
    """A packed address as a message names it: street, postcode and town."""
    address = unpack_address(packed)
    return f"{address.line1 or address.line2 or address.line3}, {address.postcode} {address.city}".strip(" ,")[:_ENOUGH]

"""Find the account of a bill among those under its number, by comparing names and addresses."""

from collections.abc import Iterable, Sequence

from bill import MatchResult
from feeds.accounts.account_side import AccountSide, Buyer, is_the_same, likeness, may_be_one
from feeds.accounts.holder_baseline import has_turned_over

_BOTH_SAME = 2 * MatchResult.SAME + MatchResult.SAME


def side_of(buyer: Buyer, sides: Sequence[AccountSide]) -> AccountSide | None:
    """The account that a bill belongs to; None if there is none, or all under its number are other people's. Of several
    the best match: by name before address, then with the same spelling of the number, then the number's own."""
    if len(sides) == 1 and is_the_same(buyer, sides[0]):
        return sides[0]
    alike = []
    for side in sides:
        account = _joined(side, sides)
        if may_be_one(buyer.scheme, side.scheme) and may_be_one(buyer.scheme, account.scheme):
            rank = _rank(buyer, side)
            if rank[0] == _BOTH_SAME or (rank[0] > 0 and not has_turned_over(buyer, account)):
                alike.append((rank, account))
    best = max((rank for rank, _ in alike), default=None)
    return next((account for rank, account in alike if rank == best), None)


def is_held(buyer: Buyer, sides: Iterable[AccountSide]) -> bool:
    """Whether the number has an account of its own (standing `own`) whose scheme is compatible with the bill's."""
    return any(side.standing == "own" and may_be_one(buyer.scheme, side.scheme) for side in sides)


def is_somebody_else(buyer: Buyer, side: AccountSide) -> bool:
    """Whether both name and address are of another person."""
    return not any(likeness(buyer, side))


def _rank(buyer: Buyer, side: AccountSide) -> tuple[int, bool]:
    names, addresses = likeness(buyer, side)
    return 2 * names + addresses, (buyer.scheme, buyer.value) == (side.scheme, side.value)


def _joined(side: AccountSide, sides: Iterable[AccountSide]) -> AccountSide:
    """The account that has this account's bills now, if it was joined to another."""
    by_id = {each.id: each for each in sides}
    while side.joined_id is not None:
        side = by_id[side.joined_id]
    return side

"""Match payments with bills. Pure: of the same payments and bills the result is the same, in whichever order they came.

What is not certain waits for a person. First come persons' decisions, then what names its bills, then what says by
everything else which one bill it is of.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from bill import ZERO, MatchResult, compare_names
from bill.payment.payment_entry import PaymentEntry
from bill.payment.payment_reference_key import reference_key, reference_keys, text_keys, with_one_error
from payments.matching.batch_total import batch_totals_told
from payments.matching.collected_orders import collected_orders, refused_orders
from payments.matching.demand import Demand
from payments.matching.movement import INCOMING, PAID_TOO_MUCH, UNDOES, Match, Movement, Share
from payments.matching.named_bills import SURE_IN_TEXT, Demands, NamedBills, names_something
from payments.matching.part_gone_back import PartGoneBack, part_gone_back
from payments.matching.share_out import OpenAmounts, SharedOut, share_out, to_one
from payments.matching.told_twice import told_in_two_messages, told_twice
from payments.matching.undone_payments import undone_payments

#: The accounts that an IBAN has paid for, by IBAN.
Payers = Mapping[str, frozenset[int]]

_ONE: Final = 1


def match_movements(
    movements: Iterable[Movement], demands: Iterable[Demand], payers: Payers | None = None
) -> dict[int, Match]:
    """What becomes of each movement, by payment id. *payers* are the accounts that IBANs are known to pay for from
    payments that are not among these."""
    return _Matching(movements, demands, payers or {}).run()


class _Matching:
    def __init__(self, movements: Iterable[Movement], demands: Iterable[Demand], payers: Payers) -> None:
        self._done: dict[int, Match] = {}
        self._movements = self._told_once(sorted(movements, key=lambda each: each.order))
        bare = Demands(demands)
        self._demands = bare.announcing(_announced(self._movements, bare))
        self._payers: dict[str, set[int]] = defaultdict(set, {iban: set(known) for iban, known in payers.items()})
        self._left = OpenAmounts(self._demands.by_id)
        self._undoes = undone_payments(self._movements)
        self._gone_back = _gone_back(self._movements, self._undoes)
        self._undone = _wholly_undone(self._movements, self._gone_back)
        self._not_gone: dict[int, tuple[tuple[Share, ...], Decimal]] = {}
        self._refused_orders = refused_orders(self._movements)

    def run(self) -> dict[int, Match]:
        incoming = [each for each in self._movements if each.entry.kind in INCOMING]
        self._decide(each for each in self._movements if each.decision is not None)
        self._leave_duplicates(incoming)
        self._leave_batch_totals(incoming)
        self._match_collected_orders(incoming)
        for each in self._undecided(incoming):
            if not self._is_anothers(each):
                self._match_named(each)
        for each in self._undecided(incoming):
            self._match_misspelt(each)
        for each in self._undecided(incoming):
            self._match_named(each)
        for each in self._undecided(incoming):
            self._match_by_everything_else(each)
        for each in self._undecided(self._movements):
            if each.entry.kind in UNDOES:
                self._match_undoing(each)
            else:
                self._match_told(each)
        return self._done

    def _undecided(self, movements: Sequence[Movement]) -> list[Movement]:
        return [each for each in movements if each.payment_id not in self._done]

    # -- what a person decided, and what is told twice ---------------------------------------------------------

    def _decide(self, decided: Iterable[Movement]) -> None:
        for each in decided:
            decision = each.decision
            assert decision is not None
            if decision.is_ignored:
                self._end(each, "ignored", "decided")
                continue
            shares = self._standing(decision.shares)
            rest = each.entry.amount - sum((amount for _, amount in shares), ZERO)
            if each.entry.kind in INCOMING and each.payment_id not in self._undone:
                self._take(each, shares, rest)
            self._end(each, "part" if rest else "matched", "decided", shares, rest)
            self._learn_payer(each, shares)

    def _standing(self, shares: Iterable[Share]) -> tuple[Share, ...]:
        """The shares, of the correctives that stand in the place of their bills."""
        found: dict[int, Decimal] = {}
        for bill_id, amount in shares:
            known = self._demands.by_id.get(bill_id)
            standing = bill_id if known is None else self._demands.standing(known).bill_id
            found[standing] = found.get(standing, ZERO) + amount
        return tuple(found.items())

    def _take(self, movement: Movement, shares: Sequence[Share], rest: Decimal) -> None:
        """Deduct a payment from what its bills ask, less what of it went back."""
        for amount in self._gone_back.get(movement.payment_id, ()):
            back = part_gone_back(shares, rest, amount)
            if back is not None:
                shares, rest = back.from_shares(shares), rest - back.rest
        self._left.take(shares)

    def _told_once(self, movements: list[Movement]) -> list[Movement]:
        """The movements without those that another message of the bank tells, too."""
        for payment_id, same in told_in_two_messages(movements).items():
            self._leave_duplicate(payment_id, same)
        return self._undecided(movements)

    def _leave_duplicate(self, payment_id: int, same: Movement) -> None:
        self._done[payment_id] = Match(
            payment_id=payment_id, outcome="duplicate", why="told_by_bank", same_as=same.payment_id
        )

    def _leave_duplicates(self, incoming: Sequence[Movement]) -> None:
        undecided = self._undecided(incoming)
        for payment_id, same in told_twice(undecided, self._demands).items():
            self._leave_duplicate(payment_id, same)

    def _leave_batch_totals(self, incoming: Sequence[Movement]) -> None:
        """The total of a batch tells nothing new once its payments are told one by one."""
        for payment_id in batch_totals_told(self._undecided(incoming)):
            self._done[payment_id] = Match(payment_id=payment_id, outcome="duplicate", why="told_one_by_one")

    def _match_collected_orders(self, incoming: Sequence[Movement]) -> None:
        """The total of an order of direct debits is of the bills that the order announced."""
        undoing = [each.payment_id for each in self._movements if each.entry.kind == "refused"]
        refused = {self._undoes[each].payment_id for each in undoing if each in self._undoes}
        refused |= {each.payment_id for of in self._refused_orders.values() for each in of}
        standing = [each for each in self._movements if each.payment_id not in refused]
        told = {reference_key(each.entry.end_to_end_id) for each in incoming}
        for total, debits in collected_orders(self._undecided(incoming), standing):
            of_these = [reference_key(each.entry.end_to_end_id) in told for each in debits]
            if all(of_these):
                self._end(total, "duplicate", "told_one_by_one")
            if any(of_these):
                continue
            shares: dict[int, Decimal] = defaultdict(lambda: ZERO)
            for bill_id, amount in self._shares_told(debits):
                taken = min(amount, self._left.asked.get(bill_id, ZERO) - shares[bill_id])
                shares[bill_id] += max(taken, ZERO)
            rest = total.entry.amount - sum(shares.values(), ZERO)
            given = tuple((bill_id, amount) for bill_id, amount in sorted(shares.items()) if amount)
            if given:
                self._left.take(given)
                self._end(total, "part" if rest else "matched", "order", given, rest)

    def _shares_told(self, debits: Iterable[Movement]) -> list[Share]:
        """The bills that these announced collections are of."""
        for each in debits:
            self._match_told(each)
        return [share for each in debits for share in self._done[each.payment_id].shares]

    # -- money that came ---------------------------------------------------------------------------------------

    def _match_named(self, movement: Movement) -> None:
        """A payment that names its bills. One that does not, or that is not certain, is left for later."""
        entry = movement.entry
        if not entry.is_booked or entry.is_batch_total:
            self._end(movement, "waiting", "batch_total" if entry.is_batch_total else "not_booked")
            return
        named = self._demands.named_by(entry)
        if not named.bills:
            return
        if movement.payment_id in self._undone:
            self._match_undone(movement, named)
            return
        self._share(movement, named, share_out(entry, named.bills, self._demands, self._left))

    def _is_anothers(self, movement: Movement) -> bool:
        """Whether the one bill whose number stands in the free text asks another amount, of somebody else than who
        pays: a wrong digit may have made another customer's number."""
        entry = movement.entry
        if not entry.is_booked or movement.payment_id in self._undone or not entry.debtor_name:
            return False
        named = self._demands.named_by(entry)
        if named.by != "text" or len(named.bills) != _ONE:
            return False
        [bill] = named.bills
        return not self._demands.is_of_amount(bill, entry.amount) and not _is_named(bill, entry.debtor_name)

    def _match_misspelt(self, movement: Movement) -> None:
        """A payment that seems to name somebody else's bill is of the one bill with one sign of difference that all
        else says; where there is none, of the bill that it names."""
        meant = self._misspelt(movement, frozenset()) if self._is_anothers(movement) else []
        if len(meant) == _ONE:
            self._share(movement, NamedBills(tuple(meant), "typing_error"), self._whole(movement, meant))

    def _match_undone(self, movement: Movement, named: NamedBills) -> None:
        """A payment that went back takes nothing from what is asked. Its bills are told of it, and of its return."""
        out = share_out(movement.entry, named.bills, self._demands, OpenAmounts(self._demands.by_id))
        if out.shares:
            self._end(movement, "matched", named.by, out.shares)
            self._learn_payer(movement, out.shares)
        else:
            self._end(movement, "ignored", "went_back")

    def _share(self, movement: Movement, named: NamedBills, out: SharedOut) -> None:
        if not out.shares:
            self._end(movement, "waiting", out.why, account_id=_only_account(named.bills))
            if out.why in PAID_TOO_MUCH and len(named.bills) == _ONE and not named.bills[0].favour:
                self._done[movement.payment_id] = msgspec.structs.replace(
                    self._done[movement.payment_id], rest_of=named.bills[0].bill_id
                )
            return
        self._take(movement, out.shares, out.rest)
        self._end(movement, "part" if out.rest else "matched", named.by, out.shares, out.rest)
        if named.by in {"reference", "end_to_end", "text", "mandate"}:
            self._learn_payer(movement, out.shares)

    def _match_by_everything_else(self, movement: Movement) -> None:
        """A payment that names no bill we know: by a typing error, or by its payer and amount, if one bill alone can
        be meant."""
        if movement.payment_id in self._undone:
            self._end(movement, "ignored", "went_back")
            return
        entry = movement.entry
        known = frozenset(self._payers.get(entry.debtor_iban, ())) if entry.debtor_iban else frozenset()
        said = self._demands.accounts_named_by(entry)
        meant = self._misspelt(movement, known)
        if len(meant) == _ONE:
            self._share(movement, NamedBills(tuple(meant), "typing_error"), self._whole(movement, meant))
            return
        if len(meant) > _ONE:
            self._end(movement, "waiting", "several_bills")
            return
        if said or (known and not names_something(entry)):
            self._match_account(movement, said or known)
            return
        why = "unknown_reference" if names_something(entry) else "no_reference"
        self._end(movement, "waiting", why, account_id=next(iter(known)) if len(known) == _ONE else None)

    def _match_account(self, movement: Movement, accounts: frozenset[int]) -> None:
        """The one open bill of these accounts that asks just this amount; else all of them, if they add up to it."""
        entry = movement.entry
        waiting = [
            each
            for each in self._demands.by_id.values()
            if each.account_id in accounts and each.currency == entry.currency and self._left.left(each)
            and each.issued <= entry.booked_on
        ]  # fmt: skip
        meant = [each for each in waiting if self._left.left(each) == entry.amount] or self._seen(entry, accounts)
        if not meant and sum((self._left.left(each) for each in waiting), ZERO) == entry.amount:
            shares = tuple(sorted((each.bill_id, self._left.left(each)) for each in waiting))
            self._share(movement, NamedBills(tuple(waiting), "account_and_amount"), SharedOut(shares))
        elif len(meant) == _ONE:
            self._share(movement, NamedBills(tuple(meant), "account_and_amount"), self._whole(movement, meant))
        else:
            account = next(iter(accounts)) if len(accounts) == _ONE else None
            self._end(movement, "waiting", "several_bills" if meant else "other_amount", account_id=account)

    def _seen(self, entry: PaymentEntry, accounts: frozenset[int]) -> list[Demand]:
        """The bills of these accounts that asked just this amount until a credit or a corrective changed it, as they
        stand now."""
        meant = [
            self._demands.standing(each)
            for each in self._demands.by_id.values()
            if each.account_id in accounts and each.currency == entry.currency and each.issued <= entry.booked_on
            and each.amount_seen != each.asks and self._is_seen(each, entry.amount)
        ]  # fmt: skip
        return list({each.bill_id: each for each in meant}.values())

    def _is_seen(self, demand: Demand, amount: Decimal) -> bool:
        standing = self._demands.standing(demand)
        return not standing.is_withdrawn and self._left.is_seen(demand, standing, amount)

    def _whole(self, movement: Movement, meant: Sequence[Demand]) -> SharedOut:
        """All of it to this bill, as far as it asks so much."""
        return to_one(movement.entry, meant[0], self._left)

    def _misspelt(self, movement: Movement, known: frozenset[int]) -> list[Demand]:
        """The bills whose number is one typing error away, that ask just this amount, and whose payer this is known to
        be: by IBAN, or by name."""
        entry = movement.entry
        found: dict[int, Demand] = {}
        for key in likely_keys(entry.references, entry.remittance):
            for other in with_one_error(key):
                for each in self._demands.under(other):
                    is_payer = each.account_id in known or _is_named(each, entry.debtor_name)
                    asks = self._left.left(each) == entry.amount or self._is_seen(each, entry.amount)
                    if is_payer and asks and each.currency == entry.currency and each.issued <= entry.booked_on:
                        standing = self._demands.standing(each)
                        found[standing.bill_id] = standing
        return [found[each] for each in sorted(found)]

    def _learn_payer(self, movement: Movement, shares: Iterable[Share]) -> None:
        entry = movement.entry
        if entry.debtor_iban and entry.kind in INCOMING:
            account_id = _only_account(self._demands.by_id[each] for each, _ in shares if each in self._demands.by_id)
            if account_id is not None:  # who pays for several accounts at once, as a trustee does, says nothing of one
                self._payers[entry.debtor_iban].add(account_id)

    # -- what is no money for a bill ---------------------------------------------------------------------------

    def _match_undoing(self, movement: Movement) -> None:
        """A return or refusal undoes exactly its payment, in the bills that this is of."""
        if order := self._refused_orders.get(movement.payment_id):
            self._end(movement, "matched", "order", self._shares_told(order))
            return
        original = self._undoes.get(movement.payment_id)
        match = self._done.get(original.payment_id) if original else None
        if original is not None and match is None:  # an announced collection, or a refund
            self._match_told(original)
            match = self._done[original.payment_id]
        if original is None or match is None:
            self._match_orphan(movement)
            return
        back = self._part_gone_back(movement, original, match)
        if back is None:
            self._end(movement, "waiting", "part_of_several")
            return
        self._done[movement.payment_id] = Match(
            payment_id=movement.payment_id, outcome="matched", why="undoes", shares=back.shares,
            undoes=original.payment_id, account_id=match.account_id,
        )  # fmt: skip
        if back.rest:
            self._done[original.payment_id] = match.with_rest(match.rest - back.rest)

    def _part_gone_back(self, movement: Movement, original: Movement, match: Match) -> PartGoneBack | None:
        """What of a payment this return takes back, after the returns before it."""
        whole = original.entry.amount
        shares, rest = self._not_gone.get(original.payment_id, (match.shares, match.rest))
        if (movement.entry.amount or whole) >= whole:
            return PartGoneBack(shares, rest)
        back = part_gone_back(shares, rest, movement.entry.amount)
        if back is not None:
            self._not_gone[original.payment_id] = back.from_shares(shares), rest - back.rest
        return back

    def _match_orphan(self, movement: Movement) -> None:
        """A refusal names the bill itself where nobody told us of the collection; a return waits for its payment."""
        named = self._demands.named_by(movement.entry)
        if movement.entry.kind == "refused" and len(named.bills) == _ONE:
            self._end(movement, "matched", named.by, ((named.bills[0].bill_id, movement.entry.amount),))
        else:
            self._end(movement, "waiting", "original_unknown", account_id=_only_account(named.bills))

    def _match_told(self, movement: Movement) -> None:
        """A collection that is announced is of the bills that it names; a refund of the one credit note or bill."""
        if movement.payment_id in self._done:
            return
        entry = movement.entry
        named = self._demands.named_by(entry)
        if len(named.bills) == _ONE:
            self._end(movement, "matched", named.by, ((named.bills[0].bill_id, entry.amount),))
        elif entry.kind == "announced" and named.bills:
            out = share_out(entry, named.bills, self._demands, OpenAmounts(self._demands.by_id))
            self._end(movement, "matched" if out.shares else "waiting", out.why or named.by, out.shares)
        else:
            why = "several_bills" if named.bills else "unknown_reference"
            self._end(movement, "waiting", why, account_id=_only_account(named.bills))

    def _end(
        self, movement: Movement, outcome: str, why: str, shares: Sequence[Share] = (), rest: Decimal = ZERO,
        account_id: int | None = None,
    ) -> None:  # fmt: skip
        bills = [self._demands.by_id[each] for each, _ in shares if each in self._demands.by_id]
        self._done[movement.payment_id] = Match(
            payment_id=movement.payment_id, outcome=outcome, why=why, shares=tuple(shares), rest=rest,  # type: ignore[arg-type]
            rest_of=shares[-1][0] if rest and shares else None,
            account_id=_only_account(bills) if bills else account_id,
        )  # fmt: skip


def likely_keys(references: Iterable[str], remittance: str) -> list[str]:
    """The keys of a payment that are worth a look for a typing error: structured references, and of free text those of
    enough digits, longest first. Some dozens at most."""
    written = [key for each in references for key in reference_keys(each)]
    digits = [key for key, _, _ in text_keys(remittance) if sum(each.isdigit() for each in key) >= SURE_IN_TEXT - 1]
    longest = sorted(digits, key=lambda key: (-len(key), key))
    return list(dict.fromkeys((*(key for key in written if len(key) >= SURE_IN_TEXT), *longest)))[:24]


def _announced(movements: Iterable[Movement], demands: Demands) -> dict[str, frozenset[int]]:
    """The bills that collections announced, by end-to-end id."""
    found: dict[str, set[int]] = defaultdict(set)
    for each in movements:
        key = reference_key(each.entry.end_to_end_id)
        if each.entry.kind == "announced" and key:
            found[key] |= {bill.bill_id for bill in demands.named_by(each.entry).bills}
    return {key: frozenset(bills) for key, bills in found.items()}


def _gone_back(movements: Iterable[Movement], undoes: Mapping[int, Movement]) -> dict[int, list[Decimal]]:
    """The amounts that went back of each payment, by its id, in their order."""
    found: dict[int, list[Decimal]] = defaultdict(list)
    for each in movements:
        original = undoes.get(each.payment_id)
        if original is not None and original.entry.kind in INCOMING:
            found[original.payment_id].append(each.entry.amount)
    return found


def _wholly_undone(movements: Iterable[Movement], gone_back: Mapping[int, Sequence[Decimal]]) -> set[int]:
    """The ids of the payments that went back as a whole."""
    amounts = {each.payment_id: each.entry.amount for each in movements}
    return {payment_id for payment_id, back in gone_back.items() if sum(back, ZERO) >= amounts[payment_id]}


def _only_account(bills: Iterable[Demand]) -> int | None:
    accounts = {each.account_id for each in bills}
    return next(iter(accounts)) if len(accounts) == _ONE else None


def _is_named(demand: Demand, name: str) -> bool:
    return bool(name.strip()) and any(compare_names(each, name) is MatchResult.SAME for each in demand.names if each)

"""Find all payments and bills that bear on one another, from some of them: what is matched together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bill.payment.payment_entry import PaymentEntry
from bill.payment.payment_reference_key import reference_key, with_one_error
from payments.amounts_due import related_bills
from payments.matching.match_movements import likely_keys
from payments.matching.movement import GUESSED_BY, INCOMING
from store.bills.bill import BillRow, stands
from store.payments.bill_key import bills_under, keys_of_bills
from store.payments.payment import PaymentRow, payments_by_id
from store.payments.payment_allocation import allocations_of, payments_allocated_to
from store.payments.payment_key import GROUP, KeyKind, PaymentKey, in_groups, keys_of_entry, payments_under

#: Steps from one thing to the next; a customer's affairs are reached in two or three.
_STEPS: Final = 8
#: The most payments that are matched together; what lies farther keeps what was found of it.
MOST: Final = 5_000
#: Keys that are tried for typing errors of one payment.
_MOST_MISSPELT: Final = 1_500
#: Open bills of one account that are looked at.
_BILLS_OF_ACCOUNT: Final = 60


class AffectedPayments:
    """The payments and bills of one issuer that bear on some of them. *payments* and *bills* are ids."""

    def __init__(self, session: Session, issuer_id: int) -> None:
        self._session = session
        self._issuer_id = issuer_id
        self.payments: dict[int, PaymentRow] = {}
        self.bills: set[int] = set()
        self._entries: dict[int, PaymentEntry] = {}

    def reach(self, payment_ids: Iterable[int], bill_ids: Iterable[int]) -> None:
        """Go from these to all that bears on them."""
        payments, bills = set(payment_ids), set(bill_ids)
        for _ in range(_STEPS):
            fresh = self._load(payments - self.payments.keys())
            new_bills = bills - self.bills
            if (not fresh and not new_bills) or len(self.payments) > MOST:
                break
            self.bills |= new_bills
            payments = self._payments_of(fresh, new_bills)
            bills = self._bills_of(fresh) | self._related_to(new_bills)

    def _related_to(self, bill_ids: Collection[int]) -> set[int]:
        """The bills that these credit or correct, or are credited or corrected by: what was paid of one may count for
        another."""
        query = select(BillRow).where(BillRow.id.in_(bill_ids))
        rows = list(self._session.scalars(query)) if bill_ids else []
        return {row.id for row in related_bills(self._session, rows)}

    def entry(self, payment_id: int) -> PaymentEntry:
        """The payment as it was told."""
        return self._entries[payment_id]

    def _load(self, ids: Collection[int]) -> dict[int, PaymentRow]:
        rows = {
            payment_id: row
            for payment_id, row in payments_by_id(self._session, ids).items()
            if row.issuer_id == self._issuer_id
        }
        self.payments |= rows
        self._entries |= {payment_id: row.entry for payment_id, row in rows.items()}
        return rows

    def _keys(self, ids: Iterable[int]) -> dict[KeyKind, set[str]]:
        keys: dict[KeyKind, set[str]] = defaultdict(set)
        for payment_id in ids:
            for kind, key in keys_of_entry(self._entries[payment_id]):
                keys[kind].add(key)
        return keys

    def _under(self, kind: KeyKind, keys: Collection[str], *conditions: ColumnElement[bool]) -> set[int]:
        return payments_under(self._session, self._issuer_id, kind, keys, *conditions)

    def _payments_of(self, fresh: Collection[int], new_bills: Collection[int]) -> set[int]:
        """The payments that bear on these payments and bills."""
        keys = self._keys(fresh)
        found = self._under("undoes", keys["id"]) | self._under("id", keys["undoes"])
        ordered = self._keys(each for each in fresh if self._entries[each].kind == "announced")
        found |= self._under("id", keys["id"], PaymentRow.kind == "announced") | self._under("id", ordered["id"])
        found |= self._under("batch", keys["batch"])
        unsure = or_(PaymentRow.outcome == "waiting", PaymentRow.why.in_(GUESSED_BY))
        found |= self._under("iban", keys["iban"], unsure)
        known = keys_of_bills(self._session, new_bills)
        names = {key for (_, kind), of in known.items() if kind == "name" for key in of}
        found |= self._under("name", names)
        found |= self._under("mandate", {key for (_, kind), of in known.items() if kind == "mandate" for key in of})
        found |= payments_allocated_to(self._session, new_bills)
        if new_bills:
            found |= self._misspelling(new_bills, names)
        if accounts := self._accounts_of(new_bills):
            query = select(PaymentRow.id).where(PaymentRow.account_id.in_(accounts), unsure)
            found |= set(self._session.scalars(query))
        return found

    def _misspelling(self, bill_ids: Collection[int], names: Collection[str]) -> set[int]:
        """Payments of a reference that nobody knows, and that may mean these bills by a typing error. There are none
        for new bills, as a rule: nobody pays a bill before it is issued."""
        earliest = self._session.scalar(select(func.min(BillRow.issue_date)).where(BillRow.id.in_(bill_ids)))
        lost = (PaymentRow.why == "unknown_reference", PaymentRow.booked_on >= earliest)
        query = select(PaymentRow.id).where(PaymentRow.issuer_id == self._issuer_id, PaymentRow.outcome == "waiting")
        if earliest is None or self._session.scalar(query.where(*lost).limit(1)) is None:
            return set()
        return self._under("name", {other for key in names for other in with_one_error(key)}, *lost)

    def _accounts_of(self, bill_ids: Collection[int]) -> set[int]:
        query = select(BillRow.account_id).where(BillRow.id.in_(bill_ids))
        return set(self._session.scalars(query)) if bill_ids else set()

    def _bills_of(self, fresh: Collection[int]) -> set[int]:
        """The bills that these payments name, may misspell, or may mean by their payer."""
        keys = self._keys(fresh)
        named = bills_under(self._session, self._issuer_id, "name", keys["name"])
        under_mandate = bills_under(self._session, self._issuer_id, "mandate", keys["mandate"])
        found = {bill_id for of in (*named.values(), *under_mandate.values()) for bill_id in of}
        found |= {each.bill_id for of in allocations_of(self._session, fresh).values() for each in of}
        unsure = [entry for each in fresh if not _names_any(entry := self._entries[each], named)]
        misspelt = {other for entry in unsure for other in _misspelt(entry)}
        similar = bills_under(self._session, self._issuer_id, "name", misspelt)
        return found | {bill_id for of in similar.values() for bill_id in of} | self._bills_of_payers(unsure)

    def reach_bills_of_payers(self, payers: Mapping[str, set[int]], sure: Collection[int]) -> bool:
        """Go on to the bills of the accounts that these IBANs pay for, where a payment of such an IBAN is not among the
        *sure* ones. Returns whether there are any that were not reached before."""
        unsure = {self.entry(payment_id).debtor_iban for payment_id in self.payments.keys() - set(sure)}
        accounts = {account for iban in unsure & payers.keys() for account in payers[iban]}
        fresh = self._latest_bills(accounts) - self.bills
        self.reach((), fresh)
        return bool(fresh)

    def _bills_of_payers(self, entries: Iterable[PaymentEntry]) -> set[int]:
        """The latest bills of the accounts that these payments' IBANs are known to pay for."""
        accounts = self._accounts_by_iban({each.debtor_iban for each in entries if each.debtor_iban})
        return self._latest_bills({account for of in accounts.values() for account in of})

    def _latest_bills(self, accounts: Iterable[int]) -> set[int]:
        """The latest bills of each of these accounts."""
        newest = (BillRow.issue_date.desc(), BillRow.id.desc())
        place = func.row_number().over(partition_by=BillRow.account_id, order_by=newest).label("place")
        found: set[int] = set()
        ordered = sorted(accounts)
        for at in range(0, len(ordered), GROUP):
            group = ordered[at : at + GROUP]
            bills = select(BillRow.id, place).where(BillRow.account_id.in_(group), stands()).subquery()
            found |= set(self._session.scalars(select(bills.c.id).where(bills.c.place <= _BILLS_OF_ACCOUNT)))
        return found

    def payers_besides(self) -> dict[str, frozenset[int]]:
        """The accounts that the payers' IBANs are known to pay for, from payments that are not among these."""
        ibans = {each.debtor_iban for each in self._entries.values() if each.debtor_iban}
        return self._accounts_by_iban(ibans, besides=self.payments)

    def _accounts_by_iban(self, ibans: Collection[str], besides: Collection[int] = ()) -> dict[str, frozenset[int]]:
        written = {reference_key(iban): iban for iban in ibans}
        found: dict[str, set[int]] = defaultdict(set)
        for group in in_groups(written):
            query = (
                select(PaymentKey.key, PaymentRow.account_id, PaymentRow.id)
                .join(PaymentRow, PaymentRow.id == PaymentKey.payment_id)
                .where(PaymentKey.issuer_id == self._issuer_id, PaymentKey.kind == "iban", PaymentKey.key.in_(group))
                .where(PaymentRow.outcome.in_(["matched", "part"]), PaymentRow.kind.in_(INCOMING))
                .where(PaymentRow.why.not_in(GUESSED_BY), PaymentRow.account_id.is_not(None))
            )
            for key, account_id, payment_id in self._session.execute(query):
                if payment_id not in besides and account_id is not None:
                    found[written[key]].add(account_id)
        return {iban: frozenset(accounts) for iban, accounts in found.items()}


def _names_any(entry: PaymentEntry, known: Mapping[str, set[int]]) -> bool:
    return any(kind == "name" and key in known for kind, key in keys_of_entry(entry))


def _misspelt(entry: PaymentEntry) -> list[str]:
    found = (other for key in likely_keys(entry.references, entry.remittance) for other in with_one_error(key))
    return [key for _, key in zip(range(_MOST_MISSPELT), found, strict=False)]

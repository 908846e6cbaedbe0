"""Who reads the list of bills: a consumer with the accounts they hold and the issuers of these."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from portal import app_context
from store.accounts.held_account import HeldAccount, held_accounts
from store.accounts.signed_in_consumer import SignedInConsumer
from store.listed_issuer import ListedIssuer


class BillReader(NamedTuple):
    """A reader; *issuers* by id, in the order of their names."""

    consumer: SignedInConsumer
    accounts: Sequence[HeldAccount]
    issuers: Mapping[int, ListedIssuer]


def bill_reader(consumer: SignedInConsumer) -> BillReader:
    """Returns the reader that this consumer is."""
    accounts, found = held_accounts(app_context.reading(), consumer.id)
    named = sorted(found.values(), key=lambda each: (each.name.casefold(), each.id))
    return BillReader(consumer, accounts, {each.id: each for each in named})

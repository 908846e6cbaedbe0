"""Who reads the list of bills: a consumer with the accounts they hold and the issuers of these."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from portal import app_context
from store.accounts.consumer import accounts_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.signed_in_consumer import SignedInConsumer
from store.issuer import Issuer, issuers_by_id


class BillReader(NamedTuple):
    """A reader; *issuers* by id, in the order of their names."""

    consumer: SignedInConsumer
    accounts: Sequence[CustomerAccount]
    issuers: Mapping[int, Issuer]


def bill_reader(consumer: SignedInConsumer) -> BillReader:
    """Returns the reader that this consumer is."""
    session = app_context.reading()
    accounts = accounts_of(session, consumer.id)
    found = issuers_by_id(session, {each.issuer_id for each in accounts})
    named = sorted(found.values(), key=lambda each: (each.name.casefold(), each.id))
    return BillReader(consumer, accounts, {each.id: each for each in named})

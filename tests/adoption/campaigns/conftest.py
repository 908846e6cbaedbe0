"""A town to invite, with an issuer that may write to its customers."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from store import Store
from tests.adoption.campaigns.sample_campaigns import CampaignTown
from tests.adoption.sample_accounts import World


@pytest.fixture
def town(store: Store) -> Iterator[CampaignTown]:
    with Session(store.engine, expire_on_commit=False) as session:
        yield CampaignTown(store, World(session))

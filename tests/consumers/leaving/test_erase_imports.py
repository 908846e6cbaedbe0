"""What a person brought in themselves goes with them; at closing it stays, since nobody could link it again."""

from consumers.leaving.close_space import close_space
from consumers.leaving.erase_person import erase_person
from store import Store
from store.accounts.consumer import Enrolment, enrol
from store.accounts.customer_account import CustomerAccount
from store.imports.private_issuer import add_private_issuer
from tests.consumers.leaving.traces_of_person import columns_with
from tests.consumers.leaving.zenobie import NOW, Zenobie


def test_her_own_issuers_stay_until_she_is_erased(store: Store, zenobie: Zenobie) -> None:
    session, her = zenobie.session, zenobie.her.id
    plumber = add_private_issuer(session, her, "Plomberie Tartempion", "tartempion", store.encryptor.encrypt_key, NOW)
    assert enrol(session, her, plumber.account_id, NOW)
    assert close_space(session, her, NOW)
    session.flush()
    account_id = plumber.account_id
    assert session.get_one(Enrolment, (her, account_id), populate_existing=True).ended_at is None
    erase_person(session, her, NOW)
    assert session.get(CustomerAccount, account_id) is None
    assert columns_with(session, ["tartempion"]) == set()

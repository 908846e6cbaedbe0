"""Sylvie's two contracts and everybody whom she has, or had, let read their bills; for the tests of access grants."""

from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace

from bill import PostalAddress, Reference
from consumers.access_grants.answer_invitation import accept_invitation
from consumers.access_grants.end_grants import revoke_grant
from consumers.access_grants.invite_reader import ReadingScope, invite_reader
from store.access_grants.access_grant import AccessGrant, GrantedKind
from store.accounts.consumer import Consumer, enrol
from store.bills.bill import BillRow
from tests.portal.sample_town import World, a_bill

ALL_KINDS: Final[tuple[GrantedKind, ...]] = ("invoices", "credit_notes", "correctives")
SYLVIE: Final = "Sylvie Bernard"


class SylvieAndHerReaders:
    """Bills `LO-1` (an invoice), `LO-AV` (a credit note), `LO-R` (a corrective) of Lumière, `EAU-1` of Eaux."""

    def __init__(self, world: World) -> None:
        self.world, self.store = world, world.store
        self.lumiere, self.eaux = world.issuer("lumiere", "Lumière"), world.issuer("eaux", "Eaux")
        issued = world.today - timedelta(days=5)
        named = (Reference(number="LO-1"),)
        bills = [
            a_bill("LO-1", "C-1", issued, buyer=SYLVIE),
            a_bill("LO-AV", "C-1", issued, "5.00", buyer=SYLVIE, type_code="381", preceding=named),
            a_bill("LO-R", "C-1", issued, "60.00", buyer=SYLVIE, type_code="384", preceding=named),
        ]
        nantes = PostalAddress(line1="4 quai de la Fosse", postcode="44000", city="Nantes", country="FR")
        bills[0] = replace(bills[0], seller=replace(bills[0].seller, address=nantes))  # whole, by EN 16931
        self.bills: dict[str, BillRow] = world.drop(self.lumiere, bills)
        self.bills |= world.drop(self.eaux, [a_bill("EAU-1", "R-1", issued, buyer=SYLVIE)])
        self.sylvie = world.consumer(SYLVIE, holds={self.lumiere: "C-1", self.eaux: "R-1"})
        self.electricity = world.account_id(self.lumiere, "C-1")
        self.water = world.account_id(self.eaux, "R-1")

    def invites(
        self, email: str, *, kinds: tuple[GrantedKind, ...] = ALL_KINDS, accounts: tuple[int, ...] | None = None,
        until: date | None = None, looks: bool = False,
    ) -> int:  # fmt: skip
        """Sylvie invites this address; the grant's id."""
        scope = ReadingScope(kinds=kinds, account_ids=accounts, until_on=until, looks_for_owner=looks)
        with self.store.writing() as session:
            grant = invite_reader(session, self.sylvie.id, email, "other", scope, self.world.now, self.world.today)
            assert isinstance(grant, AccessGrant), grant
            return grant.id

    def reader(self, name: str, **scope: object) -> tuple[Consumer, int]:
        """Somebody with a space of their own, who has accepted; with the grant's id."""
        consumer = self.world.consumer(name)
        grant_id = self.invites(consumer.email, **scope)  # type: ignore[arg-type]
        assert self.accepts(consumer, grant_id)
        return consumer, grant_id

    def accepts(self, consumer: Consumer, grant_id: int) -> bool:
        with self.store.writing() as session:
            return accept_invitation(session, grant_id, consumer.id, self.world.now, self.world.today)

    def revokes(self, grant_id: int) -> bool:
        with self.store.writing() as session:
            return revoke_grant(session, grant_id, self.sylvie.id, self.world.now)

    def also_holds(self, consumer: Consumer, account_id: int) -> None:
        with self.store.writing() as session:
            enrol(session, consumer.id, account_id, self.world.now)


def share_with(world: World, reader: Consumer, issuer_id: int, number: str) -> None:
    """Somebody lets this reader read a contract, somebody else invites them to; and the reader lets one read and
    invites another: all pages of grants have something to say."""
    owners = [world.consumer(name, holds={issuer_id: number}) for name in ("Dora Petit", "Fanny Roux")]
    account, until = world.account_id(issuer_id, number), world.today + timedelta(days=30)
    of_one = ReadingScope(kinds=("invoices",), account_ids=[account], until_on=until, looks_for_owner=True)
    of_all = ReadingScope(kinds=ALL_KINDS)
    asked = [
        (owners[0].id, reader.email, of_one), (owners[1].id, reader.email, of_all),
        (reader.id, owners[0].email, of_all), (reader.id, "nadia@exemple.fr", of_one),
    ]  # fmt: skip
    for n, (owner_id, email, scope) in enumerate(asked):
        with world.store.writing() as session:
            grant = invite_reader(session, owner_id, email, "carer", scope, world.now, world.today)
            assert isinstance(grant, AccessGrant), grant
            if n in (0, 2):
                who = reader.id if n == 0 else owners[0].id
                assert accept_invitation(session, grant.id, who, world.now, world.today)

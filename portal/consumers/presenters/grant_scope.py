"""What an access grant opens, in words: its contracts, its kinds of bills, its last day."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from portal.presenters.labelled_account_number import numbered_within
from portal.translation import say
from store.access_grants.access_grant import AccessGrant, GrantedKind, Relation
from store.access_grants.granted_bills import granted_accounts
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer, issuers_by_id
from words.catalogue import N_

#: What a reader is to the owner.
RELATION_NAMES: Final[dict[Relation, str]] = {
    "spouse": N_("Conjoint, famille"),
    "carer": N_("Aidant, tuteur"),
    "accountant": N_("Comptable"),
    "other": N_("Autre"),
}
#: The kinds of bills that a grant may be limited to.
KIND_NAMES: Final[dict[GrantedKind, str]] = {
    "invoices": N_("Factures"),
    "credit_notes": N_("Avoirs"),
    "correctives": N_("Factures rectificatives"),
}


class GrantScope(NamedTuple):
    """A grant with what it opens in words; *contracts* is empty where none is left."""

    grant: AccessGrant
    relation: str
    contracts: Sequence[str]
    kinds: str

    @property
    def contracts_in_words(self) -> str:
        if self.grant.covers_all:
            return say("Tous, même ajoutés plus tard")
        return ", ".join(self.contracts) or say("Aucun")


def grant_scopes(session: Session, grants: Sequence[AccessGrant]) -> list[GrantScope]:
    """Returns these grants, in their order, with their scopes in words."""
    accounts = granted_accounts(session, [each.id for each in grants])
    issuers = issuers_by_id(session, {account.issuer_id for found in accounts.values() for account in found})
    return [_scope(grant, accounts.get(grant.id, []), issuers) for grant in grants]


def _scope(grant: AccessGrant, accounts: Sequence[CustomerAccount], issuers: Mapping[int, Issuer]) -> GrantScope:
    issued = [(each, issuers[each.issuer_id]) for each in accounts]
    contracts = [f"{issuer.name}, {numbered_within(each, issuer)}" for each, issuer in issued]
    kinds = grant.kinds
    named = ", ".join(say(KIND_NAMES[each]) for each in kinds)
    relation: Relation = grant.relation  # type: ignore[assignment]  # the table's check
    return GrantScope(
        grant, say(RELATION_NAMES[relation]), contracts, say("Toutes") if len(kinds) == len(KIND_NAMES) else named
    )

"""Refuses a profile whose delivery policy the law of its sector forbids; the error names the article.

Only a profile that is handed in is checked, so that a law file that changes never stops an issuer's bills.
"""

from typing import TYPE_CHECKING, Any

from issuers.profile import DirectDebitTable, Policy, Profile
from issuers.profile_section import ProfileError

if TYPE_CHECKING:
    from delivery.law.law_rule import LawRule
    from delivery.law.sector_law import SectorLaw


def check_sector_law(profile: Profile) -> None:
    """Raise ProfileError where `[policy]` or `[direct_debit]` is not allowed to an issuer of this trade."""
    from delivery.law.sector_law import law_of  # the room `delivery` knows this one

    law, policy = law_of(profile.trade), profile.policy
    _check_paper(policy, law)
    _check_default(policy, law)
    _check_prenotification(policy, profile.direct_debit, law)


def _check_paper(policy: Policy, law: "SectorLaw") -> None:
    if policy.paper_fee and (rule := law.forbidding("paper_fee")):
        raise ProfileError("policy.paper_fee", "paper is free of charge ({article})", article=_cited(rule, law))
    if not policy.back_to_paper and (rule := law.forbidding("no_way_back")):
        raise ProfileError(
            "policy.back_to_paper", "customers may have paper again at any time ({article})", article=_cited(rule, law)
        )
    longest = law.paper_again_working_days
    if not 0 <= (policy.paper_again_days or 0) <= longest.value:
        raise ProfileError(
            "policy.paper_again_days", "paper comes again within {most} working days ({article})",
            most=longest.value, article=_cited(longest, law),
        )  # fmt: skip


def _check_default(policy: Policy, law: "SectorLaw") -> None:
    if policy.default_on and not law.default_on.value:
        raise ProfileError(
            "policy.default_on", "paper is left out only with the customer’s consent ({article})",
            article=_cited(law.default_on, law),
        )  # fmt: skip
    shortest = law.default_notice_months
    if policy.notice_months is not None and policy.notice_months < shortest.value:
        raise ProfileError(
            "policy.notice_months", "customers are told at least {least} months before ({article})",
            least=shortest.value, article=_cited(shortest, law),
        )  # fmt: skip


def _check_prenotification(policy: Policy, debit: DirectDebitTable | None, law: "SectorLaw") -> None:
    least = law.shortest_prenotification_days
    agreed = debit.agreed_prenotification_days if debit else None
    if agreed is not None and agreed < least.value:
        raise ProfileError(
            "direct_debit.agreed_prenotification_days", "a mandate agrees on at least {least} days ({article})",
            least=least.value, article=_cited(least, law),
        )  # fmt: skip
    usual = law.prenotification_days
    shortest = usual.value if agreed is None else min(agreed, usual.value)
    if policy.prenotification_days is not None and policy.prenotification_days < shortest:
        raise ProfileError(
            "policy.prenotification_days",
            "a direct debit is announced {least} days before, unless its mandate agrees on fewer in "
            "`direct_debit.agreed_prenotification_days` ({article})",
            least=shortest, article=_cited(usual, law),
        )  # fmt: skip


def _cited(rule: "LawRule[Any]", law: "SectorLaw") -> str:
    """The rule's article, and that on what a breach costs."""
    return f"{rule.article} ; {law.sanction}" if law.sanction else rule.article

"""The clocks of an issuer's delivery policy: those that its profile names, else those of its sector's law. Pure."""

from typing import NamedTuple

from issuers.profile import Profile


class PolicyClocks(NamedTuple):
    """*paper_again_days*: working days from a customer's request for paper to the day from which bills go on paper.
    *prenotification_days*: days before a direct debit is due. *notice_months*: from the notice of a default to the
    first bill without paper."""

    paper_again_days: int
    prenotification_days: int
    notice_months: int


def policy_clocks(profile: Profile) -> PolicyClocks:
    """The clocks of this profile."""
    from delivery.law.sector_law import law_of  # the room `delivery` knows this one

    law, policy = law_of(profile.trade), profile.policy
    agreed = profile.direct_debit.agreed_prenotification_days if profile.direct_debit else None
    return PolicyClocks(
        paper_again_days=_own(policy.paper_again_days, law.paper_again_working_days.value),
        prenotification_days=_own(policy.prenotification_days, _own(agreed, law.prenotification_days.value)),
        notice_months=_own(policy.notice_months, law.default_notice_months.value),
    )


def _own(days: int | None, usual: int) -> int:
    return usual if days is None else days

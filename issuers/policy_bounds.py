"""Between which figures each choice of `[policy]` stays, and what the most rests on: an article, or the trade.

Only a profile that is handed in is checked, so that a bound that changes never stops an issuer's bills. What the law of
the sector asks besides is checked by `issuers.sector_law_check`.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from issuers.profile import Policy
from issuers.profile_section import ProfileError
from words.catalogue import M_
from words.spoken_error import SpokenError

_USUAL: Final = Policy()


class PolicyBound(NamedTuple):
    """A key of `[policy]`, its least and most figure, why the most, and how many figures it may have."""

    key: str
    least: int
    most: int
    why: str
    most_figures: int = 1

    @property
    def spoken(self) -> SpokenError:
        """What may be given, and why no more."""
        why = SpokenError(self.why)
        if self.most_figures > 1:
            return SpokenError(
                "at most {count} figures, from {least} to {most}: {why}",
                count=self.most_figures, least=self.least, most=self.most, why=why,
            )  # fmt: skip
        return SpokenError("a figure from {least} to {most}: {why}", least=self.least, most=self.most, why=why)

    def has(self, figures: tuple[int | Decimal, ...]) -> bool:
        """Whether these are as many as may be, each within the bounds."""
        return len(figures) <= self.most_figures and all(self.least <= each <= self.most for each in figures)


BOUNDS: Final = {
    bound.key: bound
    for bound in (
        # A reminder by each channel: e-mail, SMS, notification.
        PolicyBound(
            "remind_after_days", 1, 30, M_("each reminder goes by another channel, and there are three"), most_figures=3
        ),
        PolicyBound(
            "least_days_to_pay", 0, 60,
            M_("businesses agree on 60 days from the issue at most (C. com. L441-10)"),
        ),
        PolicyBound("post_days", 0, 30, M_("no class of postage takes longer")),
        PolicyBound("notice_months", 0, 24, M_("who was told two years ago has forgotten it")),
        PolicyBound("prenotification_days", 0, 60, M_("no debit is announced before its bill")),
        PolicyBound("tolerance", 0, 100, M_("what is more is not given up unseen")),
        PolicyBound("least_reminded", 0, 100, M_("what is more is not forgotten")),
        PolicyBound(
            "dispute_days", 0, 366,
            M_("a customer has a year from the complaint to turn to a mediator (C. conso. L612-2)"),
        ),
    )
}  # fmt: skip


def check_policy_bounds(policy: Policy, present: Policy = _USUAL) -> None:
    """Raise ProfileError for the first choice that is out of its bounds; the message says what they are, and why. One
    that stands in the *present* policy was taken before there was its bound, and may stay as it is."""
    for key, bound in BOUNDS.items():
        value = getattr(policy, key)
        if value == getattr(present, key):
            continue
        figures = () if value is None else value if isinstance(value, tuple) else (value,)
        if not bound.has(figures):
            raise ProfileError(f"policy.{key}", "give {bounds}", bounds=bound.spoken)

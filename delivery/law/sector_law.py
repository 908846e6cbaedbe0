"""The law of a sector, read from a file of this folder: what its issuers owe their customers, and may not do."""

from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

import msgspec

from delivery.law.law_rule import LawRule

#: The trades of issuers, as `issuers.profile.Profile.trade` has them.
Trade = Literal["electricity", "gas", "water", "telecom", "bank", "insurance", "town", "other"]
#: What an issuer may not do.
Forbidden = Literal["paper_fee", "no_way_back"]
#: What the e-mail that brings a bill must itself say.
Mention = Literal["amount", "due_date", "link"]
#: What becomes of an account whose holders leave the yearly question unanswered. `paper_unless_seen`: paper, unless
#: somebody has looked at one of its bills within the year.
Unanswered = Literal["digital", "paper", "paper_unless_seen"]

Days = Annotated[int, msgspec.Meta(ge=1)]
Months = Annotated[int, msgspec.Meta(ge=0)]


class SectorLaw(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules for the bills of some trades. No key may be missing from a file, and none be unknown."""

    sector: str
    trades: tuple[Trade, ...]
    sanction: str  # the article on what it costs to break them; "" for none that is known
    suitable_medium: LawRule[bool]  # paper, where another medium does not suit the customer or cannot be read
    default_on: LawRule[bool]  # bills may go without paper before the customer has consented
    default_notice_months: LawRule[Months]  # and then so long after it was announced
    paper_again_working_days: LawRule[Days]  # from the request for paper to the day from which bills go on paper
    prenotification_days: LawRule[Days]  # before a direct debit is due, its amount and date are told
    shortest_prenotification_days: LawRule[Days]  # the least that a mandate may agree on
    yearly_check: LawRule[bool]  # ask each year whether the medium still suits
    check_announced_days: LawRule[Days]  # so long before it is due
    unanswered_check: LawRule[Unanswered]
    message_says: LawRule[tuple[Mention, ...]]
    forbids: tuple[LawRule[Forbidden], ...]

    def forbidding(self, act: Forbidden) -> LawRule[Forbidden] | None:
        """The rule that forbids this act, or None."""
        return next((rule for rule in self.forbids if rule.value == act), None)


class LawFileError(ValueError):
    """A law file cannot be used; the message names the file and the key."""


def law_of(trade: str) -> SectorLaw:
    """The law for an issuer of this trade. Raises KeyError for a trade that is none of `Trade`."""
    return _laws()[trade]


def all_laws() -> list[SectorLaw]:
    """The law of every sector, by the names of their files."""
    return [read_law(path.read_text(encoding="utf-8"), path.name) for path in law_files()]


def law_files() -> list[Path]:
    """The files of this folder, by their names."""
    return sorted(Path(__file__).parent.glob("*.toml"))


def read_law(text: str, name: str) -> SectorLaw:
    """Parse a law file. Raises LawFileError where it is not TOML, or a key is unknown, missing or mistyped."""
    try:
        return msgspec.toml.decode(text, type=SectorLaw)
    except msgspec.DecodeError as error:
        raise LawFileError(f"{name}: {error}") from error


@cache
def _laws() -> dict[str, SectorLaw]:
    """The laws by trade. Raises LawFileError unless each trade is in one file, and in one only."""
    by_trade: dict[str, SectorLaw] = {}
    for law in all_laws():
        for trade in law.trades:
            if trade in by_trade:
                raise LawFileError(f"{law.sector}: {trade} is in {by_trade[trade].sector} already")
            by_trade[trade] = law
    if missing := set(TRADES) - by_trade.keys():
        raise LawFileError(f"no law file is for {', '.join(sorted(missing))}")
    return by_trade


TRADES: Final[tuple[Trade, ...]] = get_args(Trade)

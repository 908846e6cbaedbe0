"""A held feed's figures beside those of the feeds before it, in words."""

from decimal import Decimal
from typing import Final, NamedTuple

from markupsafe import Markup
from sqlalchemy.orm import Session

from feeds.holds.feed_comparison import ComparedFigure, FigureKind, compare_feed
from issuers.profile import read_profile
from portal.presenters.amounts_and_dates import money, number, share
from portal.translation import say
from store.feeds.feed import Feed, earlier_feed_counts
from store.issuer import Issuer
from words.catalogue import N_

_NAMES: Final[dict[FigureKind, str]] = {
    "volume": N_("Nombre de factures"),
    "mean_amount": N_("Montant moyen"),
    "new_accounts": N_("Part de comptes nouveaux"),
    "rejects": N_("Part de refus"),
}


class FigureInWords(NamedTuple):
    """A figure's name, what it is in this feed, usually, and between what it lay."""

    name: str
    now: str | Markup
    usual: str | Markup
    between: str
    is_odd: bool


class FeedComparison(NamedTuple):
    """How many feeds came before, and each figure beside theirs."""

    feeds: int
    figures: list[FigureInWords]


def feed_comparison(session: Session, feed: Feed, issuer: Issuer) -> FeedComparison | None:
    """Returns what a held feed was compared with; None for any other, and for an issuer's first."""
    if feed.state != "held" or feed.content != "bills":
        return None
    before = earlier_feed_counts(session, feed, read_profile(issuer.profile).breaker.history)
    rules = feed.reason.values.get("rules", [])
    figures = compare_feed(feed.figures, before, rules if isinstance(rules, list) else [])
    return FeedComparison(len(before), [_in_words(each) for each in figures]) if figures else None


def _in_words(figure: ComparedFigure) -> FigureInWords:
    lowest, highest = _spelled(figure, figure.lowest), _spelled(figure, figure.highest)
    between = say("de {lowest} à {highest}", lowest=lowest, highest=highest)
    now, usual = _spelled(figure, figure.now), _spelled(figure, figure.usual)
    return FigureInWords(say(_NAMES[figure.kind]), now, usual, between, figure.is_odd)


def _spelled(figure: ComparedFigure, value: float) -> str | Markup:
    match figure.kind:
        case "volume":
            return number(round(value))
        case "mean_amount":
            return money(Decimal(f"{value:.2f}"), figure.currency)
        case _:
            return share(value)

"""A held feed's figures beside those of its issuer's feeds before."""

from decimal import Decimal

from feeds.holds.feed_comparison import compare_feed
from store.feeds.feed_counts_as_read import FeedCounts


def feed(items: int, mean: int = 80, strangers: int = 0, refused: int = 0) -> FeedCounts:
    return FeedCounts(items, refused, strangers, {"EUR": items}, {"EUR": Decimal(items * mean)})


def test_each_figure_stands_beside_the_usual_one() -> None:
    before = [feed(100), feed(110, 82), feed(96, 78, strangers=12)]
    volume, mean, accounts, rejects = compare_feed(feed(40, 81, 10, 2), before, ["DRIFT-VOLUME"])
    assert (volume.now, volume.usual, volume.lowest, volume.highest, volume.is_odd) == (40, 100, 96, 110, True)
    assert (mean.kind, mean.currency, mean.now, mean.usual, mean.is_odd) == ("mean_amount", "EUR", 81.0, 80.0, False)
    assert (accounts.now, accounts.highest) == (10 / 38, 0.125)
    assert (rejects.now, rejects.usual) == (0.05, 0.0)


def test_a_first_feed_and_one_that_was_not_read_have_nothing_beside_them() -> None:
    assert compare_feed(feed(40), [], []) == []
    assert compare_feed(FeedCounts(), [feed(40)], []) == []


def test_a_currency_that_never_came_has_no_usual_mean() -> None:
    swiss = FeedCounts(2, counts={"CHF": 2}, sums={"CHF": Decimal(20)})
    assert {each.kind for each in compare_feed(swiss, [feed(3)], [])} == {"volume", "new_accounts", "rejects"}

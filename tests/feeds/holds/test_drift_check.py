"""The circuit breaker: what is unlike an issuer's feeds, and what is only a month like others."""

from decimal import Decimal
from typing import Any

import pytest

from feeds.holds.drift_check import drift_hold_reasons
from issuers.profile import DriftTable, ProfileError, read_profile
from store.feeds.feed_counts_as_read import FeedCounts


def month(
    items: int = 100, mean: str = "50.00", refused: int = 0, strangers: int = 2, currency: str = "EUR"
) -> FeedCounts:
    taken = items - refused
    return FeedCounts(items, refused, strangers, {currency: taken}, {currency: taken * Decimal(mean)})


def rules(read: FeedCounts, before: list[FeedCounts], **breaker: Any) -> list[str]:
    return [doubt.rule for doubt in drift_hold_reasons(read, before, DriftTable(**breaker))]


YEAR = [month(items) for items in (100, 102, 97, 101, 99, 103, 100, 98, 104, 100, 101, 99)]


def test_a_month_like_the_others_is_none() -> None:
    assert rules(month(101), YEAR) == []


@pytest.mark.parametrize(
    ("odd", "rule"),
    [
        (month(38), "DRIFT-VOLUME"),
        (month(230), "DRIFT-VOLUME"),
        (month(mean="5000.00"), "DRIFT-AMOUNT"),
        (month(mean="0.50"), "DRIFT-AMOUNT"),
        (month(mean="0.00"), "DRIFT-AMOUNT"),
        (month(mean="-50.00"), "DRIFT-AMOUNT"),
        (month(strangers=40), "DRIFT-ACCOUNTS"),
        (month(refused=30), "DRIFT-REJECTS"),
    ],
)
def test_each_figure_that_drifts_is_a_doubt(odd: FeedCounts, rule: str) -> None:
    assert rules(odd, YEAR) == [rule]


def test_a_doubt_says_both_figures_in_one_sentence() -> None:
    [volume] = drift_hold_reasons(month(38), YEAR, DriftTable())
    assert volume.message == "38 bills, usually 100 (-62 %)"
    assert (volume.severity, volume.values["usual"]) == ("warning", 100)
    [amount] = drift_hold_reasons(month(mean="5000.00"), YEAR, DriftTable())
    assert amount.message == "mean amount 5000.00 EUR, usually 50.00 EUR"


def test_several_doubts_are_all_said() -> None:
    assert rules(month(30, "900.00", refused=15), YEAR) == ["DRIFT-VOLUME", "DRIFT-AMOUNT", "DRIFT-REJECTS"]


def test_without_a_history_nothing_drifts() -> None:
    assert rules(month(5000, "9.00"), []) == []
    assert rules(month(5000, "9.00"), YEAR[:3]) == []
    assert rules(month(5000, "9.00"), YEAR[:3], least_feeds=3) != []


def test_single_bills_have_no_habit() -> None:
    """Somebody who sends each bill in a file of its own may well send a hundred at once."""
    ones = [FeedCounts(1, 0, 1, {"EUR": 1}, {"EUR": Decimal(each)}) for each in (3, 900, 44, 12, 70, 81_000)]
    assert rules(month(1000, "9999.00"), ones) == []


def test_what_a_person_has_released_is_no_surprise_the_next_time() -> None:
    corrections = month(4, "-30.00")
    assert rules(corrections, YEAR) == ["DRIFT-VOLUME", "DRIFT-AMOUNT"]
    assert rules(month(5, "-20.00"), [*YEAR[1:], corrections]) == []


def test_a_winter_is_no_drift() -> None:
    """Electricity costs twice in January what it costs in August, and climbs there month by month."""
    seasons = [month(mean=mean) for mean in ("41.00", "40.00", "44.00", "58.00", "79.00")]
    assert rules(month(mean="98.00"), seasons) == []


def test_an_issuer_whose_feeds_vary_wildly_is_given_room() -> None:
    wild = [month(items) for items in (20, 400, 90, 35, 700, 150)]
    assert rules(month(15), wild) == []
    assert rules(month(900), wild) == []


def test_a_few_refusals_are_for_the_report_alone() -> None:
    assert rules(FeedCounts(8, 3, 0, {}, {}), [FeedCounts(8, 0, 0, {}, {})] * 5) == []


def test_a_first_feed_is_of_new_accounts_alone_and_no_habit() -> None:
    first, second_town = month(strangers=100), month(strangers=80)
    assert rules(month(strangers=40), [first, *YEAR[:5]]) == ["DRIFT-ACCOUNTS"]
    assert rules(month(strangers=40), [first, second_town, *YEAR[:5]]) == [], "it has happened before"


def test_a_currency_without_a_history_is_not_compared() -> None:
    assert rules(month(mean="9000.00", currency="XPF"), YEAR) == []


def test_the_profile_sets_the_thresholds_or_turns_it_off() -> None:
    assert rules(month(60), YEAR, volume=1.5) == ["DRIFT-VOLUME"]
    assert rules(month(60), YEAR) == []
    assert rules(month(1), YEAR, on=False) == []
    assert read_profile("[breaker]\nvolume = 1.5\n").breaker.volume == 1.5


@pytest.mark.parametrize(
    "line", ["volume = 1.0", "mean_amount = 0.5", "rejects = 20.0", "least_feeds = 13", "volume = nan"]
)
def test_a_threshold_that_makes_no_sense_is_named(line: str) -> None:
    with pytest.raises(ProfileError, match="breaker"):
        read_profile(f"[breaker]\n{line}\n")

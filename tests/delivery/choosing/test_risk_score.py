"""Why an account's letters are not kept waiting for a reader: points and reasons, and what may never be one."""

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from delivery.choosing import reading_history, risk_score
from delivery.choosing.risk_score import ReadingHistory, Risk, RiskWeights, risk_of, risk_weights
from tests.spelled_reasons import english, french

TODAY = date(2026, 3, 3)
#: What says how old somebody is, or stands for it.
FORBIDDEN = (
    "age", "birth", "born", "honorific", "title", "civility", "name", "large_print", "language", "gender", "died",
    "paper_by_right", "postcode", "address",
)  # fmt: skip


def risk(channels: int = 2, relationship: str = "", **history: object) -> Risk:
    return risk_of(ReadingHistory(**history), channels, relationship, TODAY)  # type: ignore[arg-type]


def signs(found: Risk) -> dict[str, int]:
    return {sign.reason.code: sign.points for sign in found.signs}


def test_alice_who_reads_has_none() -> None:
    found = risk(shown=12, last_read=date(2026, 2, 20), without_paper_since=date(2024, 1, 1))
    assert (found.score, found.is_at_risk, found.signs) == (0, False, ())


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ({"shown": 4, "last_read": date(2025, 12, 1), "unread_in_row": 1}, {"risk_unread_in_row": 2}),
        ({"shown": 2, "unread_in_row": 1}, {"risk_unread_in_row": 2, "risk_never_read": 2}),
        ({"shown": 1}, {}),
        ({"shown": 9, "last_read": date(2025, 10, 1)}, {"risk_not_read_lately": 1}),
        ({"bounces": 3}, {"risk_bounced": 2}),
        ({"without_paper_since": date(2026, 2, 1)}, {"risk_new": 1}),
        ({"shown": 9, "last_read": date(2025, 12, 1), "unread_in_row": 5}, {"risk_unread_in_row": 4}),
    ],
)
def test_each_sign_has_its_points(history: dict[str, object], expected: dict[str, int]) -> None:
    assert signs(risk(**history)) == expected


def test_one_channel_and_a_trial_are_signs_too() -> None:
    assert signs(risk(channels=1)) == {"risk_one_channel": 1}
    trial = risk(relationship="DIGITAL_TRIAL")
    assert (signs(trial), trial.is_at_risk) == ({"risk_trial": 1}, True)


def test_two_bills_unread_in_a_row_are_enough() -> None:
    read = date(2025, 12, 1)
    assert not risk(shown=6, last_read=read, unread_in_row=1).is_at_risk
    assert risk(shown=6, last_read=read, unread_in_row=2).is_at_risk


def test_the_thresholds_are_data() -> None:
    weights = msgspec.structs.replace(risk_weights(), at_risk_from=2)
    assert risk_of(ReadingHistory(unread_in_row=1, last_read=TODAY), 2, "", TODAY, weights).is_at_risk


def test_every_point_of_the_table_is_a_sign_and_every_sign_is_said() -> None:
    found = risk_of(
        ReadingHistory(shown=3, unread_in_row=2, bounces=1, without_paper_since=TODAY), 1, "DIGITAL_TRIAL", TODAY
    )
    late = risk(last_read=date(2020, 1, 1))
    codes = {sign.reason.code.removeprefix("risk_") for sign in (*found.signs, *late.signs)}
    assert codes == set(risk_weights().points)
    assert [french(sign.reason) for sign in found.signs] == [
        "2 factures de suite sans lecture", "aucune lecture en ligne sur 3 factures", "1 message en retour",
        "un seul moyen d’écrire à ses titulaires", "sans papier depuis 0 jour", "le papier vient de s’arrêter",
    ]  # fmt: skip
    assert all(english(sign.reason) for sign in found.signs)


def test_nothing_that_stands_for_age_comes_in() -> None:
    """Not as a field, not as a column that is read, not as a key of the table."""
    fields = {*ReadingHistory.__struct_fields__, *RiskWeights.__struct_fields__}
    table = {*risk_weights().points, *risk_weights().limits}
    code = "\n".join(
        Path(module.__file__ or "").read_text(encoding="utf-8") for module in (risk_score, reading_history)
    )
    read = set(re.findall(r"(?:BillRow|CustomerAccount|Consumer|CustomerReference|Delivery|Receipt)\.(\w+)", code))
    assert "viewed_at" in read
    words = {word for name in fields | table | read for word in name.split("_")}
    assert [each for each in FORBIDDEN if each in words or each in fields | table | read] == []
    assert not re.search(r"import .*(Consumer|CustomerReference)", code)

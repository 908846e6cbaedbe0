"""What an account is counted by is found in its packed changes without decoding them."""

from datetime import date

from adoption.account_day_changes import (
    ACTS,
    CLAIM_DAYS,
    CLAIM_FAILURES,
    LEVELS,
    AccountDayChange,
    pack_changes,
    traces_of,
    unpack_changes,
)
from adoption.account_states import STATES

#: A day and a state whose bytes are like no number of a measure.
DAY = date(2026, 3, 31).toordinal()
STATE = STATES[-1]


def packed(*measures: str, value: int = 1) -> bytes:
    changes = [AccountDayChange(DAY, STATE, measure, value) for measure in measures]
    content = pack_changes(changes)
    assert list(unpack_changes(content)) == changes
    return content


def is_traced(measure: str, content: bytes) -> bool:
    return any(trace in content for trace in traces_of(measure))


def test_the_traces_of_a_measure_are_those_of_no_other() -> None:
    for measure in (*LEVELS, *ACTS):
        assert [each for each in (*LEVELS, *ACTS) if is_traced(each, packed(measure))] == [measure]
    assert all(is_traced(measure, packed(measure, value=7)) for measure in ACTS)
    assert not any(is_traced(measure, packed(measure, value=-1)) for measure in LEVELS), "it only ended"
    failures = [each for each in ACTS if is_traced(CLAIM_FAILURES, packed(each))]
    assert failures == [each for each in ACTS if each.startswith(CLAIM_FAILURES)]
    assert is_traced(CLAIM_DAYS, packed("claims", f"{CLAIM_DAYS}300"))

"""The twelve states of an account: each is reached, the sinks win, and the order in which history is told is
nothing."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from delivery.relationship.account_history import AccountHistory, BillReading, GivenConsent, KnownNotice
from delivery.relationship.relationship_state import (
    RELATIONSHIP_STATES,
    AccountRelationship,
    RelationshipState,
    relationship_of,
)
from store.accounts.account_notice import AccountNoticeKind
from store.accounts.legal_basis import LEGAL_BASES
from words.reason_sentences import REASONS

TODAY = date(2026, 6, 15)
_n = count(1)


def on(day: date | str, hour: int = 9) -> datetime:
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def consent(day: str, act: str = "paperless", basis: str = "consent") -> GivenConsent:
    return GivenConsent(at=on(day), n=next(_n), act=act, basis=basis)


def notice(day: str, kind: AccountNoticeKind) -> KnownNotice:
    return KnownNotice(at=on(day), n=next(_n), kind=kind)


def bills(*told: str) -> tuple[BillReading, ...]:
    """Alice's bills: `2026-02-01 read`, `2026-03-01 unread`."""
    parts = [each.split() for each in told]
    return tuple(BillReading(at=on(day), bill_id=next(_n), is_read=word == "read") for day, word in parts)


ALICE = (on("2026-01-05"),)
SINCE_JANUARY = {"holders_since": ALICE, "consents": (consent("2026-01-10"),)}


@pytest.mark.parametrize(
    ("said", "state", "channel", "since"),
    [
        ({}, "PAPER", "paper", None),
        ({"consents": (consent("2026-01-10"),)}, "PAPER", "paper", None),
        ({"invited_at": on("2026-06-01")}, "INVITED", "paper", "2026-06-01"),
        ({"notices": (notice("2026-06-01", "invited"),)}, "INVITED", "paper", "2026-06-01"),
        ({"invited_at": on("2025-12-17")}, "PAPER", "paper", None),
        ({"invited_at": on("2025-12-18")}, "INVITED", "paper", "2025-12-18"),
        ({"notices": (notice("2026-06-02", "claim_started"),)}, "CLAIM_STARTED", "paper", "2026-06-02"),
        ({"notices": (notice("2026-06-01", "claim_started"),)}, "PAPER", "paper", None),
        (
            {"notices": (notice("2026-06-02", "claim_started"),), "holders_since": ALICE},
            "LINKED_DUAL", "paper", "2026-01-05",
        ),
        ({"holders_since": ALICE}, "LINKED_DUAL", "paper", "2026-01-05"),
        (SINCE_JANUARY, "DIGITAL_TRIAL", "portal", "2026-01-10"),
        (SINCE_JANUARY | {"readings": bills("2026-02-01 read")}, "DIGITAL_TRIAL", "portal", "2026-01-10"),
        (
            SINCE_JANUARY | {"readings": bills("2026-02-01 read", "2026-03-01 unread", "2026-04-01 read")},
            "DIGITAL", "portal", "2026-04-01",
        ),
        (SINCE_JANUARY | {"readings": bills("2026-02-01 unread")}, "DIGITAL_TRIAL", "portal", "2026-01-10"),
        (
            SINCE_JANUARY | {"readings": bills("2026-02-01 unread", "2026-03-01 unread", "2026-04-01 unread")},
            "AT_RISK", "portal", "2026-03-01",
        ),
        (
            SINCE_JANUARY | {"readings": bills(
                "2026-02-01 read", "2026-02-15 read", "2026-03-01 unread", "2026-04-01 unread", "2026-05-01 read"
            )},
            "DIGITAL", "portal", "2026-05-01",
        ),
        (
            SINCE_JANUARY | {"readings": bills("2026-03-01 unread", "2026-04-01 unread", "2026-05-01 read")},
            "DIGITAL_TRIAL", "portal", "2026-05-01",
        ),
        (  # nobody can be told of them: they go by post
            SINCE_JANUARY | {"readings": bills("2026-02-01 read", "2026-03-01 read"),
             "unreached_since": on("2026-04-01")},
            "AT_RISK", "paper", "2026-04-01",
        ),
        (SINCE_JANUARY | {"unreached_since": on("2026-06-20")}, "DIGITAL_TRIAL", "portal", "2026-01-10"),
        (SINCE_JANUARY | {"closed_on": date(2026, 5, 1)}, "CLOSED", "portal", "2026-05-01"),
        (
            SINCE_JANUARY | {"closed_on": date(2026, 5, 1), "unreached_since": on("2026-04-01")},
            "CLOSED", "paper", "2026-05-01",
        ),
        (  # what was read on paper, before, is nothing here
            SINCE_JANUARY | {"readings": bills("2026-01-09 read", "2026-02-01 read")},
            "DIGITAL_TRIAL", "portal", "2026-01-10",
        ),
        (
            {"holders_since": ALICE, "consents": (consent("2025-01-10"), consent("2025-06-16", "paper"))},
            "PAPER_BY_CHOICE", "paper", "2025-06-16",
        ),
        (
            {"holders_since": ALICE, "consents": (consent("2025-01-10"), consent("2025-06-15", "paper"))},
            "LINKED_DUAL", "paper", "2026-06-15",
        ),
        ({"consents": (consent("2025-01-10"), consent("2025-06-15", "paper"))}, "PAPER", "paper", "2025-06-15"),
        (
            {"consents": (consent("2026-01-10"), consent("2026-06-01", "paper", "no_reader"))},
            "PAPER", "paper", "2026-06-01",
        ),
        ({"holders_since": ALICE, "notices": (notice("2026-04-01", "objected"),)}, "PAPER_BY_CHOICE", "paper",
         "2026-04-01"),
        (
            {"holders_since": ALICE, "notices": (notice("2026-04-01", "objected"),),
             "consents": (consent("2026-05-01"),)},
            "DIGITAL_TRIAL", "portal", "2026-05-01",
        ),
        (SINCE_JANUARY | {"paper_by_right": "exempt", "exempt_since": on("2026-02-02")}, "EXEMPT", "paper",
         "2026-02-02"),
        ({"notices": (notice("2026-05-01", "moved"),)}, "MOVED", "paper", "2026-05-01"),
        (SINCE_JANUARY | {"notices": (notice("2026-05-01", "moved"),)}, "MOVED", "portal", "2026-05-01"),
        ({"notices": (notice("2026-05-01", "moved"), notice("2026-05-02", "address_known"))}, "PAPER", "paper", None),
        ({"died_on": date(2026, 5, 5), "paper_by_right": "exempt"}, "DECEASED_HOLD", "paper", "2026-05-05"),
        ({"closed_on": TODAY}, "PAPER", "paper", None),
        ({"closed_on": TODAY - timedelta(days=1)}, "CLOSED", "paper", "2026-06-14"),
        ({"standing": "former", "notices": (notice("2026-05-01", "passed_on"),)}, "CLOSED", "paper", "2026-05-01"),
    ],
)  # fmt: skip
def test_each_state_has_its_history(
    said: dict[str, Any], state: RelationshipState, channel: str, since: str | None
) -> None:
    found = relationship_of(AccountHistory(**said), TODAY)
    day = found.since.date() if isinstance(found.since, datetime) else found.since
    assert (found.state, found.channel, day) == (state, channel, since and date.fromisoformat(since))


def test_a_year_after_the_29th_of_february_is_the_28th() -> None:
    history = AccountHistory(holders_since=ALICE, consents=(consent("2028-02-29", "paper"),))
    assert relationship_of(history, date(2029, 2, 27)).state == "PAPER_BY_CHOICE"
    assert relationship_of(history, date(2029, 2, 28)).state == "LINKED_DUAL"


def test_default_on_is_on_trial_and_says_so() -> None:
    history = AccountHistory(holders_since=ALICE, consents=(consent("2026-05-01", basis="default_on"),))
    found = relationship_of(history, TODAY)
    assert (found.state, found.why.code) == ("DIGITAL_TRIAL", "paperless_by_default")


def test_a_question_about_the_number_is_no_state_but_a_reason() -> None:
    assert relationship_of(AccountHistory(standing="provisional"), TODAY).why.code == "account_in_question"
    held = relationship_of(AccountHistory(standing="provisional", holders_since=ALICE), TODAY)
    assert (held.state, held.why.code) == ("LINKED_DUAL", "account_in_question")


moments = st.integers(0, 900).map(lambda hours: on("2024-06-01") + timedelta(hours=20 * hours))
days = st.none() | st.integers(-400, 400).map(lambda n: TODAY + timedelta(days=n))
consents = st.builds(
    GivenConsent, at=moments, n=st.integers(1, 10**6), act=st.sampled_from(["paperless", "paper"]),
    basis=st.sampled_from(LEGAL_BASES),
)  # fmt: skip
notices = st.builds(
    KnownNotice, at=moments, n=st.integers(1, 10**6), kind=st.sampled_from(get_args(AccountNoticeKind))
)  # fmt: skip
readings = st.builds(BillReading, at=moments, bill_id=st.integers(1, 10**6), is_read=st.booleans())


def unique(row: Any) -> Any:
    return getattr(row, "n", None) or row.bill_id


histories = st.builds(
    AccountHistory,
    consents=st.lists(consents, max_size=4, unique_by=unique).map(tuple),
    notices=st.lists(notices, max_size=6, unique_by=unique).map(tuple),
    readings=st.lists(readings, max_size=6, unique_by=unique).map(tuple),
    holders_since=st.lists(moments, max_size=2).map(tuple),
    invited_at=st.none() | moments,
    died_on=st.none() | days,
    closed_on=st.none() | days,
    paper_by_right=st.sampled_from(["", "", "", "exempt"]),
    exempt_since=st.none() | moments,
    standing=st.sampled_from(["own", "own", "provisional", "apart", "former", "split"]),
)


@settings(max_examples=150, deadline=None)
@given(history=histories, seed=st.integers(0, 10**6))
def test_any_history_has_one_state_in_whatever_order_it_is_told(history: AccountHistory, seed: int) -> None:
    found = relationship_of(history, TODAY)
    assert found.state in RELATIONSHIP_STATES
    assert found.why.code in REASONS
    assert relationship_of(shuffled(history, Random(seed)), TODAY) == found


def shuffled(history: AccountHistory, random: Random) -> AccountHistory:
    def mixed(rows: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(random.sample(rows, len(rows)))

    return replace(
        history, consents=mixed(history.consents), notices=mixed(history.notices), readings=mixed(history.readings),
        holders_since=mixed(history.holders_since),
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(history=histories)
def test_the_sinks_win_in_their_order(history: AccountHistory) -> None:
    dead = replace(history, died_on=date(2026, 5, 5))
    closed = replace(history, died_on=None, closed_on=date(2026, 5, 5))
    open_account = replace(history, died_on=None, closed_on=None, standing="own")
    exempt = replace(open_account, paper_by_right="exempt")
    lost = KnownNotice(at=on(TODAY, 23), n=10**7, kind="moved")
    moved = replace(open_account, paper_by_right="", notices=(*history.notices, lost))
    states = [relationship_of(each, TODAY).state for each in (dead, closed, exempt, moved)]
    assert states == ["DECEASED_HOLD", "CLOSED", "EXEMPT", "MOVED"]


@settings(max_examples=100, deadline=None)
@given(history=histories)
def test_nobody_is_paperless_who_did_not_come_to_it_by_a_consent_or_a_notice(history: AccountHistory) -> None:
    found: AccountRelationship = relationship_of(history, TODAY)
    if found.channel == "portal":
        last = max((each for each in history.consents if each.at.date() <= TODAY), key=lambda each: (each.at, each.n))
        assert (last.act, bool(history.holders_since)) == ("paperless", True)

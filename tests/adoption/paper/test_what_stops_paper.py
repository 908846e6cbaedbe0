"""Each reason for which a letter may go has words for what would stop it."""

import re
from inspect import getsource

from adoption.paper import what_stops_paper
from adoption.paper.what_stops_paper import remedy_of
from delivery.choosing import choose_channel
from delivery.notices import working_channels
from words.reason_sentences import REASONS


def test_each_reason_of_a_letter_has_its_remedy() -> None:
    code = getsource(choose_channel._why_paper) + getsource(choose_channel._on_line) + getsource(working_channels)
    told = set(re.findall(r'Reason(?:\.of)?\("(\w+)"', code))
    assert told == told & what_stops_paper._REMEDIES.keys()
    assert "printed_if_unread" in told
    assert what_stops_paper._REMEDIES.keys() <= REASONS.keys()
    assert all(each.name and each.words for each in what_stops_paper._REMEDIES.values())
    assert remedy_of("of a later version").name == "Autre motif"

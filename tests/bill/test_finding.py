"""Findings: a sentence with blanks, and what stands in them, which is a sender's and stays text."""

from decimal import Decimal

from bill import fatal, fill_in, warning
from bill.finding import LONGEST_VALUE


def test_the_message_is_the_sentence_filled_in() -> None:
    finding = fatal("BR-CO-15", "the total is {gross}, but {due}", "BT-112", gross=Decimal("99.00"), due=Decimal(84))
    assert finding.message == "the total is 99.00, but 84"
    assert (finding.severity, finding.place, finding.number) == ("fatal", "BT-112", None)
    assert warning("BR-16", "a bill must have a line").message == "a bill must have a line"


def test_braces_of_a_sender_are_never_read() -> None:
    tricks = ("{0.__class__}", "{code}", "{said!r}", "%(code)s", "{{code}}", "{said.__init__.__globals__}")
    for trick in tricks:
        finding = fatal("BR-CL-04", "'{code}' is no {said}", code=trick, said="currency")
        assert finding.message == f"'{trick}' is no currency"


def test_other_braces_of_a_sentence_stay() -> None:
    sentence = 'control is {"count": …, "sums": {"EUR": …}}, {place}'
    assert fill_in(sentence, {"place": "line 3"}) == 'control is {"count": …, "sums": {"EUR": …}}, line 3'
    assert fill_in("a bill is an object: { … }", {}) == "a bill is an object: { … }"
    assert fill_in("{nobody} knows", {"code": "x"}) == "{nobody} knows"


def test_a_value_is_bounded_and_hides_nothing() -> None:
    long = fatal("DQ-MAIL", "'{said}' is no mail address", said="x" * 10_000_000)
    assert len(str(long.values["said"])) == LONGEST_VALUE + 1
    strange = fatal("DQ-MAIL", "'{said}'", said="a\x00b\u202ec\nd\ud800")
    assert strange.message == "'a\ufffdb\ufffdc\ufffdd\ufffd'"

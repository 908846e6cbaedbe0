"""`facteur demo`: until when it lives, and what it does not begin."""

from tests.cli.conftest import Run


def test_a_day_that_is_yet_to_come_is_not_lived(facteur: Run) -> None:
    assert "2999-01-01 is yet to come" in facteur("demo", "--no-serve", "--until", "2999-01-01", expect=1).stderr


def test_what_is_no_day_is_wrong_usage(facteur: Run) -> None:
    assert "'soon' is no day" in facteur("demo", "--until", "soon", expect=2).stderr


def test_a_home_with_other_issuers_is_left_alone(facteur: Run) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière")
    assert "holds other issuers" in facteur("demo", "--no-serve", "--until", "today", expect=1).stderr

"""A session's cookie is sent anew once a day, and not with every page."""

from collections.abc import Callable

import pytest

from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import World

pytestmark = pytest.mark.beside_any_database


def test_the_cookie_of_a_session_is_sent_anew_once_a_day(
    browser: Callable[[], Browser], world: World, clock: Clock
) -> None:
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    assert "Set-Cookie" not in alice.get("/").headers
    clock.forward(days=1)
    renewed = alice.get("/").headers["Set-Cookie"]
    assert renewed.startswith("facteur=")
    assert "Expires=" in renewed
    assert "Set-Cookie" not in alice.get("/").headers

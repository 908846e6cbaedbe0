"""An endpoint that takes nothing is told on the dashboard, to operators and to its own issuer's members."""

from collections.abc import Callable
from datetime import UTC, datetime

from bill import Reason
from store.outbox.webhook_endpoint import WebhookEndpoint
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_a_disabled_endpoint_is_told(office: Office, staff: Callable[[str], Browser]) -> None:
    assert "n’arrivent plus" not in staff("oscar").get("/equipe/").text
    with office.store.writing() as session:
        session.add(
            WebhookEndpoint(
                issuer_id=1, url="https://one.example/in", types=[], state="disabled", given_upto=0, made_at=NOW,
                disabled_at=NOW, reason=Reason.of("endpoint_dead", days=5),
            )
        )  # fmt: skip
        session.add(
            WebhookEndpoint(
                issuer_id=2, url="https://two.example/in", types=[], state="disabled", given_upto=0, made_at=NOW,
                disabled_at=NOW, reason=Reason("endpoint_gone"),
            )
        )  # fmt: skip
    page = staff("oscar").get("/equipe/").text
    assert "https://one.example/in, il n’a rien accepté pendant 5 jours" in page
    assert "https://two.example/in, il a répondu 410" in page
    theirs = staff("mina").get("/equipe/").text
    assert ("https://one.example/in" in theirs) != ("https://two.example/in" in theirs)

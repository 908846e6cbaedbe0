"""A reason on a page is in the visitor's language, with that language's spaces; what people wrote stays as it is."""

import pytest
from flask import Flask

from bill import Reason
from portal.presenters.reason_text import reason_text

APP = Flask(__name__)


@pytest.mark.parametrize(
    ("reason", "in_french", "in_english"),
    [
        (
            Reason.of("printed_if_unread", day="2026-03-20"),
            "sans papier\N{NO-BREAK SPACE}: par la poste si personne ne l’a vue le 20 mars 2026",
            "paperless: by post if nobody has seen it on 20 March 2026",
        ),
        (
            Reason.of("email_bounced", answer="550 : no such user !"),
            "le message est revenu\N{NO-BREAK SPACE}: 550 : no such user !",
            "the message came back: 550 : no such user !",
        ),
        (Reason.said("vu avec eux : oui"), "vu avec eux : oui", "vu avec eux : oui"),
    ],
)
def test_a_reason_is_in_the_visitors_language(reason: Reason, in_french: str, in_english: str) -> None:
    with APP.test_request_context(headers={"Accept-Language": "fr"}):
        assert reason_text(reason) == in_french
    with APP.test_request_context(headers={"Accept-Language": "en"}):
        assert reason_text(reason) == in_english

"""A typed client of the issuers' API, over httpx (`pip install facteur[client]`): see docs/api.md."""

from facteur.client.api_types import CustomerStatement, EventMessage, FeedReport, ToldPayment
from facteur.client.facteur_client import FacteurClient
from facteur.client.problem_error import NoAnswerError, ProblemError
from facteur.client.webhook_signature import NotGenuineError, WebhookVerifier

__all__ = [
    "CustomerStatement",
    "EventMessage",
    "FacteurClient",
    "FeedReport",
    "NoAnswerError",
    "NotGenuineError",
    "ProblemError",
    "ToldPayment",
    "WebhookVerifier",
]

"""A simulated operator: releases the held feeds every morning in the portal."""

from typing import Final

from flask import Flask
from sqlalchemy import select

from demo.demo_credentials import OPERATOR, PASSWORD
from demo.people.browser_client import Browser
from store import Store
from store.feeds.feed import Feed

_REASON: Final = "Confirmé au téléphone par l’émetteur."


class SimulatedOperator:
    """An operator with a browser at the portal *app*."""

    def __init__(self, app: Flask, store: Store, place: int) -> None:
        self._browser = Browser(app, place)
        self._store = store
        self._has_signed_in = False

    def decide(self) -> None:
        """Release every held feed, with a reason."""
        with self._store.reading() as session:
            held = session.scalars(select(Feed.id).where(Feed.state == "held", Feed.decided_by == "")).all()
        for feed_id in held:
            if not self._has_signed_in:
                door = "/equipe/connexion"
                self._browser.fill(door, door, email=OPERATOR, password=PASSWORD)
                self._has_signed_in = True
            page = f"/equipe/flux/{self._store.public_ids.of('feed', feed_id)}"
            self._browser.fill(page, f"{page}/decision", decision="liberer", reason=_REASON)

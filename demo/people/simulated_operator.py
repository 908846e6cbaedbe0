"""The operator at work: looks in the morning at what is held, and lets it go on."""

from typing import Final

from flask import Flask
from sqlalchemy import select

from demo.demo_accounts import OPERATOR, PASSWORD
from demo.people.browser_client import Browser
from store import Store
from store.feeds.feed import Feed

_REASON: Final = "Confirmé au téléphone par l’émetteur."


class SimulatedOperator:
    """Somebody with a browser of their own, at the portal of *app*."""

    def __init__(self, app: Flask, store: Store, place: int) -> None:
        self._browser = Browser(app, place)
        self._store = store
        self._has_signed_in = False

    def decide(self) -> None:
        """Release, with a reason, every feed that waits for somebody: in this town all are meant."""
        with self._store.reading() as session:
            held = session.scalars(select(Feed.id).where(Feed.state == "held", Feed.decided_by == "")).all()
        for feed_id in held:
            if not self._has_signed_in:
                door = "/equipe/connexion"
                self._browser.fill(door, door, email=OPERATOR, password=PASSWORD)
                self._has_signed_in = True
            page = f"/equipe/flux/{feed_id}"
            self._browser.fill(page, f"{page}/decision", decision="liberer", reason=_REASON)

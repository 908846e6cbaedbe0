"""Lumière's customers at their screens, and those whom they let read their bills: what they do by the pages."""

import re
from urllib.parse import urlsplit

from flask import Flask

from portal.app import make_app
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from tests.portal.conftest import Browser
from tests.portal.sample_town import KEPT, PASSWORD
from tests.stories.lumiere_and_its_people import Lumiere


class LumierePortal:
    """The portal over Lumière's store, at the moment where its story is."""

    def __init__(self, lumiere: Lumiere) -> None:
        self.lumiere, self.store = lumiere, lumiere.store
        self.app: Flask = make_app(self.store, lumiere.config, lambda: lumiere.now)

    def signs_up_by_letter(self, email: str, name: str, account: str, bill: str) -> int:
        """Claim the account by the code on this bill's letter, with everybody's password. Returns the id."""
        person_id = self.lumiere.signs_up(email, name, account, bill)
        with self.store.writing() as session:
            session.get_one(Consumer, person_id).password_hash = KEPT
        return person_id

    def at_screen(self, email: str) -> Browser:
        """The browser of somebody who has just signed in."""
        mine = Browser(self.app.test_client())
        mine.get("/connexion")
        assert mine.post("/connexion", email=email, password=PASSWORD).status_code == 200
        return mine

    def invites(self, owner: str, email: str, relation: str, *, looks: bool = False, until: str = "") -> None:
        """The owner (by e-mail) lets this address read all their bills."""
        mine = self.at_screen(owner)
        mine.get("/qui-voit-mes-factures/inviter")
        form = {"email": email, "relation": relation, "contracts": "all", "looks": "1" if looks else "0"}
        answer = mine.post("/qui-voit-mes-factures/inviter", **form, kind="invoices", until=until)
        assert answer.request.path == "/qui-voit-mes-factures", answer.text
        self.lumiere.work(self.lumiere.now)

    def follows_invitation(self, email: str, name: str) -> str:
        """The invited person follows the mail's link, signs up on the way and accepts. Returns the path of the list
        that is theirs to read."""
        mine = Browser(self.app.test_client())
        [invitation] = [mail for mail in self.lumiere.mails(email) if "invite" in mail.subject]
        way = urlsplit(invitation.links[0]).path
        assert mine.get(way).request.path == "/connexion"
        mine.get(f"/inscription?suite={way}")
        mine.post("/inscription", name=name, email=email, password=PASSWORD, suite=way)
        self.lumiere.work(self.lumiere.now)
        [confirmation] = [mail for mail in self.lumiere.mails(email) if mail.subject == "Confirmez votre adresse"]
        mine.get(urlsplit(confirmation.links[0]).path)
        assert mine.page is not None
        page = mine.post(mine.page.request.path)
        assert page.request.path == way
        accept = re.search(r'action="(/partages/[^/"]+/accepter)"', page.text)
        assert accept is not None
        answer = mine.post(accept[1])
        assert answer.status_code == 200
        self.lumiere.work(self.lumiere.now)
        return answer.request.path

    def opens(self, mine: Browser, reading: str, number: str) -> int:
        """Open the bill in the list *reading* that somebody lets them read. Returns the answer's status."""
        return mine.get(f"{reading}/factures/{self.row(number).uid}").status_code

    def row(self, number: str) -> BillRow:
        with self.store.reading() as session:
            row = bill_by_number(session, self.lumiere.issuer.id, number)
            assert row is not None
            return row

    def trail(self, owner: str, account_id: int) -> list[str]:
        """The contract's history as its holder reads it."""
        path = f"/contrats/{self.store.public_ids.of('account', account_id)}/historique"
        return re.findall(r"<p><strong>(.*?)</strong></p>", self.at_screen(owner).get(path).text)

"""A street whose people come from paper, each as far as they do."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from bill import Reason
from consumers.claim_start import note_wrong_code
from consumers.leave_account import leave_account
from consumers.paperless_consent import go_paperless
from delivery.feedback.views_bounces_returns import bill_viewed
from store.accounts.account_notice import NewNotice, append_notice
from store.facts.listed_journeys import AskedJourneys, journeys_listed
from store.issuer import Issuer
from tests.adoption.sample_accounts import World, moment

TODAY = date(2026, 9, 15)
NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 9, 1)


class Street:
    """Lumière writes to a street: Bob lets the letter lie, Charlie looks, Dora types a wrong code, Emile begins to sign
    up, Alice goes all the way and stays, Flora leaves again. Eaux writes to Gaston."""

    def __init__(self, session: Session) -> None:
        world = World(session)
        self.lumiere, self.eaux = world.issuer("lumiere"), world.issuer("eaux")
        self.alice, self.flora = world.consumer("Alice"), world.consumer("Flora")
        self.accounts = {}
        for n, (name, issuer) in enumerate(
            [("bob", self.lumiere), ("charlie", self.lumiere), ("dora", self.lumiere), ("emile", self.lumiere),
             ("alice", self.lumiere), ("flora", self.lumiere), ("gaston", self.eaux)]
        ):  # fmt: skip
            account = self.accounts[name] = world.account(issuer, name)
            world.letter(world.bill(account, date(2026, 1, 5), number=name), f"7Q2KD{n}", date(2026, 1, 8))
        append_notice(session, self._notice("charlie", "opened_by_link"))
        note_wrong_code(session, [self.accounts["dora"].id], self.alice.id, moment(date(2026, 2, 2)))
        append_notice(session, self._notice("emile", "claim_started", "delivery 4"))
        for who, account in ((self.alice, self.accounts["alice"]), (self.flora, self.accounts["flora"])):
            world.holds(who, account, date(2026, 2, 2))
            assert go_paperless(session, account, who, moment(date(2026, 2, 2)))
            bill = world.bill(account, date(2026, 2, 20), channel="portal")
            world.delivery(bill, "portal", "present", moment(date(2026, 2, 20)), person=who)
        bill_viewed(session, bill, self.flora.id, moment(date(2026, 2, 22)))
        leave_account(session, self.accounts["flora"], self.flora, moment(date(2026, 3, 20)))
        self.late = late = world.bill(self.accounts["alice"], date(2026, 6, 1), channel="portal")
        world.delivery(late, "portal", "present", moment(date(2026, 8, 20)), person=self.alice)
        letter = world.delivery(late, "paper", "print", moment(date(2026, 6, 10)))
        letter.reason = Reason.of("printed_if_unread", day="2026-06-09")
        session.flush()

    def _notice(self, name: str, kind: str, key: str = "") -> NewNotice:
        at = moment(date(2026, 2, 2))
        return NewNotice(account_id=self.accounts[name].id, kind=kind, at=at, key=key)  # type: ignore[arg-type]

    def names(self, session: Session, steps: list[int], issuer: Issuer, snag: str = "", page: int = 1) -> list[str]:
        """The numbers of the accounts at these steps, read page by page."""
        asked, after, found = AskedJourneys([issuer.id], steps, FIRST, LAST, TODAY, snag), 0, list[str]()
        while listed := journeys_listed(session, asked, after, page):
            found += [each.account.value for each in listed]
            after = listed[-1].account.id
        return found

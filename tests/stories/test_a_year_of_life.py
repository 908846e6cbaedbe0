"""A year of nine people and their monthly bills, in seconds: one goes digital, one's mail bounces, one never reads, one
moves, one dies, one has paper by right, one reads once a week, one goes back to paper before Christmas, and one who
never reads lives in Strasbourg. What reached each of them is read in the inbox and in the print house's folder."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

import pytest

from bill import PostalAddress
from config import Config
from delivery.notices.choose_notices import choose_notices
from delivery.notices.notice_preference import NoticePreference
from store import Store
from tests.sample_feeds import ubl
from tests.stories.lumiere_and_its_people import Lumiere
from tests.stories.test_credited_bill import facteur

PEOPLE: Final = {
    "ALICE": ("Alice Martin", "12 rue des Lilas", "44000", "Nantes"),
    "BRUNO": ("Bruno Leroy", "17 quai de la Fosse", "69002", "Lyon"),
    "CHARLIE": ("Charlie Moreau", "8 place du Marché", "35000", "Rennes"),
    "DENISE": ("Denise Petit", "2 rue Haute", "29200", "Brest"),
    "EMILE": ("Émile Roux", "5 rue Basse", "13001", "Marseille"),
    "FANNY": ("Fanny Blanc", "9 rue Neuve", "59000", "Lille"),
    "GASTON": ("Gaston Noir", "1 rue Verte", "33000", "Bordeaux"),
    "HELENE": ("Hélène Faure", "6 rue Rose", "31000", "Toulouse"),
    "INES": ("Inès Schmitt", "3 rue du Dôme", "67000", "Strasbourg"),
}
#: Who signs up with January's letter and does without paper.
PAPERLESS: Final = ("ALICE", "BRUNO", "CHARLIE", "EMILE", "GASTON", "HELENE", "INES")
#: Who opens each bill four days after it came, until the month named. Gaston opens his on the second Monday or before.
READERS: Final = {"ALICE": 12, "EMILE": 6, "HELENE": 12}
BRUNO_MAIL: Final = "bounce-bruno@example.org"
ARRIVED: Final = "Votre facture Lumière de l'Ouest est arrivée"
REMINDED: Final = "Rappel : votre facture Lumière de l'Ouest vous attend"
DIGEST: Final = "Vos factures de la semaine"
PAPER_AGAIN: Final = "Votre contrat Lumière de l'Ouest revient au papier"
AT_ONCE: Final = [
    "01-02", "02-02", "03-02", "04-02", "05-04", "06-02", "07-02", "08-03", "09-02", "10-02", "11-02", "12-02",
]  # fmt: skip
#: When the letters of who never reads leave, from April on; March's is the one across Good Friday.
UNREAD: Final = ("04-10", "05-07", "06-11", "07-09", "08-11", "09-11", "10-09", "11-10", "12-11")
#: The first Saturday after each month's bill.
SATURDAYS: Final = (
    "02-07", "03-07", "04-04", "05-09", "06-06", "07-04", "08-08", "09-05", "10-03", "11-07", "12-05",
)  # fmt: skip
STILL_SUITS: Final = "Vos factures Lumière de l'Ouest sans papier vous conviennent-elles toujours ?"


@pytest.fixture
def lumiere(store: Store, config: Config) -> Iterator[Lumiere]:
    with Lumiere.opened(store, config, on(1, 2)) as opened:
        yield opened


def on(month: int, day: int, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def mail_of(who: str) -> str:
    return BRUNO_MAIL if who == "BRUNO" else f"{who.lower()}@example.org"


def bills_come(lumiere: Lumiere, month: int) -> None:
    """The bills of a month; March's may be paid until the end of Easter's holidays."""
    due = "2026-04-20" if month == 3 else f"2026-{month:02}-28"
    issued = f"2026-{month:02}-01"
    lumiere.bills(
        f"bills-{month:02}",
        [ubl(f"{who}-{month:02}", f"C-{who}", issued=issued, due=due, person=PEOPLE[who]) for who in PEOPLE],
    )


def sign_ups(lumiere: Lumiere) -> dict[str, int]:
    """January's letters bear codes. Gaston wants one mail a week."""
    ids = {}
    for who in PAPERLESS:
        ids[who] = lumiere.signs_up(mail_of(who), PEOPLE[who][0], f"C-{who}", f"{who}-01")
        lumiere.goes_paperless(ids[who], f"C-{who}")
    with lumiere.store.writing() as session:
        choose_notices(session, ids["GASTON"], None, NoticePreference(digest="weekly"), lumiere.now)
    return ids


def live(lumiere: Lumiere) -> date | None:
    """The year. Returns the day by which Hélène is promised paper."""
    bills_come(lumiere, 1)
    lumiere.until(on(1, 20))
    ids = sign_ups(lumiere)
    for month in range(2, 13):
        lumiere.until(on(month, 2))
        if month == 2:
            lumiere.customers(["C-FANNY", "01/02/2026", *PEOPLE["FANNY"], "", "", "oui"])
        if month == 7:
            lumiere.customers(["C-EMILE", "02/07/2026", *PEOPLE["EMILE"], "", "", "", "", "28/06/2026"])
        bills_come(lumiere, month)
        lumiere.until(on(month, 6, 6))
        for who, last in READERS.items():
            if month <= last:
                lumiere.views(ids[who], f"{who}-{month:02}")
        lumiere.until(on(month, 9))
        lumiere.views(ids["GASTON"], f"GASTON-{month:02}")
        if month == 4:
            denise_moves(lumiere)
    lumiere.until(on(12, 11))
    notary = PostalAddress(line1="Étude de maître Vidal", line2="1 cours Mirabeau", postcode="13100",
                           city="Aix-en-Provence", country="FR")  # fmt: skip
    lumiere.staff_sends_again("EMILE-07", "la succession", notary)
    lumiere.until(on(12, 18))
    promised = lumiere.withdraws(ids["HELENE"], "C-HELENE")
    lumiere.until(on(12, 21))
    lumiere.until(on(12, 22))
    of_hers = {"issued": "2026-12-21", "due": "2027-01-20", "person": PEOPLE["HELENE"]}
    lumiere.bills("noel", [ubl("HELENE-13", "C-HELENE", **of_hers)])
    lumiere.until(on(12, 31, 20))
    return promised


def denise_moves(lumiere: Lumiere) -> None:
    """The post brings April's letter back; Lumière's customer file says where she lives, and it goes there. The bills
    bear the old address for the rest of the year."""
    lumiere.until(on(4, 22))
    lumiere.post_brings_back("DENISE-04", "unknown")
    lumiere.until(on(4, 27))
    lumiere.customers(["C-DENISE", "24/04/2026", "Denise Petit", "40 rue Loin", "29000", "Quimper"])


def arrivals() -> list[str]:
    return [f"{month:02}-02 {ARRIVED}" for month in range(2, 13)]


def reminders(april: str) -> list[str]:
    """The one reminder of each bill: on the fifth working day, or the second where the letter would leave before it.
    Good Friday is a holiday in Strasbourg."""
    days = ("02-09", "03-09", f"04-{april}", "05-06", "06-09", "07-09", "08-10", "09-09", "10-09", "11-09", "12-09")
    return [f"{day} {REMINDED}" for day in days]


def in_order(*mails: list[str]) -> list[str]:
    return sorted(mail for some in mails for mail in some)


#: Each person's letters, as day and bill, and mails, as day and subject.
LETTERS: Final = {
    "ALICE": ["01-02 01"],
    "BRUNO": [f"{day} {n:02}" for n, day in enumerate(AT_ONCE, 1)],
    "CHARLIE": [f"{day} {n:02}" for n, day in enumerate(("01-02", "02-11", "04-02", *UNREAD), 1)],
    "DENISE": in_order([f"{day} {n:02}" for n, day in enumerate(AT_ONCE, 1)], ["04-27 04"]),
    "EMILE": ["01-02 01", *(f"12-11 {n:02}" for n in range(7, 13))],
    "FANNY": [f"{day} {n:02}" for n, day in enumerate(AT_ONCE, 1)],
    "GASTON": ["01-02 01"],
    "HELENE": ["01-02 01", "12-22 13"],
    "INES": [f"{day} {n:02}" for n, day in enumerate(("01-02", "02-11", "04-01", *UNREAD), 1)],
}
MAILS: Final = {
    "ALICE": [*arrivals(), f"12-21 {STILL_SUITS}"],
    "BRUNO": [],
    "CHARLIE": in_order(arrivals(), reminders(april="10"), [f"12-21 {STILL_SUITS}"]),
    "DENISE": [],
    "EMILE": arrivals()[:5],
    "FANNY": [],
    "GASTON": [*(f"{day} {DIGEST}" for day in SATURDAYS), f"12-21 {STILL_SUITS}"],
    "HELENE": [*arrivals(), f"12-18 {PAPER_AGAIN}"],
    "INES": in_order(arrivals(), reminders(april="08"), [f"12-21 {STILL_SUITS}"]),
}
STATES: Final = {
    "ALICE": "DIGITAL", "BRUNO": "AT_RISK", "CHARLIE": "AT_RISK", "DENISE": "INVITED", "EMILE": "DECEASED_HOLD",
    "FANNY": "EXEMPT", "GASTON": "DIGITAL", "HELENE": "PAPER_BY_CHOICE", "INES": "AT_RISK",
}  # fmt: skip


def test_a_year_of_life(lumiere: Lumiere, config: Config) -> None:
    promised = live(lumiere)
    assert promised == date(2027, 1, 5), "ten working days, Christmas and New Year's Day not among them"
    pieces = [(day[5:], *number.split("-")) for day, number in lumiere.pieces()]
    letters = {who: [f"{day} {n}" for day, whose, n in pieces if whose == who] for who in PEOPLE}
    assert letters == LETTERS
    mails = {who: [f"{each.at:%m-%d} {each.subject}" for each in lumiere.mails(mail_of(who))] for who in PEOPLE}
    assert mails == MAILS
    listed = facteur(config, "account", "list", "--json").stdout.splitlines()
    accounts = [json.loads(line) for line in listed if line]
    assert {each["account"][2:]: each["relationship"] for each in accounts} == STATES
    assert json.loads(facteur(config, "check", "--json").stdout.splitlines()[0])["ok"]

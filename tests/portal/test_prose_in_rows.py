"""No row holds a sentence of ours: what we say is a code with values, and is spelled for whoever reads it.

A store is lived in the pseudo-locale, where all that is looked up stands in brackets: what has brackets in a row was
spelled too early. Columns that people, senders, servers and libraries write into are named here; in all others a text
is a code, a name or a number, without a blank.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, select, text, update

import delivery
from audit.run_all_checks import check
from delivery import run_mail_job
from delivery.channels.delivery_error import DeliveryError
from delivery.decide_account_question import decide_account
from feeds.accounts.account_question_resolution import QuestionDecision
from feeds.decide_held_feed import decide_feed
from staff.invitations import add_member
from store import Store
from store.accounts.account_question import AccountQuestion
from store.bills.bill import BillRow
from store.db.event import Event
from store.delivery import Attempt, Delivery, Receipt
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.job import Job, claim_job, request_job
from store.search.full_text_index import is_described
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.pseudo_locale import speak_pseudo
from tests.sample_feeds import ubl
from tests.store.db.test_upgrade import own_upgraded, yesterday  # noqa: F401 -- fixtures
from words.catalogue import LANGUAGES, sentence
from words.reason_sentences import REASONS

#: What others write, as they wrote it.
THEIRS = {
    "account": {"holder", "value", "scheme", "variant"},
    "account_notice": {"key", "by", "words"},  # who and which row; what the post or a person said
    "address_suppression": {"by", "lifted_by"},
    "stated_move": {"decided_by", "words"},
    "account_question": {"number", "held_holder", "other_holder"},
    "attempt": {"answer"},  # of the mail server
    "bill": {"number", "seller_name", "buyer_name", "words"},
    "bill_reference": {"number"},
    "bill_note": {"text"},
    "bill_tag": {"folded", "name"},
    "conflict": {"number"},
    "consent": {"by"},
    "consumer": {"name", "mail_failure"},
    "dispute": {"words"},
    "enclosure": {"text"},
    "enquiry_entry": {"name", "words"},
    "errand": {"answer", "particulars"},  # of the mail server, or a result as JSON; what somebody wants to try
    "event": {"why", "by"},  # by: who, as they are called
    "feed": {"name", "announced", "declared"},
    "heir": {"reference", "by", "ended_by", "end_reason"},
    "holder_notice": {"name"},
    "issuer": {"name", "profile", "voice"},
    "item": {"number"},
    "letter_hold": {"by", "reason"},  # who, and why as they say it
    "finding": {"number", "values"},
    "outbox_event": {"data"},  # what the post or a person said
    "periodic_task": {"failure"},  # the error as it was raised
    "print_batch": {"answer_values"},
    "profile_version": {"text", "by", "why"},  # who, and why as they say it
    "receipt": {"words"},
    "search_entry": {"tokens"},  # words that a bill is found by
    "searched_text": {"text"},  # of attachments and of issuers' own pages
    "sftp_key": {"value"},
    "shown_wording": {"text"},  # word for word, as it was shown, for ever
    "sign_up": {"name"},
}
#: Values of reasons: what somebody wrote, or a server or library said, stands among them.
VALUES = {"reason_values", "answer_values"}
#: Terms of ours with blanks in them, which readers know by heart: `wording.EVENT`, `wording.FORMAT`, places in a feed
#: (`portal.operators.presenters.finding_text.place`), keys of findings (decision 0016), the version of own pages; and
#: articles of law, which are cited in one way in every language; scopes stand side by side as in RFC 6749.
TERMS = {
    "delivery": {"article"}, "suitability_event": {"article"},
    "event": {"what"}, "feed": {"format"}, "issuer_key": {"scopes"},
    "item": {"place"}, "finding": {"place", "sentence"}, "template": {"version"},
}  # fmt: skip
_LETTER = re.compile(r"[^\W\d_]")
_ONE_WORD = re.compile(r"\S*")
_TOLD = re.compile(r"\{[a-z_]+\}")


def texts(engine: Engine) -> Iterator[tuple[str, str, str]]:
    """All texts of all rows, those within JSON too: table, column, text."""
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        for table in (name for name in names if is_described(None, name, "table")):  # FTS5 shows no rows
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                for column, value in row._mapping.items():
                    yield from ((table, column, each) for each in _within(value))


def _within(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        try:
            inner = json.loads(value) if value[:1] in "{[" else None
        except ValueError:
            inner = None
        yield from _within(inner) if inner is not None else [value]
    elif isinstance(value, dict):
        for each in value.values():
            yield from _within(each)
    elif isinstance(value, list):
        for each in value:
            yield from _within(each)


def sentences() -> list[re.Pattern[str]]:
    """Our sentences of three words and more that reasons are spelled by, in each language."""
    spelled = {_plain(sentence(each, language)) for each in REASONS.values() for language in LANGUAGES}
    long = [each for each in spelled if len(re.findall(r"[^\W\d_]{2,}", _TOLD.sub("", each))) >= 3]
    return [re.compile(".+".join(map(re.escape, _TOLD.split(each))), re.DOTALL) for each in long]


def _plain(said: str) -> str:
    return said.replace("\u00a0", " ").replace("\u202f", " ")


#: Made before a test lets the catalogues speak the pseudo-locale.
SENTENCES = sentences()


def prose(engine: Engine) -> list[tuple[str, str, str]]:
    """What a row holds as a sentence of ours."""
    return sorted({each for each in texts(engine) if _is_ours(*each)})


def _is_ours(table: str, column: str, said: str) -> bool:
    if "⟦" in said:
        return True
    if column in TERMS.get(table, ()):
        return False
    if any(pattern.fullmatch(_plain(said)) for pattern in SENTENCES):
        return True
    is_theirs = column in THEIRS.get(table, set()) | VALUES
    return not is_theirs and _LETTER.search(said) is not None and not _ONE_WORD.fullmatch(said)


@pytest.fixture
def lived(office: Office, staff: Callable[[str], Browser], clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Feeds held, rejected, read again and released, letters printed, returned and held, mails refused and put off,
    questions decided, a brand tried that cannot be drawn."""
    speak_pseudo(monkeypatch)
    pipeline, store = office.pipeline, office.store
    with store.writing() as session:
        decide_feed(session, office.feed(office.held), "release", "oscar@facteur.example", "vu", clock())
        for kind in ("invite", "dance"):
            request_job(session, kind, {"staff_id": 99}, clock())
        add_member(session, "lumiere", "olga@lumiere.example", clock())
        add_member(session, "lumiere", "omar@lumiere.example", clock())
    refused = DeliveryError("refused", "550 5.1.1 no such user")
    for answer in (None, None, refused, DeliveryError("down", "ConnectionRefusedError")):
        mail(store, clock, answer)
    oscar, mina = staff("oscar"), staff("mina")
    bad = office.drop(["<Invoice/>"], name="vide.xml")
    assert office.drop(["<Invoice/>"], name="vide.xml") == bad, "it is read again"
    oscar.get(f"/equipe/flux/{bad}")
    oscar.post(f"/equipe/flux/{bad}/essai")
    mina.get("/equipe/marque")
    mina.post("/equipe/marque", colour="#1f4e5a", typeface="sans")
    with store.writing() as session:
        request_job(session, "rehearse", {"feed_id": bad, "reading": 1}, clock())
        request_job(session, "rehearse", {"feed_id": 99, "reading": 1}, clock())
    office.drop([ubl("L-9", "C-BOB", person=("Nadia Benali", "3 rue Haute", "44000", "Nantes"))], name="avril.xml")
    office.drop([ubl("L-8", "C-ZOE", person=("Zoé", "", "", ""))], name="sans-adresse.xml")
    pipeline.work_until_idle(clock())
    with store.writing() as session:
        for question in session.scalars(select(AccountQuestion)).all():
            decide_account(session, question.id, QuestionDecision("same", "lea@l.example", "même personne", clock()))
    pipeline.close_batch(clock())
    with store.writing() as session:
        sent = session.scalars(select(Delivery.id).where(Delivery.channel == "paper", Delivery.state == "sent")).all()
        assert delivery.letter_returned(session, sent[0], "unknown", clock(), "print house") == "recorded"
        session.execute(update(BillRow).where(BillRow.id == 1).values(pdf_sha256="0" * 64))
    return store


def mail(store: Store, clock: Clock, answer: DeliveryError | None) -> None:
    """The relay answers one job in this way."""

    class Post:
        sender, host = "Facteur <facteur@localhost>", "localhost"

        def send(self, mail: Any, to: str) -> str:
            if answer is not None:
                raise answer
            return "250 OK"

        def hang_up(self) -> None:
            return

    with store.writing() as session:
        job = claim_job(session, clock())
    assert job is not None
    run_mail_job(store, job, Post(), "http://127.0.0.1:8080", clock())


def test_no_row_of_a_lived_store_holds_a_sentence_of_ours(lived: Store) -> None:
    assert check(lived, everything=True).archive.pdfs  # which writes down what it finds in the archive
    assert prose(lived.engine) == []
    with lived.reading() as session:
        kinds = {job.reason.code for job in session.scalars(select(Job))}
    assert kinds >= {"email_moot", "email_not_taken", "email_later", "job_failed"}, "they were lived through"


@pytest.mark.parametrize("which", ["lived", "own_upgraded"])
def test_what_an_event_of_ours_says_in_words_was_said_by_others(which: str, request: pytest.FixtureRequest) -> None:
    """By a sender (a name), a mail server or the post; what happened by a person's hand is in the person's words."""
    store = request.getfixturevalue(which)
    with store.reading() as session:
        names = {*session.scalars(select(Feed.name)), *session.scalars(select(Issuer.name))}
        answers = {*session.scalars(select(Attempt.answer)), *session.scalars(select(Receipt.words))}
        ours = session.scalars(select(Event).where(Event.why != "", Event.by.not_like("%@%"))).all()
    said = {event.why for event in ours if not event.by.startswith("API ")}
    assert {each for each in said - names - answers if not _ONE_WORD.fullmatch(each)} == set()


def test_no_row_of_an_upgraded_store_holds_a_sentence_of_ours(own_upgraded: Store) -> None:  # noqa: F811
    assert prose(own_upgraded.engine) == []


@pytest.mark.parametrize(
    ("table", "column", "said"),
    [
        ("errand", "answer", "sans objet : la personne n’est plus là, ou la demande est inconnue"),
        ("event", "why", "personne n’a encore réclamé ce compte"),
        ("receipt", "words", "le message est revenu : 550 5.1.1"),
        ("archive_fault", "reason_code", "the PDF is not the one that was archived"),
        ("event", "why", "⟦lot 3⟧"),
    ],
)
def test_the_test_sees_a_sentence(table: str, column: str, said: str) -> None:
    assert _is_ours(table, column, said)
    assert not _is_ours("event", "why", "vu avec eux : c’est bien lui")

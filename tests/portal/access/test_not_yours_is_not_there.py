"""What is somebody else's looks like what is not there: at every address that names a row or a bill, the same answer,
word for word, to a consumer and to a member of another issuer."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import product
from typing import Final

import pytest
from flask import Flask
from sqlalchemy import insert, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.access.route_policy import POLICY, RoutePolicy, Who
from portal.public_id_converter import PublicIdConverter
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.holder_dispute import Dispute
from store.accounts.joint_holder_notice import HolderNotice
from store.base import Base
from store.bill_forwarding.forward_address import ForwardAddress
from store.bills.bill import BillRow
from store.issuer import Issuer
from store.issuer_keys.issuer_key import IssuerKey
from store.payments.payment_plan import PlanRequest
from store.print_answer import PrintAnswer
from store.sign_in.passkey import Passkey
from store.staff_member import Staff
from tests.portal.conftest import Browser
from tests.portal.consumers.shared_bills.sylvies_grants import share_with
from tests.portal.entrance import open_entrances
from tests.portal.own_documents import own_documents
from tests.portal.recorded_heirs import record_heirs
from tests.portal.sample_town import World, a_bill, furnish
from tests.portal.staff_office import Office
from tests.portal.test_pseudo_locale import ask_about_first_bill, begin_orders, pages_in_place
from tests.portal.test_row_numbers import asks_a_question, make_busy

MISSING: Final = 4711
#: Of each kind so many are tried.
MOST: Final = 6
#: Whose rows are called otherwise than their public ids.
TABLES: Final = {
    "event": "outbox_event", "forward": "forward_address", "grant": "access_grant", "job": "errand",
    "notice": "holder_notice", "question": "account_question",
}  # fmt: skip
#: Kinds without rows here: they are tried in the tests of their own pages.
UNTRIED: Final = {"payment", "push_subscription", "sign_in_session"}
#: Parts of what an address names.
PARTS: Final[dict[str, str | int]] = {
    "n": 1,
    "side": "today",
    "size": "small",
    "provider_id": "franceconnect",
    "number": 4711,
}
FORMS: Final[list[dict[str, str]]] = [{}, {
    "reason": "vu", "decision": "same", "verdict": "restored", "words": "bonjour", "name": "Zoé", "kind": "notary",
    "line1": "1 rue A", "postcode": "44000", "city": "Nantes", "country": "FR", "parts": "3", "text": "bonjour",
    "email": "alice@exemple.fr", "iban": "FR7630006000011234567890189", "tag": "maison", "answer": "oui",
}]  # fmt: skip

IsTheirs = Callable[[str, int], bool]


@pytest.fixture
def open_doors(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The portal without CSRF, limits and fresh proofs."""
    app.config["WTF_CSRF_ENABLED"] = False
    for key, line in POLICY.items():
        monkeypatch.setitem(POLICY, key, RoutePolicy(line.who, scope=line.scope, role=line.role))
    return app


def rules_for(app: Flask, *audiences: Who) -> Iterator[tuple[Rule, str]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.endpoint):
        for method in sorted(rule.methods or ()):
            line = POLICY.get((rule.endpoint, method))
            if line is not None and line.who in audiences and rule.arguments:
                yield rule, method


def kinds_of(rule: Rule) -> dict[str, str]:
    """What each place of an address names: a kind of row, `uid` of a bill, or something else, as it is called."""
    converters = {name: rule._converters[name] for name in sorted(rule.arguments)}
    return {name: each._kind if isinstance(each, PublicIdConverter) else name for name, each in converters.items()}


def named(store: Store, kind: str, is_theirs: IsTheirs) -> tuple[str | int, Sequence[str | int]]:
    """What is not there, and what is somebody's, of a kind."""
    if kind == "uid":
        with store.reading() as session:
            bills = session.execute(select(BillRow.uid, BillRow.account_id)).tuples()
            return "nowhere", [uid for uid, account_id in bills if is_theirs("account", account_id)][:MOST]
    if kind == "slug":
        with store.reading() as session:
            slugs = session.execute(select(Issuer.id, Issuer.slug)).tuples()
            return "nowhere", [slug for issuer_id, slug in slugs if is_theirs("issuer", issuer_id)][:MOST]
    if kind in PARTS:
        return PARTS[kind], [PARTS[kind]]
    [key] = Base.metadata.tables[TABLES.get(kind, kind)].primary_key
    with store.reading() as session:
        ids = session.scalars(select(key).order_by(key)).all()
    return MISSING, [each for each in ids if is_theirs(kind, each)][:MOST]


def told(answer: TestResponse) -> tuple[int, str, str]:
    """The answer without what its address and its session bring."""
    page = answer.text.partition("<main")[2] or answer.text
    return answer.status_code, answer.headers.get("Location", ""), re.sub(r"[a-z2-7]{26}", "…", page)


def told_apart(app: Flask, store: Store, mine: Browser, is_theirs: IsTheirs, *audiences: Who) -> tuple[list[str], int]:
    """The addresses at which what is somebody's is told from what is not there, and how many were tried."""
    urls, found, tried = app.url_map.bind("localhost"), [], 0
    for rule, method in rules_for(app, *audiences):
        kinds = kinds_of(rule)
        places = [named(store, kind, is_theirs) for kind in kinds.values()]
        with app.app_context():
            absent = urls.build(rule.endpoint, dict(zip(kinds, (each[0] for each in places), strict=True)))
            theirs = [
                urls.build(rule.endpoint, dict(zip(kinds, values, strict=True)))
                for values in product(*(each[1] for each in places))
            ]
        assert theirs or UNTRIED & set(kinds.values()), f"{rule.endpoint}: nobody has any"
        for form in FORMS if method != "GET" else [{}]:
            nothing = told(mine.client.open(absent, method=method, data=form))
            answers = {path: told(mine.client.open(path, method=method, data=form)) for path in theirs}
            found += [f"{method} {path}" for path, answer in answers.items() if answer != nothing]
            tried += len(answers)
    return found, tried


def test_a_consumer_cannot_tell_what_another_has(
    open_doors: Flask, world: World, store: Store, browser: Callable[[], Browser]
) -> None:
    numbers = furnish(world)
    holds = dict(zip(numbers.values(), ("C-1001", "R-1187", "0612345678", "00412"), strict=True))
    alice = world.consumer("Alice Martin", holds=holds)
    ask_about_first_bill(store, alice.id)
    share_with(world, alice, numbers["lumiere"], "C-1001")
    list(pages_in_place(store, alice.id))
    list(own_documents(store, alice.id, world.now))
    begin_orders(store, numbers["lumiere"], alice.id)
    gives_more(store, world, alice, numbers["lumiere"])
    browser().sign_in(alice)
    world.drop(numbers["lumiere"], [a_bill("Z-1", "C-ZOE", world.today, buyer="Zoé Sept")])
    zoe = browser()
    zoe.sign_in(world.consumer("Zoé Sept", holds={numbers["lumiere"]: "C-ZOE"}))
    hers = {"account": world.account_id(numbers["lumiere"], "C-ZOE")}
    with store.reading() as session:
        hers["bill"] = session.scalars(select(BillRow.id).where(BillRow.number == "Z-1")).one()
        hers["sign_in_session"] = newest(store, "sign_in_session")
    found, tried = told_apart(open_doors, store, zoe, lambda kind, row: hers.get(kind) != row, "consumer")
    assert found == []
    assert tried > 300


def newest(store: Store, table: str) -> int:
    [key] = Base.metadata.tables[table].primary_key
    with store.reading() as session:
        return int(session.scalars(select(key).order_by(key.desc())).first() or 0)


def gives_more(store: Store, world: World, person: Consumer, issuer_id: int) -> None:
    """An address to forward to, a notice, a passkey."""
    account_id = world.account_id(issuer_id, "C-1001")
    with store.writing() as session:
        session.add_all([
            ForwardAddress(consumer_id=person.id, email="compta@exemple.fr", asked_at=world.now),
            HolderNotice(consumer_id=person.id, account_id=account_id, kind="joined", name="Bob M.", at=world.now),
            Passkey(
                consumer_id=person.id, credential_id=b"1", public_key=b"1", user_handle=b"1", name="Téléphone",
                added_at=world.now,
            ),
        ])  # fmt: skip


def test_a_member_cannot_tell_what_another_issuer_has(
    open_doors: Flask, office: Office, staff: Callable[[str], Browser]
) -> None:
    make_busy(office)
    asks_a_question(office)
    record_heirs(office, "C-CHARLIE")
    has_more_to_decide(office)
    open_entrances(office)
    with office.store.reading() as session:
        eva = session.scalars(select(Staff).where(Staff.email == "eva@facteur.example")).one()
        [key] = session.scalars(select(IssuerKey.id).where(IssuerKey.issuer_id == eva.issuer_id))
    mine = staff("eva")
    hers = {
        "staff": eva.id,
        "issuer": eva.issuer_id,
        "issuer_key": key,
        "sign_in_session": newest(office.store, "sign_in_session"),
    }
    staff("mina")
    found, tried = told_apart(
        open_doors, office.store, mine, lambda kind, row: hers.get(kind) != row, "staff", "member", "operator"
    )
    assert found == []
    assert tried > 150


def has_more_to_decide(office: Office) -> None:
    """Two people on one contract, a wish to pay in parts, Mina's passkey, and a print house's answer about no lot."""
    with office.store.writing() as session:
        bill = session.scalars(select(BillRow).order_by(BillRow.id)).first()
        people = session.scalars(select(Consumer.id).order_by(Consumer.id).limit(2)).all()
        mina = session.scalars(select(Staff.id).where(Staff.email == "mina@facteur.example")).one()
        assert bill is not None
        now = office.clock()
        session.add(
            Passkey(
                staff_id=mina, credential_id=b"1", public_key=b"1", user_handle=b"1", name="Téléphone", added_at=now
            )
        )
        session.execute(insert(Dispute).values(
            issuer_id=bill.issuer_id, account_id=bill.account_id, earlier_id=people[0], later_id=people[1],
            opened_at=now,
        ))  # fmt: skip
        session.add(PrintAnswer(
            house="main", file="lot-1.ack.json", sha256="0" * 64, stamp=1, read_at=now, letters=3, sheets=3, missing=[]
        ))  # fmt: skip
        session.add(PlanRequest(
            issuer_id=bill.issuer_id, bill_id=bill.id, consumer_id=people[0], parts=3,
            first_on=now.date() + timedelta(days=9), asked_at=now,
        ))  # fmt: skip

"""Who gets what at each route of access grants, written here apart from the policy and from the condition: nobody, a
stranger, the owner, another holder, readers within their scope and beyond it, invited, ended, revoked, and staff."""

from datetime import timedelta
from typing import Final, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.access.password_hash import hash_password
from store.access_grants.access_grant import AccessGrant
from store.db.event import events_of
from store.staff_member import Staff
from tests.portal.consumers.shared_bills.sylvies_grants import SylvieAndHerReaders
from tests.portal.sample_town import PASSWORD, World

#: What each sees of LO-1 (Lumière's invoice to Sylvie) by their own grant. Nobody else's grant opens anything to them.
SEES_LO_1: Final = {
    "nobody": "door", "stranger": "nothing", "owner": "nothing", "holder": "nothing", "reader": "all",
    "reader_of_water": "list", "reader_of_credit_notes": "list", "invited": "nothing", "ended": "nothing",
    "revoked": "nothing", "operator": "door", "member": "door",
}  # fmt: skip
#: Answers by what is seen: the list, the bill, each of its files.
ANSWERS: Final = {
    "door": ("door",) * 5, "nothing": (404, 404, 404, 404, 404), "list": (200, 404, 404, 404, 404),
    "all": (200, 200, 200, 200, 200),
}  # fmt: skip
#: Who may do it to whose grant; everybody else finds nothing there.
MAY: Final = {
    ("refuser", "invited"): "invited", ("retirer", "reader_of_water"): "owner", ("rendre", "reader"): "reader",
    ("accepter", "revoked"): "", ("accepter", "ended"): "", ("rendre", "ended"): "ended", ("retirer", "revoked"): "",
}  # fmt: skip


class Visitor(NamedTuple):
    client: FlaskClient
    grant: str  # the public id of the grant to them, or of a reader's where there is none


@pytest.fixture
def house(world: World) -> SylvieAndHerReaders:
    return SylvieAndHerReaders(world)


@pytest.fixture
def visitors(app: Flask, house: SylvieAndHerReaders, world: World) -> dict[str, Visitor]:
    app.config["WTF_CSRF_ENABLED"] = False
    yesterday = world.today - timedelta(days=1)
    grants = {
        "reader": house.reader("Rose Un"),
        "reader_of_water": house.reader("Omar Deux", accounts=(house.water,)),
        "reader_of_credit_notes": house.reader("Kim Trois", kinds=("credit_notes",)),
        "ended": house.reader("Ernst Quatre", until=world.today),
        "revoked": house.reader("Rita Cinq"),
    }
    invited = world.consumer("Ivan Six")
    grants["invited"] = (invited, house.invites(invited.email))
    house.revokes(grants["revoked"][1])
    with house.store.writing() as session:
        session.get_one(AccessGrant, grants["ended"][1]).until_on = yesterday
    holder = world.consumer("Bob Martin")
    house.also_holds(holder, house.electricity)
    people = {name: consumer.email for name, (consumer, _) in grants.items()}
    people |= {"stranger": world.consumer("Zoé Sept").email, "owner": house.sylvie.email, "holder": holder.email}
    of_reader = grants["reader"][1]

    def public(name: str) -> str:
        return house.store.public_ids.of("grant", grants[name][1] if name in grants else of_reader)

    found = {name: Visitor(signed_in(app, "/connexion", email), public(name)) for name, email in people.items()}
    found["nobody"] = Visitor(app.test_client(), public("reader"))
    with house.store.writing() as session:
        for name, issuer_id in (("operator", None), ("member", house.lumiere)):
            session.add(
                Staff(
                    email=f"{name}@facteur.example", issuer_id=issuer_id, added_at=world.now,
                    password_hash=hash_password(PASSWORD),
                )
            )  # fmt: skip
    for name in ("operator", "member"):
        client = signed_in(app, "/equipe/connexion", f"{name}@facteur.example")
        found[name] = Visitor(client, public("reader"))
    return found


def signed_in(app: Flask, door: str, email: str) -> FlaskClient:
    client = app.test_client()
    assert client.post(door, data={"email": email, "password": PASSWORD}).status_code == 303
    return client


def outcome(answer: TestResponse) -> int | str:
    """The answer's status; `door` for who is led to a sign-in."""
    return "door" if answer.headers.get("Location", "").split("?")[0].endswith("/connexion") else answer.status_code


def answers(client: FlaskClient, grant: str, uid: str) -> tuple[int | str, ...]:
    whole = f"/partages/{grant}"
    one = f"{whole}/factures/{uid}"
    paths = (whole, one, f"{one}/pdf", f"{one}/cii.xml", f"{one}/ubl.xml")
    return tuple(outcome(client.get(path)) for path in paths)


def test_each_visitor_at_each_page(visitors: dict[str, Visitor], house: SylvieAndHerReaders) -> None:
    uid, readers = house.bills["LO-1"].uid, visitors["reader"].grant
    for name, (client, grant) in visitors.items():
        assert answers(client, grant, uid) == ANSWERS[SEES_LO_1[name]], name
        if name != "reader":
            by_other = "door" if SEES_LO_1[name] == "door" else "nothing"
            assert answers(client, readers, uid) == ANSWERS[by_other], name
        form = "/qui-voit-mes-factures/inviter"
        own = [client.get("/partages"), client.get("/qui-voit-mes-factures"), client.get(form), client.post(form)]
        expected = ["door"] * 4 if SEES_LO_1[name] == "door" else [200, 200, 200, 422]
        assert [outcome(each) for each in own] == expected, name


def test_who_may_read_nothing_is_told_as_of_what_is_not_there(
    visitors: dict[str, Visitor], house: SylvieAndHerReaders
) -> None:
    """A revoked reader, a stranger, and a bill or a grant that never was: the same page."""
    uid, grant = house.bills["LO-1"].uid, visitors["revoked"].grant
    pages = [
        visitors[name].client.get(f"/partages/{which}/factures/{bill}").text
        for name, which, bill in (
            ("revoked", grant, uid), ("stranger", grant, uid), ("revoked", grant, "nowhere"),
            ("reader_of_water", visitors["reader_of_water"].grant, uid),
            ("stranger", house.store.public_ids.of("grant", 4711), uid),
        )
    ]  # fmt: skip
    assert len({page.partition("<main")[2] for page in pages}) == 1


def test_each_visitor_at_each_act(visitors: dict[str, Visitor], house: SylvieAndHerReaders) -> None:
    """Everybody tries; who may is last, and once."""
    for (act, whose), who in MAY.items():
        place = "/qui-voit-mes-factures" if act == "retirer" else "/partages"
        path = f"{place}/{visitors[whose].grant}/{act}"
        for name, (client, _) in visitors.items():
            if name != who:
                expected = "door" if SEES_LO_1[name] == "door" else 404
                assert outcome(client.post(path)) == expected, (act, whose, name)
        if who:
            assert [outcome(visitors[who].client.post(path)) for _ in range(2)] == [303, 404], (act, whose)
    with house.store.reading() as session:
        grant_id = house.store.public_ids.number("grant", visitors["reader_of_water"].grant)
        assert grant_id is not None
        told = [(each.what, each.by) for each in events_of(session, "access_grant", grant_id)]
    assert told[-1] == ("revoked", f"consumer {house.sylvie.id}")


def test_an_acceptance_asks_for_the_address_that_was_invited(
    visitors: dict[str, Visitor], house: SylvieAndHerReaders
) -> None:
    path = f"/partages/{visitors['invited'].grant}/accepter"
    for name, (client, _) in visitors.items():
        if name != "invited":
            assert outcome(client.post(path)) == ("door" if SEES_LO_1[name] == "door" else 404), name
    uid = house.bills["LO-1"].uid
    assert answers(*visitors["invited"], uid) == ANSWERS["nothing"]
    assert outcome(visitors["invited"].client.post(path)) == 303
    assert answers(*visitors["invited"], uid) == ANSWERS["all"]

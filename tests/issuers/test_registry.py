"""Who sends: issuers with their profile and looks, members and operators."""

from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread

import pytest
from PIL import Image
from sqlalchemy import select

from issuers.logo import clean_logo
from issuers.profile import ProfileError
from issuers.registry import IssuerError, add_issuer, brand_of_issuer, issuer_named, profile_of, read_profile_file
from staff.invitations import add_member, add_operator
from staff.list_and_remove_members import remove_member, team
from store import Store
from store.db.event import events_of
from store.issuer import all_issuers
from store.job import Job
from store.staff_member import staff_by_email
from tests.conftest import Clock

PROFILE = 'trade = "water"\n[brand]\ncolour = "#004488"\nhelp_lines = ["09 69 32 35 52"]\n'


def png() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (20, 10), "navy").save(drawn, "PNG")
    return drawn.getvalue()


def test_an_issuer_is_added_with_its_looks(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        add_issuer(session, "eaux-du-lac", "Eaux  du Lac", clock(), PROFILE, png())
    with store.reading() as session:
        issuer = issuer_named(session, "eaux-du-lac")
        brand = brand_of_issuer(issuer)
        assert (issuer.name, brand.name, brand.colour) == ("Eaux du Lac", "Eaux du Lac", "#004488")
        assert brand.logo == clean_logo(png())
        assert brand.help_lines == ("09 69 32 35 52",)
        assert [event.what for event in events_of(session, "issuer", issuer.id)] == ["added"]


@pytest.mark.parametrize("slug", ["", "a", "Eaux", "-eaux", "eaux du lac", "../eaux", "e" * 41, "eau\n", "éclair"])
def test_a_slug_is_short_and_plain(store: Store, clock: Clock, slug: str) -> None:
    with pytest.raises(IssuerError, match="cannot name an issuer"), store.writing() as session:
        add_issuer(session, slug, "Eaux", clock())
    with store.reading() as session:
        assert all_issuers(session) == []


def test_the_same_slug_with_a_profile_is_the_same_issuer_changed(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        first = add_issuer(session, "eaux", "Eaux", clock(), PROFILE, png())
    later = clock.forward(days=1)
    with store.writing() as session:
        again = add_issuer(session, "eaux", "Eaux du Lac", later, PROFILE.replace("004488", "880044"))
        assert again.id == first.id
    with store.reading() as session:
        issuer = issuer_named(session, "eaux")
        assert (issuer.name, issuer.logo, issuer.changed_at) == ("Eaux du Lac", None, later)
        assert brand_of_issuer(issuer).colour == "#880044"
        assert [event.what for event in events_of(session, "issuer", issuer.id)] == ["added", "changed"]


def test_a_taken_slug_under_another_name_is_a_mistake(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        add_issuer(session, "eaux", "Eaux du Lac", clock(), PROFILE)
    with store.writing() as session:
        assert profile_of(add_issuer(session, "eaux", "Eaux du Lac", clock())).trade == "water"
    with pytest.raises(IssuerError, match="is the issuer 'Eaux du Lac' already"), store.writing() as session:
        add_issuer(session, "eaux", "Eaux d'en bas", clock())


def test_a_broken_profile_or_logo_changes_nothing(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        add_issuer(session, "eaux", "Eaux du Lac", clock(), PROFILE)
    for profile, logo, key in [
        (PROFILE + "[delimited]\ncolumns = {number = 1}\n", None, "delimited.columns.issue_date"),
        (PROFILE + 'logo = "eaux.png"\n', None, "brand.logo"),
        (PROFILE, b"\x89PNG but not really", "brand.logo"),
    ]:
        with pytest.raises(ProfileError) as error, store.writing() as session:
            add_issuer(session, "eaux", "Another", clock(), profile, logo)
        assert error.value.key == key
    with store.reading() as session:
        assert (issuer_named(session, "eaux").name, issuer_named(session, "eaux").profile) == ("Eaux du Lac", PROFILE)


def test_a_profile_is_read_with_the_logo_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "eaux.toml"
    path.write_text(PROFILE + 'logo = "eaux.png"\n')
    with pytest.raises(ProfileError, match=r"eaux\.png cannot be read"):
        read_profile_file(path)
    (tmp_path / "eaux.png").write_bytes(png())
    assert read_profile_file(path) == (PROFILE + 'logo = "eaux.png"\n', png())
    with pytest.raises(ProfileError, match="cannot be read as UTF-8"):
        read_profile_file(tmp_path / "nowhere.toml")


def test_alice_works_for_the_water_and_bob_runs_the_service(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        eaux = add_issuer(session, "eaux", "Eaux du Lac", clock())
        alice = add_member(session, "eaux", "Alice@Eaux.example ", clock())
        bob = add_operator(session, "bob@facteur.example", clock())
    assert (alice.email, alice.issuer_id, alice.is_operator) == ("alice@eaux.example", eaux.id, False)
    assert bob.is_operator
    with store.reading() as session:
        invitations = session.scalars(select(Job).order_by(Job.id)).all()
        assert [(each.kind, each.particulars) for each in invitations] == [
            ("invite", {"staff_id": alice.id}),
            ("invite", {"staff_id": bob.id}),
        ]


def test_who_has_taken_up_the_invitation_is_not_invited_again(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        bob = add_operator(session, "bob@facteur.example", clock())
        assert add_operator(session, "BOB@facteur.example", clock()).id == bob.id
        bob.password_hash = "taken up"
        add_operator(session, "bob@facteur.example", clock())
        assert len(session.scalars(select(Job)).all()) == 2


def test_charlie_who_left_can_come_back_elsewhere(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        add_issuer(session, "eaux", "Eaux du Lac", clock())
        charlie = add_member(session, "eaux", "charlie@eaux.example", clock())
        charlie.password_hash, charlie.closed_at = "an old one", clock()
    with store.writing() as session:
        again = add_operator(session, "charlie@eaux.example", clock.forward(days=1))
        assert (again.id, again.issuer_id, again.password_hash, again.closed_at) == (charlie.id, None, None, None)


def test_one_address_has_one_role(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        add_issuer(session, "eaux", "Eaux du Lac", clock())
        add_member(session, "eaux", "alice@eaux.example", clock())
    with pytest.raises(IssuerError, match="somebody else already"), store.writing() as session:
        add_operator(session, "alice@eaux.example", clock())


def test_a_colleague_learns_nothing_of_other_teams(store: Store, clock: Clock) -> None:
    """Alice is of the water's team. The gas invites her by the same work as a stranger; later she may come."""
    with store.writing() as session:
        for slug in ("eaux", "gaz"):
            add_issuer(session, slug, slug, clock())
        alice = add_member(session, "eaux", "alice@eaux.example", clock())
    with store.writing() as session:
        nowhere, stranger, again = (
            add_member(session, "gaz", f"{name}@eaux.example", clock(), role="reader", by="gina@gaz.example",
                       by_colleague=True)
            for name in ("Alice", "zoe", "alice")
        )  # fmt: skip
        assert (nowhere.id, nowhere.is_elsewhere, stranger.is_elsewhere) == (again.id, True, False)
        assert staff_by_email(session, "alice@eaux.example").id == alice.id
        assert [each.email for each in team(session, nowhere.issuer_id)] == ["alice@eaux.example", "zoe@eaux.example"]
        told = [
            [(event.what, event.by) for event in events_of(session, "staff", each.id)] for each in (nowhere, stranger)
        ]
        assert told == [[("invited", "gina@gaz.example")] * 2, [("invited", "gina@gaz.example")]]
        asked = [each.particulars["staff_id"] for each in session.scalars(select(Job).order_by(Job.id))]
        assert asked == [alice.id, nowhere.id, stranger.id, nowhere.id]
    with store.writing() as session:
        remove_member(session, "eaux", "alice@eaux.example", "cli", clock())
        here = add_member(session, "gaz", "alice@eaux.example", clock(), by_colleague=True)
        assert (here.id, here.is_elsewhere) == (nowhere.id, False)
        back = add_member(session, "eaux", "alice@eaux.example", clock(), by_colleague=True)
        assert (back.id, back.is_elsewhere) == (alice.id, True)


def test_an_operator_withdraws_by_address_what_leads_nowhere(store: Store, clock: Clock) -> None:
    """The line stands in the gas's team, so it is found there; Alice stays in the water's."""
    with store.writing() as session:
        for slug in ("eaux", "gaz"):
            add_issuer(session, slug, slug, clock())
        alice = add_member(session, "eaux", "alice@eaux.example", clock())
        nowhere = add_member(session, "gaz", "alice@eaux.example", clock(), by_colleague=True)
        assert remove_member(session, "gaz", "Alice@eaux.example", "cli", clock()).id == nowhere.id
        assert staff_by_email(session, "alice@eaux.example") is alice
    with pytest.raises(IssuerError, match="is no member of gaz"), store.writing() as session:
        remove_member(session, "gaz", "alice@eaux.example", "cli", clock())


@pytest.mark.parametrize("has_left", [False, True])
def test_two_teams_invite_one_address_at_once(store: Store, clock: Clock, database: str, has_left: bool) -> None:
    """Each has a line of its own, of which one leads somewhere: neither is refused, neither is taken from the other."""
    if database == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with store.writing() as session:
        for slug in ("eaux", "gaz", "bois"):
            add_issuer(session, slug, slug, clock())
        if has_left:
            add_member(session, "bois", "alice@eaux.example", clock()).closed_at = clock()
    begin, invited = Barrier(2), []

    def invite(slug: str) -> None:
        begin.wait()
        with store.writing() as session:
            staff = add_member(session, slug, "alice@eaux.example", clock(), by_colleague=True)
        invited.append((staff.id, staff.is_elsewhere))

    teams = [Thread(target=invite, args=(slug,)) for slug in ("eaux", "gaz")]
    for each in teams:
        each.start()
    for each in teams:
        each.join()
    assert len({staff_id for staff_id, _ in invited}) == 2
    assert sorted(is_elsewhere for _, is_elsewhere in invited) == [False, True]


@pytest.mark.parametrize(
    "email", ["", "alice", "alice@", "@eaux.example", "a b@eaux.example", "alice@eaux\r\nBcc: x@y.z"]
)
def test_an_address_that_is_none(store: Store, clock: Clock, email: str) -> None:
    with pytest.raises(IssuerError, match="is no e-mail address"), store.writing() as session:
        add_operator(session, email, clock())


def test_an_issuer_nobody_knows(store: Store, clock: Clock) -> None:
    with pytest.raises(IssuerError, match="there is no issuer 'gaz'"), store.writing() as session:
        add_member(session, "gaz", "alice@eaux.example", clock())

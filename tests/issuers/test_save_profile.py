"""A profile's versions: who saved which text when, what a restore does, and who comes too late."""

import pytest
from sqlalchemy import select

from issuers.profile_section import ProfileError
from issuers.registry import add_issuer, issuer_named, profile_of
from issuers.save_profile import VersionUnknownError, restore_profile, save_profile
from store import Store
from store.db.event import events_of
from store.issuer import Issuer
from store.issuer_profiles.profile_version import ProfileChangedError, ProfileVersion, versions_of
from tests.conftest import Clock

WATER = 'trade = "water"\n'
CLAIRE = "claire@eaux.example"


def test_claire_saves_and_restores(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        eaux = add_issuer(session, "eaux", "Eaux", clock(), WATER)
        eaux.voice = '{"colour":"#004488"}'
    with store.writing() as session:
        eaux = issuer_named(session, "eaux")
        assert save_profile(session, eaux, WATER, CLAIRE, "rien", clock(), base=1) is None
        saved = save_profile(session, eaux, WATER + "# bis\n", CLAIRE, "colonnes", clock.forward(days=1), base=1)
        assert saved is not None
        assert (eaux.profile_version, eaux.profile, eaux.changed_at) == (2, WATER + "# bis\n", clock())
        assert profile_of(eaux).brand.colour == "#004488"  # what a member adopted stays
    with store.writing() as session:
        eaux = issuer_named(session, "eaux")
        restore_profile(session, eaux, 1, "bob@eaux.example", "retour", clock(), base=2)
        with pytest.raises(VersionUnknownError, match="no version 9: the last one is 3"):
            restore_profile(session, eaux, 9, CLAIRE, "", clock(), base=3)
    with store.reading() as session:
        eaux = issuer_named(session, "eaux")
        assert [(v.number, v.text, v.by, v.why, v.restored_from) for v in versions_of(session, eaux.id)] == [
            (3, WATER, "bob@eaux.example", "retour", 1),
            (2, WATER + "# bis\n", CLAIRE, "colonnes", None),
            (1, WATER, "registry", "", None),
        ]
        assert [v.number for v in versions_of(session, eaux.id, before=3)] == [2, 1]
        assert [(e.what, e.why) for e in events_of(session, "issuer", eaux.id)][1:] == [
            ("profile saved", "colonnes"), ("profile saved", "retour"),
        ]  # fmt: skip


def test_whoever_began_with_an_older_version_is_told(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        add_issuer(session, "eaux", "Eaux", clock(), WATER)
    with store.writing() as session:
        save_profile(session, issuer_named(session, "eaux"), WATER + "#1", CLAIRE, "", clock(), base=1)
    with pytest.raises(ProfileChangedError, match="version 2"), store.writing() as session:
        save_profile(session, issuer_named(session, "eaux"), WATER + "#2", CLAIRE, "", clock(), base=1)
    with store.reading() as session:
        assert issuer_named(session, "eaux").profile == WATER + "#1"


def test_what_cannot_be_used_or_is_forbidden_changes_nothing(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        add_issuer(session, "eaux", "Eaux", clock(), WATER)
    telecom = 'trade = "telecom"\n[policy]\npaper_fee = 2\n'
    for text in ("colour = ", 'trade = "wheat"', telecom, '[brand]\nlogo = "eaux.png"'):
        with pytest.raises(ProfileError), store.writing() as session:
            save_profile(session, issuer_named(session, "eaux"), text, CLAIRE, "", clock(), base=1)
    with store.reading() as session:
        assert issuer_named(session, "eaux").profile_version == 1


def test_a_figure_that_was_taken_before_there_was_its_bound_stays(store: Store, clock: Clock) -> None:
    old = WATER + "[policy]\ndispute_days = 400\n"
    with store.writing() as session:
        eaux = add_issuer(session, "eaux", "Eaux", clock(), WATER)
        eaux.profile = old
        assert save_profile(session, eaux, old + "post_days = 3\n", CLAIRE, "poste", clock(), base=1)
        add_issuer(session, "eaux", "Eaux", clock(), old + "post_days = 4\n")
        for wrong in (old.replace("400", "401"), old + "post_days = 31\n"):
            with pytest.raises(ProfileError, match="give a figure from 0 to"):
                save_profile(session, eaux, wrong, CLAIRE, "", clock(), base=eaux.profile_version)
        eaux.profile = "trade = 7"
        with pytest.raises(ProfileError, match="dispute_days"):
            save_profile(session, eaux, old, CLAIRE, "", clock(), base=eaux.profile_version)


def test_the_registry_keeps_versions_too(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        add_issuer(session, "eaux", "Eaux", clock())
        add_issuer(session, "eaux", "Eaux du Lac", clock(), WATER)
        add_issuer(session, "eaux", "Eaux du Lac", clock(), WATER)
    with store.reading() as session:
        assert list(session.scalars(select(ProfileVersion.text).order_by(ProfileVersion.id))) == ["", WATER]
        assert session.scalars(select(Issuer.profile_version)).all() == [2]

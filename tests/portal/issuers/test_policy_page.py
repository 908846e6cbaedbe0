"""The policy page: a choice becomes a version of the profile, and what the law forbids is refused with its article."""

from collections.abc import Callable

from issuers.registry import issuer_named, profile_of
from issuers.save_profile import save_profile
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

PAGE = "/equipe/regles"
TELECOM = 'trade = "telecom"\n[policy]\nremind_after_days = [2, 5]  # nos rappels\npostage = "green"\n'
FORM = {
    "remind_after_days": "3", "least_days_to_pay": "10", "notice_months": "", "paper_again_days": "",
    "prenotification_days": "", "tolerance": "0,05", "least_reminded": "1", "dispute_stops_reminders": "1",
    "dispute_days": "60",
}  # fmt: skip


def test_mina_sets_the_policy_within_the_law(office: Office, staff: Callable[[str], Browser]) -> None:
    with office.store.writing() as session:
        save_profile(session, issuer_named(session, "lumiere"), TELECOM, "oscar", "", office.clock(), base=1)
    mina = staff("mina")
    page = mina.get(PAGE).text
    assert 'value="2, 5"' in page
    assert "Interdit dans votre secteur" in page
    assert "Le papier est gratuit" in page
    assert "un client a un an après sa réclamation pour saisir un médiateur (C. conso. L612-2)" in page
    assert "La version 3 du profil est enregistrée" in mina.post(PAGE, **FORM, base="2").text
    with office.store.reading() as session:
        lumiere = issuer_named(session, "lumiere")
        assert lumiere.profile == TELECOM.replace("[2, 5]", "[3]") + "tolerance = 0.05\n"
        assert profile_of(lumiere).policy.remind_after_days == (3,)
    mina.get(PAGE)
    assert "Rien n’a changé" in mina.post(PAGE, **FORM, base="3").text
    for changes, words in (
        ({"default_on": "1"}, "Sans papier par défaut, après préavis"),
        ({"paper_again_days": "300"}, "Retour au papier, en jours ouvrés"),
        ({"dispute_days": "un mois"}, "Suspension la plus longue, en jours"),
        ({"dispute_days": "9999"}, "Suspension la plus longue, en jours"),
        ({"remind_after_days": "1, 2, 3, 4, 5, 6, 7, 8, 9"}, "Rappels, en jours ouvrés après la première annonce"),
        ({"tolerance": "NaN"}, "Reste qui vaut payé"),
        ({"tolerance": "1_0"}, "Reste qui vaut payé"),
        ({"least_reminded": "1e-300"}, "Reste qui n’est pas rappelé"),
        ({"remind_after_days": "5, 2"}, "Rappels, en jours ouvrés après la première annonce"),
    ):
        mina.get(PAGE)
        answer = mina.post(PAGE, **(FORM | changes), base="3")
        assert (answer.status_code, f"<strong>{words}</strong>" in answer.text) == (422, True), words
        assert "policy." not in answer.text, "a key of the file is no name on a page"
    mina.get(PAGE)
    assert mina.post(PAGE, **(FORM | {"dispute_days": "30"}), base="2").status_code == 409
    with office.store.reading() as session:
        assert issuer_named(session, "lumiere").profile_version == 3


def test_mina_tries_rules_before_she_saves_them(office: Office, staff: Callable[[str], Browser]) -> None:
    """On the two bills that were released; what the law forbids is refused there, too, and nothing is saved."""
    with office.store.writing() as session:
        lumiere = issuer_named(session, "lumiere")
        save_profile(session, lumiere, TELECOM, "oscar", "", office.clock(), base=1)
    office.drop([ubl("L-8"), ubl("L-9", "C-BOB")], name="avril.xml")
    office.pipeline.work_until_idle(office.clock())
    mina = staff("mina")
    mina.get(PAGE)
    page = mina.post(f"{PAGE}/essai", **(FORM | {"least_days_to_pay": "12"}), base="2").text
    assert "2 factures émises ces 31 derniers jours" in page
    assert 'value="12"' in page, "what was typed is still there"
    assert "Aucune facture ne finirait autrement" in page
    mina.get(PAGE)
    refused = mina.post(f"{PAGE}/essai", **(FORM | {"default_on": "1"}), base="2", why="Les lettres coûtent cher")
    assert 'value="Les lettres coûtent cher"' in refused.text, "so is the reason"
    assert (refused.status_code, "<strong>Sans papier par défaut" in refused.text) == (422, True)
    with office.store.reading() as session:
        assert issuer_named(session, "lumiere").profile_version == 2


def test_a_trial_makes_nobody_elses_change_undone(office: Office, staff: Callable[[str], Browser]) -> None:
    """Mina fills the form in, Oscar saves other rules, Mina tries hers and saves: she is told, and his stay."""
    mina = staff("mina")
    mina.get(PAGE)
    with office.store.writing() as session:
        save_profile(session, issuer_named(session, "lumiere"), TELECOM, "oscar", "", office.clock(), base=1)
    tried = mina.post(f"{PAGE}/essai", **FORM, base="1").text
    assert 'name="base" value="1"' in tried
    assert mina.post(PAGE, **FORM, base="1").status_code == 409
    with office.store.reading() as session:
        assert issuer_named(session, "lumiere").profile == TELECOM

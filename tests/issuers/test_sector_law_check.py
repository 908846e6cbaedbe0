"""What its sector's law forbids an issuer's profile: refused by the registry, with the article."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import main
from issuers.policy_bounds import check_policy_bounds
from issuers.policy_clocks import policy_clocks
from issuers.profile import ProfileError, read_profile
from issuers.registry import add_issuer, issuer_named
from issuers.sector_law_check import check_sector_law
from store import Store
from tests.conftest import Clock

pytestmark = pytest.mark.beside_any_database

_ENERGY = "C. conso. L224-12"
_FINE = "C. conso. R242-13"
_SEPA = "EPC016-06"
_TELECOM = "Arrêté du 31 décembre 2013"
_OTHERS = "CGI art. 289, VI"

#: Trade, a table that is forbidden, the key that is named and the article.
FORBIDDEN = [
    ("electricity", "[policy]\npaper_fee = 1.5", "policy.paper_fee", f"{_ENERGY} ; arrêté du 18 avril 2012 ; {_FINE}"),
    ("gas", "[policy]\nback_to_paper = false", "policy.back_to_paper", f"{_ENERGY} ; {_FINE}"),
    ("gas", "[policy]\npaper_again_days = 11", "policy.paper_again_days", _ENERGY),
    ("gas", "[policy]\npaper_again_days = -1", "policy.paper_again_days", _ENERGY),
    ("gas", "[policy]\nnotice_months = 2", "policy.notice_months", _ENERGY),
    ("gas", "[policy]\nprenotification_days = 13", "policy.prenotification_days", _SEPA),
    ("telecom", "[policy]\npaper_fee = 1", "policy.paper_fee", _TELECOM),
    ("telecom", "[policy]\nback_to_paper = false", "policy.back_to_paper", _TELECOM),
    ("telecom", "[policy]\npaper_again_days = 30", "policy.paper_again_days", _TELECOM),
    ("telecom", "[policy]\ndefault_on = true", "policy.default_on", _TELECOM),
    ("bank", "[policy]\ndefault_on = true", "policy.default_on", "CMF L311-8"),
    ("bank", "[policy]\npaper_fee = 2", "policy.paper_fee", "CMF L311-8"),
    ("bank", "[policy]\nback_to_paper = false", "policy.back_to_paper", "CMF L311-8"),
    ("water", "[policy]\ndefault_on = true", "policy.default_on", _OTHERS),
    ("water", "[policy]\npaper_fee = 2", "policy.paper_fee", _OTHERS),
    ("water", "[policy]\nback_to_paper = false", "policy.back_to_paper", _OTHERS),
    ("other", "[policy]\npaper_fee = 2", "policy.paper_fee", _OTHERS),
    ("town", "[policy]\nback_to_paper = false", "policy.back_to_paper", _OTHERS),
    ("insurance", "[policy]\ndefault_on = true", "policy.default_on", _OTHERS),
]  # fmt: skip
_DEBIT = '[direct_debit]\ncreditor_id = "FR72ZZZ123456"\n'


@pytest.mark.parametrize(("trade", "table", "key", "article"), FORBIDDEN)
def test_what_the_sector_forbids_is_refused_with_the_article(
    store: Store, clock: Clock, trade: str, table: str, key: str, article: str
) -> None:
    with pytest.raises(ProfileError) as refused, store.writing() as session:
        add_issuer(session, "nord", "Nord", clock(), f'trade = "{trade}"\n{table}\n')
    assert refused.value.key == key
    assert article in str(refused.value)
    assert article in refused.value.spelled("fr")
    assert refused.value.spelled("fr") != str(refused.value)


def test_a_forbidden_change_leaves_the_profile_as_it_was(store: Store, clock: Clock) -> None:
    allowed = 'trade = "gas"\n[policy]\ndefault_on = true\nnotice_months = 3\npaper_again_days = 10\n'
    with store.writing() as session:
        add_issuer(session, "nord", "Nord", clock(), allowed)
    with pytest.raises(ProfileError), store.writing() as session:
        add_issuer(session, "nord", "Nord", clock(), 'trade = "gas"\n[policy]\npaper_again_days = 20\n')
    with store.reading() as session:
        assert issuer_named(session, "nord").profile == allowed


def test_the_command_line_says_no(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FACTEUR_HOME", str(tmp_path / "home"))
    (tmp_path / "nord.toml").write_text('trade = "telecom"\n[policy]\npaper_fee = 3\n', encoding="utf-8")
    said = CliRunner().invoke(
        main, ["issuer", "add", "nord", "--name", "Nord", "--profile", str(tmp_path / "nord.toml")]
    )
    assert said.exit_code == 1
    assert _TELECOM in said.output


@pytest.mark.parametrize(
    ("tables", "is_allowed"),
    [
        ("[policy]\nprenotification_days = 14\n", True),
        ("[policy]\nprenotification_days = 5\n", False),
        (f"[policy]\nprenotification_days = 5\n{_DEBIT}", False),
        (f"[policy]\nprenotification_days = 5\n{_DEBIT}agreed_prenotification_days = 5\n", True),
        (f"[policy]\nprenotification_days = 4\n{_DEBIT}agreed_prenotification_days = 5\n", False),
        (f"{_DEBIT}agreed_prenotification_days = 1\n", False),
        (f"{_DEBIT}agreed_prenotification_days = 2\n", True),
    ],
)
def test_a_debit_is_announced_later_only_where_the_mandate_agrees(tables: str, is_allowed: bool) -> None:
    profile = read_profile(f'trade = "water"\n{tables}')
    if is_allowed:
        check_sector_law(profile)
        return
    with pytest.raises(ProfileError, match=_SEPA):
        check_sector_law(profile)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("paper_fee", "nan"), ("paper_fee", "inf"), ("paper_fee", "-1"), ("notice_months", "-1"),
        ("notice_months", "25"), ("notice_months", "10000000000000000000000"), ("paper_again_days", "-1"),
        ("prenotification_days", "367"), ("prenotification_days", "2.5"), ("back_to_paper", '"no"'),
        ("default_on", "1"),
    ],
)  # fmt: skip
def test_what_is_no_number_of_days_is_refused_at_its_key(key: str, value: str) -> None:
    with pytest.raises(ProfileError) as refused:
        handed_in(f"[policy]\n{key} = {value}\n")
    assert refused.value.key == f"policy.{key}"


def handed_in(text: str) -> None:
    profile = read_profile(text)
    check_sector_law(profile)
    check_policy_bounds(profile.policy)


def test_a_clock_that_the_profile_leaves_out_is_the_laws() -> None:
    assert policy_clocks(read_profile('trade = "gas"')) == (10, 14, 3)
    own = "[policy]\npaper_again_days = 0\nnotice_months = 6\nprenotification_days = 20\n"
    assert policy_clocks(read_profile(f'trade = "gas"\n{own}')) == (0, 20, 6)
    agreed = policy_clocks(read_profile(f"{_DEBIT}agreed_prenotification_days = 5\n"))
    assert agreed.prenotification_days == 5

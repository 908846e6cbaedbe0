"""The law files: what is in them, and that a file with a wrong key is refused."""

import msgspec
import pytest

from delivery.law.sector_law import TRADES, LawFileError, SectorLaw, Trade, all_laws, law_files, law_of, read_law
from issuers.profile import Profile

ENERGY = next(path for path in law_files() if path.name == "energy.toml").read_text(encoding="utf-8")


def test_the_trades_are_those_of_profiles() -> None:
    assert Profile.__annotations__["trade"] == Trade
    assert set(TRADES) == {trade for law in all_laws() for trade in law.trades}


def test_each_trade_has_one_law() -> None:
    assert {trade: law_of(trade).sector for trade in TRADES} == {
        "electricity": "energy", "gas": "energy", "water": "water", "telecom": "telecom", "bank": "bank",
        "insurance": "default", "town": "default", "other": "default",
    }  # fmt: skip


@pytest.mark.parametrize("path", law_files(), ids=lambda path: path.stem)
def test_a_sector_is_named_as_its_file(path: object) -> None:
    assert path.stem in {law.sector for law in all_laws()}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('sector = "energy"', 'sector = "energy"\nfee = 1'),
        ("[yearly_check]\nvalue = true", '[yearly_check]\nvalue = "yes"'),
        ("[yearly_check]\nvalue = true", "[yearly_check]\nvalue = 1"),
        ("value = 10", 'value = "10"'),
        ("value = 10", "value = 0"),
        ("value = 10", "value = 10.5"),
        ("value = 10", "value = 10\nunit = 'days'"),
        ('"due_date",', '"due date",'),
        ('certainty = "read"', 'certainty = "sure"'),
        ('article = "C. conso. L224-12"', 'article = ""'),
        ('"gas"]', '"gas", "steam"]'),
        ('"paper_fee"', '"fees"'),
        ("[yearly_check]", "[yearly_check"),
        ("[yearly_check]", "[yearly_checks]"),
    ],
)
def test_a_wrong_file_is_refused(before: str, after: str) -> None:
    assert before in ENERGY
    with pytest.raises(LawFileError, match=r"energy\.toml"):
        read_law(ENERGY.replace(before, after, 1), "energy.toml")


def test_a_law_is_frozen() -> None:
    law = law_of("gas")
    with pytest.raises(AttributeError):
        law.sector = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        law.yearly_check.value = False  # type: ignore[misc]


def test_two_laws_for_a_trade_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from delivery.law import sector_law

    twice: list[SectorLaw] = [*all_laws(), msgspec.structs.replace(law_of("gas"), sector="twin")]
    monkeypatch.setattr(sector_law, "all_laws", lambda: twice)
    with pytest.raises(LawFileError, match="electricity is in energy already"):
        sector_law._laws.__wrapped__()
    monkeypatch.setattr(sector_law, "all_laws", lambda: all_laws()[:1])
    with pytest.raises(LawFileError, match="no law file is for"):
        sector_law._laws.__wrapped__()

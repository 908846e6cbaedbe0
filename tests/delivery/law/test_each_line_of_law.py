"""Each line of each law file is kept: taken out, or changed, the file is refused or what follows from the rule fails.

A check of `CHECKS` says what follows from the rules of one sector; every sector is held to all of them.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import pytest

from delivery.channels.email.mails.accounts.paper_again_confirmation import paper_again_words
from delivery.channels.email.mails.accounts.suitability_question import suitability_words
from delivery.law import sector_law
from delivery.law.decision_article import article_for
from delivery.law.law_rule import LawRule
from delivery.law.sector_law import LawFileError, SectorLaw, all_laws, law_files, read_law
from delivery.suitability.check_dates import next_check
from issuers.policy_clocks import policy_clocks
from issuers.profile import ProfileError, read_profile
from issuers.sector_law_check import check_sector_law
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer
from tests.delivery.law.message_mentions import missing_mentions

DOCUMENT: Final = (Path(__file__).parents[3] / "docs" / "law.md").read_text(encoding="utf-8")
SEPA: Final = "EPC016-06 (prélèvement SEPA)"
MARCH: Final = date(2026, 3, 3)


class Sector(NamedTuple):
    """What is so in a sector, said without looking at its file."""

    trades: set[str]
    article: str
    column: int  # of the table in docs/law.md
    fee: str = ""  # the article on a fee, where it is another
    sanction: str = ""
    default_on: bool = False
    asks_yearly: bool = False

    @property
    def on_fee(self) -> str:
        return self.fee or self.article


SECTORS: Final = {
    "energy": Sector(
        {"electricity", "gas"}, "C. conso. L224-12", 1, "C. conso. L224-12 ; arrêté du 18 avril 2012",
        "C. conso. R242-13", default_on=True, asks_yearly=True,
    ),
    "telecom": Sector({"telecom"}, "Arrêté du 31 décembre 2013", 2),
    "bank": Sector({"bank"}, "CMF L311-8", 3, asks_yearly=True),
    "water": Sector({"water"}, "CGI art. 289, VI", 4),
    "default": Sector({"insurance", "town", "other"}, "CGI art. 289, VI", 4),
}  # fmt: skip


def profile_is_refused(table: str, key: str, article: str, sector: Sector) -> None:
    """The profile is refused at this key, with exactly this article."""
    cited = f"{article} ; {sector.sanction}" if sector.sanction else article
    with pytest.raises(ProfileError) as refused:
        check_sector_law(read_profile(f'trade = "{min(sector.trades)}"\n{table}\n'))
    assert refused.value.key == key
    assert str(refused.value).endswith(f"({cited})")


def profile_is_taken(table: str, sector: Sector) -> None:
    check_sector_law(read_profile(f'trade = "{min(sector.trades)}"\n{table}\n'))


def check_who_it_is_for(law: SectorLaw, sector: Sector) -> None:
    assert set(law.trades) == sector.trades
    assert SECTORS[law.sector] is sector


def check_fees_and_the_way_back(law: SectorLaw, sector: Sector) -> None:
    profile_is_refused("[policy]\npaper_fee = 0.01", "policy.paper_fee", sector.on_fee, sector)
    profile_is_refused("[policy]\nback_to_paper = false", "policy.back_to_paper", sector.article, sector)


def check_the_clock_of_paper(law: SectorLaw, sector: Sector) -> None:
    profile_is_taken("[policy]\npaper_again_days = 10", sector)
    profile_is_refused("[policy]\npaper_again_days = 11", "policy.paper_again_days", sector.article, sector)
    assert policy_clocks(read_profile(f'trade = "{min(sector.trades)}"')).paper_again_days == 10


def check_the_default(law: SectorLaw, sector: Sector) -> None:
    if sector.default_on:
        profile_is_taken("[policy]\ndefault_on = true", sector)
        assert article_for("paper_kept", law) is None
    else:
        profile_is_refused("[policy]\ndefault_on = true", "policy.default_on", sector.article, sector)
        assert article_for("paper_kept", law) == sector.article
    profile_is_taken("[policy]\nnotice_months = 3", sector)
    profile_is_refused("[policy]\nnotice_months = 2", "policy.notice_months", sector.article, sector)
    assert policy_clocks(read_profile(f'trade = "{min(sector.trades)}"')).notice_months == 3


def check_the_prenotification(law: SectorLaw, sector: Sector) -> None:
    agreed = '[direct_debit]\ncreditor_id = "FR72ZZZ123456"\nagreed_prenotification_days = '
    key, agreed_key = "policy.prenotification_days", "direct_debit.agreed_prenotification_days"
    profile_is_taken("[policy]\nprenotification_days = 14", sector)
    profile_is_refused("[policy]\nprenotification_days = 13", key, SEPA, sector)
    profile_is_taken(f"[policy]\nprenotification_days = 2\n{agreed}2", sector)
    profile_is_refused(f"{agreed}1", agreed_key, SEPA, sector)
    assert policy_clocks(read_profile(f'trade = "{min(sector.trades)}"')).prenotification_days == 14


def check_the_articles_of_decisions(law: SectorLaw, sector: Sector) -> None:
    for reason in ("paper_by_right", "no_holder_by_email", "paper_after_withdrawal", "announced_by_email"):
        assert article_for(reason, law) == sector.article
        assert article_for(reason, law, is_collected=True) == f"{sector.article} ; {SEPA}"
    assert article_for("suitability_check", law) == (sector.article if sector.asks_yearly else None)


def check_the_yearly_question(law: SectorLaw, sector: Sector) -> None:
    since = MARCH - timedelta(days=300)
    dates = next_check(since, None, MARCH, law.check_announced_days.value)
    assert (dates.due_on - dates.asked_on).days == 30
    assert law.yearly_check.value is sector.asks_yearly
    question = "\n".join(suitability_words(*_reader(sector), MARCH, "-").before)
    silence = "le papier revient si personne n’a ouvert de facture" if sector.asks_yearly else "rien ne change"
    assert silence in _plain(question)
    assert sector.article in _plain(question)


def check_the_promise_of_paper(law: SectorLaw, sector: Sector) -> None:
    assert sector.article in _plain("\n".join(paper_again_words(*_reader(sector), MARCH, "-").before))


def check_the_message(law: SectorLaw, sector: Sector) -> None:
    lacking = missing_mentions("Bonjour", law, amount=Decimal(84), due_date=MARCH, link="https://facteur.example")
    assert lacking == ["amount", "due_date", "link"]


def check_the_document(law: SectorLaw, sector: Sector) -> None:
    """docs/law.md says of each rule its value and how sure we are, and of each sector its articles."""
    rows = {cells[0]: cells for cells in _table(DOCUMENT)}
    told = rows[f"`{law.sector}.toml`"]
    for name, rule in _rules(law):
        cell = rows[name][sector.column]
        assert rule.certainty in cell, name
        if isinstance(rule.value, int) and not isinstance(rule.value, bool):
            assert cell.startswith(f"{rule.value} "), name
        for part in rule.article.split(" ; "):
            assert part.lower() in " ".join((*told, *rows["all"])).lower(), name
    assert law.sanction in " ".join(told)


CHECKS: Final[list[Callable[[SectorLaw, Sector], None]]] = [
    check_who_it_is_for, check_fees_and_the_way_back, check_the_clock_of_paper, check_the_default,
    check_the_prenotification, check_the_articles_of_decisions, check_the_yearly_question, check_the_promise_of_paper,
    check_the_message, check_the_document,
]  # fmt: skip


def _reader(sector: Sector) -> tuple[Consumer, CustomerAccount, Issuer]:
    issuer = Issuer(name="Nord", profile=f'trade = "{min(sector.trades)}"')
    return Consumer(name="Alice", language="fr"), CustomerAccount(term="BT-46", value="1"), issuer


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def _table(document: str) -> Iterator[list[str]]:
    for line in document.splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def _rules(law: SectorLaw) -> Iterator[tuple[str, LawRule[Any]]]:
    """Each rule with its name in the document's table."""
    for name in SectorLaw.__struct_fields__:
        value = getattr(law, name)
        if isinstance(value, LawRule):
            yield f"`{name}`", value
    yield from ((f"`forbids` `{rule.value}`", rule) for rule in law.forbids)


def broken(law: SectorLaw, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The checks that fail where this were the law of its sector."""
    sector = SECTORS.get(law.sector)
    if sector is None:
        return ["its name"]
    found = []
    with monkeypatch.context() as patch:
        patch.setattr(sector_law, "law_of", lambda _: law)
        for module in ("paper_again_confirmation", "suitability_question"):
            patch.setattr(f"delivery.channels.email.mails.accounts.{module}.law_of", lambda _: law)
        for check in CHECKS:
            try:
                check(law, sector)
            except (AssertionError, ProfileError, pytest.fail.Exception):
                found.append(check.__name__)
    return found


LINES: Final = [
    pytest.param(path, n, id=f"{path.stem}:{n + 1}")
    for path in law_files()
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines())
    if line.strip() and not line.startswith("#")
]


@pytest.mark.parametrize("law", all_laws(), ids=lambda law: law.sector)
def test_what_follows_from_the_law_holds(law: SectorLaw, monkeypatch: pytest.MonkeyPatch) -> None:
    assert broken(law, monkeypatch) == []


@pytest.mark.parametrize(("path", "n"), LINES)
def test_no_line_can_be_taken_out(path: Path, n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    del lines[n]
    try:
        law = read_law("\n".join(lines), path.name)
    except LawFileError:
        return
    assert broken(law, monkeypatch)


@pytest.mark.parametrize("path", law_files(), ids=lambda path: path.stem)
def test_no_key_and_no_rule_can_be_taken_out(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of whole keys: a table, an item of a list."""
    text = path.read_text(encoding="utf-8")
    whole = msgspec.toml.decode(text)
    for name in whole:
        with pytest.raises(msgspec.ValidationError):
            _law({key: value for key, value in whole.items() if key != name})
    for n in range(len(whole["forbids"])):
        less = whole | {"forbids": whole["forbids"][:n] + whole["forbids"][n + 1 :]}
        assert "check_fees_and_the_way_back" in broken(_law(less), monkeypatch)
    said = whole["message_says"]
    for mention in said["value"]:
        less = whole | {"message_says": said | {"value": [each for each in said["value"] if each != mention]}}
        assert "check_the_message" in broken(_law(less), monkeypatch)


@pytest.mark.parametrize("path", law_files(), ids=lambda path: path.stem)
def test_no_value_article_or_certainty_can_be_changed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    law = read_law(path.read_text(encoding="utf-8"), path.name)
    for changed, what in _changes(law):
        assert broken(changed, monkeypatch), what


def _changes(law: SectorLaw) -> Iterator[tuple[SectorLaw, str]]:
    """The law with one rule, its article or its certainty changed; and what was changed."""
    replace = msgspec.structs.replace
    yield replace(law, sanction="C. pén. 131-13"), "sanction"
    for name in SectorLaw.__struct_fields__:
        rule = getattr(law, name)
        if isinstance(rule, LawRule):
            for other in _other_rules(rule, _other_values(name, rule.value)):
                yield replace(law, **{name: other}), f"{name}: {other}"
    for n, forbidden in enumerate(law.forbids):
        for other in _other_rules(forbidden, []):
            yield replace(law, forbids=(*law.forbids[:n], other, *law.forbids[n + 1 :])), f"forbids: {other}"


def _other_rules(rule: LawRule[Any], values: list[Any]) -> Iterator[LawRule[Any]]:
    yield from (msgspec.structs.replace(rule, value=value) for value in values)
    yield msgspec.structs.replace(rule, article="Un autre article")
    yield msgspec.structs.replace(rule, certainty="background" if rule.certainty == "read" else "read")


def _other_values(name: str, value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value - 1, value + 1]
    if name == "unanswered_check":
        return [each for each in ("digital", "paper", "paper_unless_seen") if each != value]
    return []


def _law(table: dict[str, Any]) -> SectorLaw:
    return msgspec.convert(table, SectorLaw)


def test_every_rule_is_named_in_the_document() -> None:
    named = set(re.findall(r"^\| (`[^|]+`) \|", DOCUMENT, re.MULTILINE))
    assert {name for law in all_laws() for name, _ in _rules(law)} <= named

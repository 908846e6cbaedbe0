"""Account questions on the command line: the story of the reused number, as a script tells it."""

import shutil
from pathlib import Path

from tests.cli.conftest import Run, lines

FOUND = Path(__file__).parent.parent / "account_numbers"


def test_questions_are_listed_and_decided(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumiere")
    for name in ("x", "b"):
        feed = tmp_path / f"{name}.xml"
        shutil.copy(FOUND / f"reuse-{name}.xml", feed)
        [report] = lines(facteur("feed", "drop", "lumiere", feed, "--wait", "--json"))
        assert (report["state"], report["counts"]["bill"]) == ("released", 1)
    assert [each["rule"] for each in report["findings"]] == ["ACCOUNT-QUESTION"]

    [question] = lines(facteur("account", "questions", "--json", "--issuer", "lumiere"))
    assert (question["state"], question["number"], question["kind"]) == ("open", "1001", "reuse")
    assert question["held"]["account"] != question["other"]["account"]
    assert (question["held"]["holder"], question["other"]["holder"]) == ("Alice Martin", "Bruno Leroy")
    assert "Bruno Leroy" in facteur("account", "questions").stdout
    bills = lines(facteur("bill", "list", "--json"))
    assert [(bill["number"], bill["account"], bill["channel"]) for bill in bills] == [
        ("A-1", "1001", "paper"), ("B-1", "1001", "paper"),
    ]  # fmt: skip

    decide = ("account", "decide", str(question["question"]))
    word = ("--by", "Léa", "--reason", "vu avec le client")
    facteur(*decide, *word, expect=2)
    facteur(*decide, "--same", "--other", *word, expect=2)
    facteur(*decide, "--new-holder", "--by", "Léa", expect=2)
    facteur(*decide, "--new-holder", "--by", " ", "--reason", "x", expect=2)
    facteur(*decide, "--new-holder", "--by", "L" * 201, "--reason", "x", expect=2)
    facteur("account", "decide", "4711", "--same", *word, expect=1)
    facteur(*decide, "--new-holder", *word)
    facteur(*decide, "--new-holder", *word)
    facteur(*decide, "--same", *word, expect=1)
    assert facteur("account", "questions", "--json").stdout == ""
    [check] = lines(facteur("check", "--json"))
    assert check["ok"]


def test_accounts_are_listed_and_shown_with_what_their_issuer_says(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumiere")
    file = tmp_path / "clients.json"
    alice = '{"number": "1001", "names": ["Alice Martin"], "paper_by_right": "exempt", "email": "alice@example.org"}'
    file.write_text(f'[{alice}, {{"number": "1002", "names": ["Bruno Leroy"]}}]')
    [report] = lines(facteur("feed", "drop", "lumiere", file, "--wait", "--json"))
    assert (report["content"], report["counts"]["created"]) == ("customers", 2)

    listed = lines(facteur("account", "list", "--issuer", "lumiere", "--json"))
    assert listed[1] == {
        "issuer": "lumiere", "account": "1002", "holder": "Bruno Leroy", "relationship": "PAPER", "channel": "paper",
        "since": None,
    }  # fmt: skip
    assert [each["relationship"] for each in listed] == ["EXEMPT", "PAPER"]
    [shown] = lines(facteur("account", "show", "lumiere", "1001", "--json"))
    assert (shown["account"], shown["stated"]["email"], shown["holders"]) == ("1001", "alice@example.org", [])
    assert "alice@example.org" in facteur("account", "show", "lumiere", "1001").stdout
    assert (shown["relationship"], shown["why"]["code"]) == ("EXEMPT", "paper_by_right")
    [step] = shown["trail"]
    assert (step["what"], step["by"], step["channel"], step["basis"]) == ("exempt", "feed 1", "file", "statement")
    assert "Paper by right, says the issuer" in facteur("account", "show", "lumiere", "1001").stdout
    facteur("account", "show", "lumiere", "4711", expect=1)


def test_accounts_are_told_as_of_the_moment_that_work_was_done(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumiere")
    file = tmp_path / "clients.json"
    for said in ('"names": ["Alice Martin"], "email": "alice@example.org"', '"closed_on": "2031-01-31"'):
        file.write_text(f'[{{"number": "1001", {said}}}]')
        facteur("feed", "drop", "lumiere", file, "--wait")
    for as_of, expected in (("2031-01-15", "PAPER"), ("2031-02-15", "CLOSED")):
        facteur("work", "--until-idle", "--as-of", as_of)
        [listed] = lines(facteur("account", "list", "--json"))
        [shown] = lines(facteur("account", "show", "lumiere", "1001", "--json"))
        assert (listed["relationship"], shown["relationship"]) == (expected, expected)


def test_notices_of_bills_without_paper_are_counted(facteur: Run) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumiere")
    assert facteur("account", "default-notices", "--json").stdout == ""
    assert "objections" in facteur("account", "default-notices", "--issuer", "lumiere").stdout


def test_after_a_death_a_named_person_decides(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumiere")
    file = tmp_path / "clients.json"
    file.write_text(
        '[{"number": "1001", "names": ["Alice Martin"], "died_on": "2026-02-28"}, '
        '{"number": "1002", "names": ["Bruno Leroy"]}]'
    )
    facteur("feed", "drop", "lumiere", file, "--wait")
    word = ("--by", "Anne", "--reason", "appel de la famille")
    to_estate = ("--to-estate", "--name", "Étude Roux", "--street", "1 rue de la Paix", "--postcode", "44000")
    facteur("account", "bereavement", "lumiere", "1001", *word, expect=2)
    facteur("account", "bereavement", "lumiere", "1001", "--hold", "--alive", *word, expect=2)
    facteur("account", "bereavement", "lumiere", "1001", *to_estate, *word, expect=1)
    facteur("account", "bereavement", "lumiere", "1002", "--hold", *word, expect=1)
    facteur("account", "bereavement", "lumiere", "4711", "--hold", *word, expect=1)
    said = facteur("account", "bereavement", "lumiere", "1001", *to_estate, "--city", "Nantes", *word).stdout
    assert said == "0 letters go to the estate, and those to come\n"
    [shown] = lines(facteur("account", "show", "lumiere", "1001", "--json"))
    assert (shown["relationship"], shown["why"]["code"]) == ("DECEASED_HOLD", "letter_to_estate")
    step = shown["trail"][-1]
    assert (step["what"], step["by"], step["channel"], step["basis"]) == ("to_estate", "Anne", "staff", "decision")
    assert step["words"] == "appel de la famille (Étude Roux, 1 rue de la Paix, 44000 Nantes, FR)"
    facteur("account", "bereavement", "lumiere", "1001", "--alive", *word)
    told = facteur("account", "show", "lumiere", "1001").stdout
    assert "bills go on paper to whoever settles the estate, by Anne" in told
    [shown, _] = lines(facteur("account", "list", "--json"))
    assert shown["relationship"] == "PAPER"


def test_a_person_states_a_move_and_the_end_of_a_contract(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière")
    file = tmp_path / "clients.json"
    file.write_text('{"customers": [{"number": "1001", "names": ["Georges Petit"]}]}')
    facteur("feed", "drop", "lumiere", file, "--wait")
    word = ("--by", "Anne", "--reason", "appel du client")
    street = ("--street", "40 rue Loin", "--city", "Quimper")
    facteur("account", "moved", "lumiere", "1001", *street, *word, expect=1)  # without its postcode
    facteur("account", "moved", "lumiere", "4711", *street, "--postcode", "29000", *word, expect=1)
    assert facteur("account", "moved", "lumiere", "1001", *street, "--postcode", "29000", *word).stdout.startswith("0 ")
    facteur("account", "close", "lumiere", "4711", "--on", "2026-03-31", *word, expect=1)
    facteur("account", "close", "lumiere", "1001", "--on", "2026-03-31", *word)
    [shown] = lines(facteur("account", "show", "lumiere", "1001", "--json"))
    assert shown["address"]["line1"] == "40 rue Loin"
    assert [(each["what"], each["by"]) for each in shown["trail"]] == [
        ("address_known", "Anne"), ("closed", "Anne (appel du client)"),
    ]  # fmt: skip

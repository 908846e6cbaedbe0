"""The command line, as scripts lean on it: JSON on stdout and nothing else there, exit codes 0, 1 and 2."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.cli.conftest import Run, lines
from tests.sample_feeds import batch, ubl


@pytest.mark.beside_any_database
def test_a_root_that_is_gone_is_named(facteur_process: Run, tmp_path: Path) -> None:
    """A sentence says what to do; no list of files and lines of ours. By real processes, as scripts start them."""
    facteur_process("issuer", "add", "lumiere", "--name", "Lumière de l'Ouest")
    feed = tmp_path / "mars.xml"
    feed.write_bytes(batch([ubl("L-1")]))
    [report] = lines(facteur_process("feed", "drop", "lumiere", feed, "--wait", "--json"))
    assert report["counts"]["bill"] == 1
    (tmp_path / "secret").write_text("another secret for tests, long enough to be one")
    told = facteur_process("bill", "pdf", "lumiere", "L-1", "-o", tmp_path / "bill.pdf", expect=1).stderr
    assert "Traceback" not in told
    assert "FACTEUR_OLD_SECRET_FILES" in told
    assert facteur_process("feed", "dance", expect=2).stdout == ""


def test_the_road_by_hand(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière de l'Ouest")
    feed = tmp_path / "mars.xml"
    feed.write_bytes(batch([ubl("L-1"), ubl("L-2", "C-BOB"), ubl("L-1"), ubl("L-3", "C-CHARLIE", gross=Decimal(1))]))
    [report] = lines(facteur("feed", "drop", "lumiere", feed, "--wait", "--json"))
    assert (report["issuer"], report["file"], report["state"]) == ("lumiere", "mars.xml", "released")
    assert report["counts"] == {"bill": 2, "duplicate": 1, "conflict": 0, "rejected": 1, "waiting_parent": 0}
    assert report["totals"] == {"EUR": "168.00"}
    [finding] = [each for each in report["findings"] if each["severity"] == "fatal"]
    assert (finding["rule"], finding["number"]) == ("BR-CO-15", "L-3")
    assert finding["place"]

    bills = lines(facteur("bill", "list", "--issuer", "lumiere", "--json"))
    assert [(bill["number"], bill["payable"], bill["state"], bill["channel"]) for bill in bills] == [
        ("L-1", "84.00", "chosen", "paper"), ("L-2", "84.00", "chosen", "paper"),
    ]  # fmt: skip
    assert set(bills[0]) == {
        "issuer", "number", "type_code", "issue_date", "due_date", "currency", "gross", "payable", "seller_name",
        "buyer_name", "account", "line_count", "state", "channel", "pdf_sha256",
    }  # fmt: skip
    [shown] = lines(facteur("bill", "show", "lumiere", "L-1", "--json"))
    assert shown["bill"]["buyer"]["name"] == "Alice Martin"

    [letter] = lines(facteur("delivery", "list", "lumiere", "L-1", "--json"))
    assert (letter["segments"], letter["cost"]) == (None, None)
    assert list(letter) == ["channel", "purpose", "state", "due_at", "reason", "article", "segments", "cost"]
    assert (letter["channel"], letter["purpose"], letter["article"]) == ("paper", "print", "CGI art. 289, VI")
    assert letter["reason"] == {
        "code": "account_unclaimed", "values": {}, "text": "nobody has claimed this account yet",
    }  # fmt: skip
    assert shown["deliveries"] == [letter]
    assert "nobody has claimed" in facteur("delivery", "list", "lumiere", "L-1").stdout
    assert "no bill" in facteur("delivery", "list", "lumiere", "L-9", expect=1).stderr
    [why] = lines(facteur("bill", "why", "lumiere", "L-1", "--json"))
    assert (why["channel"], why["same"], why["with_policy"], why["chosen_again"]["risk"]) == ("paper", True, None, None)
    assert [each["reason"] for each in why["chosen_again"]["deliveries"]] == [letter["reason"]]
    assert [each["article"] for each in why["chosen_again"]["deliveries"]] == ["CGI art. 289, VI"]
    (tmp_path / "other.toml").write_text("[policy]\npost_days = 2\n")
    tried = facteur("bill", "why", "lumiere", "L-1", "--policy", tmp_path / "other.toml").stdout
    assert "by the other policy: paper" in tried
    (tmp_path / "other.toml").write_text("[policy]\npost_days = true\n")
    facteur("bill", "why", "lumiere", "L-1", "--policy", tmp_path / "other.toml", expect=1)
    facteur("bill", "pdf", "lumiere", "L-1", "-o", tmp_path / "bill.pdf")
    assert (tmp_path / "bill.pdf").read_bytes().startswith(b"%PDF-1.7")

    [again] = lines(facteur("feed", "drop", "lumiere", feed, "--json"))
    assert again == report
    assert lines(facteur("feed", "report", str(report["feed"]), "--json")) == [report]

    [batch_line] = lines(facteur("print", "close", "--json"))
    assert (batch_line["letters"], batch_line["held"]) == (2, 0)
    assert [line["state"] for line in lines(facteur("print", "list", "--json"))] == ["handed_over"]
    for flags in ([], ["--all"]):
        done = facteur("check", "--json", *flags)
        [checked] = lines(done)
        assert set(checked) == {"ok", "invariants"}
        assert checked["ok"] is True
        assert set(checked["invariants"].values()) == {0}
        assert "of all 2 archived bills were read" in done.stderr
    facteur("work", "--until-idle")
    [month] = [line for line in lines(facteur("adoption", "--json")) if line["accounts"]][-1:]
    assert lines(facteur("adoption", "verify", "--json")) == [{"ok": True, "differences": []}]
    assert (month["issuer"], month["accounts"], month["enrolled"]) == ("lumiere", 2, 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["feed", "drop", "nobody", "pyproject.toml"], "no issuer 'nobody'"),
        (["feed", "report", "77"], "no feed 77"),
        (["feed", "report", str(1 << 63)], f"no feed {1 << 63}"),
        (["feed", "report", "--", f"-{1 << 64}"], f"no feed -{1 << 64}"),
        (["feed", "conflicts", "9" * 40], f"no feed {'9' * 40}"),
        (["print", "again", str(1 << 64), "1", "--by", "Oscar", "--reason", "lost"], f"no lot {1 << 64}"),
        (["bill", "pdf", "nobody", "1", "-o", "/tmp/x.pdf"], "no issuer"),
        (["issuer", "add", "Bad Slug", "--name", "X"], "Bad Slug"),
        (["issuer", "add", "x-y", "--name", "X", "--profile", "missing.toml"], "missing.toml"),
        (["operator", "add", "not-an-address"], "not-an-address"),
        (["operator", "add", "zoé@exemple.fr"], "before the @"),
        (["operator", "remove", "nobody@exemple.fr"], "nobody@exemple.fr is no operator"),
        (["issuer", "member", "remove", "nobody", "x@exemple.fr"], "no issuer 'nobody'"),
    ],
)
def test_the_data_says_no(facteur: Run, arguments: list[str], words: str) -> None:
    done = facteur(*arguments, expect=1)
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_who_works_here_comes_and_goes(facteur: Run) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière")
    facteur("issuer", "member", "add", "lumiere", "mina@exemple.fr")
    facteur("operator", "add", "oscar@exemple.fr")
    assert "mina@exemple.fr" in facteur("issuer", "member", "remove", "lumiere", "Mina@exemple.fr").stderr
    assert (
        "is no member of lumiere"
        in facteur("issuer", "member", "remove", "lumiere", "mina@exemple.fr", expect=1).stderr
    )
    assert "nobody is left" in " ".join(facteur("operator", "remove", "oscar@exemple.fr").stderr.split())


@pytest.mark.parametrize("arguments", [["feed"], ["feed", "drop"], ["bill", "show", "x"], ["dance"]])
def test_wrong_usage_is_two(facteur: Run, arguments: list[str]) -> None:
    facteur(*arguments, expect=2)


def test_a_file_refused_at_the_door_still_gives_its_object(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière")
    empty = tmp_path / "empty.xml"
    empty.write_bytes(b"")
    [report] = lines(facteur("feed", "drop", "lumiere", empty, "--json", expect=1))
    assert report["feed"] is None
    assert [finding["severity"] for finding in report["findings"]] == ["fatal"]


def test_a_format_nobody_knows_is_rejected_and_a_truncated_feed_delivers_nothing(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière")
    strange = tmp_path / "strange.bin"
    strange.write_bytes(b"\x00\x01strange" * 40)
    [report] = lines(facteur("feed", "drop", "lumiere", strange, "--wait", "--json", expect=1))
    assert report["state"] == "rejected"
    assert report["findings"]
    cut = tmp_path / "cut.xml"
    whole = batch(ubl(f"L-{n}") for n in range(600))
    cut.write_bytes(whole[: len(whole) * 7 // 10])
    [report] = lines(facteur("feed", "drop", "lumiere", cut, "--wait", "--json", expect=1))
    assert (report["state"], set(report["counts"].values())) == ("rejected", {0})
    assert lines(facteur("bill", "list", "--json")) == []


def test_a_profile_that_is_wrong_names_the_key(facteur: Run, tmp_path: Path) -> None:
    profile = tmp_path / "eaux.toml"
    profile.write_text('[delimited]\ncolumns = { number = "Facture", issue_date = "Date" }\n')
    done = facteur("issuer", "add", "eaux", "--name", "Eaux", "--profile", profile, expect=1)
    assert "delimited.columns.payable" in done.stderr
    profile.write_text('[brand]\nlogo = "logo.png"\n')
    (tmp_path / "logo.png").write_bytes(b"not a picture")
    done = facteur("issuer", "add", "eaux", "--name", "Eaux", "--profile", profile, expect=1)
    assert "brand.logo" in done.stderr


def test_a_held_feed_waits_for_a_named_person(facteur: Run, tmp_path: Path) -> None:
    profile = tmp_path / "strict.toml"
    profile.write_text('tolerance = "none"\n')
    facteur("issuer", "add", "lumiere", "--name", "Lumière", "--profile", profile)
    feed = tmp_path / "mars.xml"
    feed.write_bytes(batch([ubl("L-1"), ubl("L-2", gross=Decimal(1))]))
    [report] = lines(facteur("feed", "drop", "lumiere", feed, "--wait", "--json"))
    assert (report["state"], report["counts"]["bill"]) == ("held", 0)
    facteur("feed", "release", str(report["feed"]), "--by", "Bob", "--reason", "L-2 will come again")
    facteur("work", "--until-idle")
    [report] = lines(facteur("feed", "report", str(report["feed"]), "--json"))
    assert report["counts"]["bill"] == 1
    facteur("feed", "reject", str(report["feed"]), "--by", "Bob", "--reason", "too late", expect=1)


def test_a_feed_unlike_its_declaration_is_held_then_decided_by_hand(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière de l'Ouest")
    feed = tmp_path / "mars.xml"
    feed.write_bytes(batch([ubl("L-1"), ubl("L-2", "C-BOB")]))
    facteur("feed", "drop", "lumiere", feed, "--count", "two", expect=2)
    facteur("feed", "drop", "lumiere", feed, feed, "--count", "2", expect=2)
    [held] = lines(
        facteur("feed", "drop", "lumiere", feed, "--wait", "--json", "--count", "3", "--sum", "EUR=168.00")
    )  # fmt: skip
    assert (held["state"], [each["rule"] for each in held["findings"]]) == ("held", ["CONTROL-TOTALS"])
    number = str(held["feed"])
    facteur("feed", "release", number, "--by", "Oscar", "--reason", " ", expect=1)
    facteur("feed", "release", number, "--by", "Oscar", "--reason", "le troisième suit demain")
    facteur("feed", "reject", number, "--by", "Eva", "--reason", "trop tard", expect=1)
    facteur("work", "--until-idle")
    [released] = lines(facteur("feed", "report", number, "--json"))
    assert (released["state"], released["counts"]["bill"]) == ("released", 2)

    (tmp_path / "avril.xml.control.json").write_text('{"count": 2}')
    other = tmp_path / "avril.xml"
    other.write_bytes(batch([ubl("L-3")]))
    [held] = lines(facteur("feed", "drop", "lumiere", other, "--wait", "--json"))
    assert held["state"] == "held"
    facteur("feed", "reject", str(held["feed"]), "--by", "Oscar", "--reason", "incomplet")
    facteur("feed", "report", str(held["feed"]))


def test_a_replay_says_first_what_would_change(facteur: Run, tmp_path: Path) -> None:
    profile = tmp_path / "lumiere.toml"
    profile.write_text('name = "Lumière"\nlegal_ids = ["552100554"]\n')
    facteur("issuer", "add", "lumiere", "--name", "Lumière", "--profile", profile)
    feed = tmp_path / "mars.xml"
    feed.write_bytes(batch([ubl("L-1"), ubl("L-2", "C-BOB")]))
    [rejected] = lines(facteur("feed", "drop", "lumiere", feed, "--wait", "--json", expect=1))
    assert rejected["counts"]["rejected"] == 2
    number = str(rejected["feed"])
    profile.write_text('name = "Lumière"\nlegal_ids = ["FR40303265045"]\n')
    facteur("issuer", "add", "lumiere", "--name", "Lumière", "--profile", profile)

    [told] = lines(facteur("feed", "replay", number, "--dry-run", "--json"))
    assert (told["state"], told["before"]["outcomes"], told["after"]["outcomes"]) == (
        "released", {"rejected": 2}, {"bill": 2},
    )  # fmt: skip
    assert (told["before"]["totals"], told["after"]["totals"]) == ({}, {"EUR": "168.00"})
    assert (told["before"]["rules"]["SELLER-OTHER"], told["after"]["rules"].get("SELLER-OTHER")) == (2, None)
    assert [(each["number"], each["before"], each["after"]) for each in told["changes"]] == [
        ("L-1", "rejected", "bill"), ("L-2", "rejected", "bill"),
    ]  # fmt: skip
    said = facteur("feed", "replay", number, "--dry-run").stdout
    assert "L-2  rejected -> bill" in said
    assert lines(facteur("feed", "report", number, "--json")) == [rejected], "nothing has changed"
    [released] = lines(facteur("feed", "replay", number, "--json"))
    assert (released["state"], released["counts"]["bill"]) == ("released", 2)
    facteur("feed", "replay", number, expect=1)


def test_conflicts_are_told_and_settled_by_hand(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière de l'Ouest")
    for name, net in (("mars.xml", 70), ("encore.xml", 99)):
        (tmp_path / name).write_bytes(batch(ubl(f"L-{n}", f"C-{n}", Decimal(net)) for n in range(3)))
        facteur("feed", "drop", "lumiere", tmp_path / name, "--wait")
    told = lines(facteur("feed", "conflicts", "--json"))
    assert [(each["feed"], each["number"], each["first_feed"], each["reached"]) for each in told] == [
        (2, f"L-{n}", 1, None) for n in range(3)
    ]
    assert "L-2" in facteur("feed", "conflicts", "2", "--issuer", "lumiere").stdout
    why = ("--by", "Oscar", "--reason", "vu avec l’émetteur")
    facteur("feed", "replace", "2", "--by", "Oscar", "--reason", " ", expect=1)
    facteur("feed", "replace", "2", "--number", "L-0", *why)
    facteur("work", "--until-idle")
    facteur("print", "close")
    said = facteur("feed", "replace", "2", *why, expect=1).stdout
    assert said.startswith("2 reached: the first bill has reached its customer")
    facteur("feed", "keep", "2", *why)
    facteur("feed", "keep", "2", *why, expect=1)
    [report] = lines(facteur("feed", "report", "2", "--json"))
    assert (report["counts"]["bill"], report["counts"]["rejected"]) == (1, 2)
    [check] = lines(facteur("check", "--json"))
    assert check["ok"]


def test_there_is_a_way_out_of_failed(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière de l'Ouest")
    feed = tmp_path / "mars.xml"
    feed.write_bytes(batch([ubl("L-1"), ubl("L-2", "C-BOB")]))
    facteur("feed", "drop", "lumiere", feed, "--wait")
    again = ("--by", "Oscar", "--reason", "le modèle est réparé")
    assert lines(facteur("bill", "retry", *again, "--json")) == []
    assert "L-1" in facteur("bill", "retry", "L-1", "--issuer", "lumiere", *again, expect=1).stderr
    facteur("bill", "retry", "--by", " ", "--reason", "x", expect=2)
    facteur("bill", "retry", "--by", "Oscar", expect=2)


def test_lateness_is_judged_as_of_the_day_the_work_was_done(facteur: Run, tmp_path: Path) -> None:
    """A letter handed over as of March is not late on that day; once work goes on for real, nobody has answered."""
    facteur("issuer", "add", "lumiere", "--name", "Lumière de l'Ouest")
    feed = tmp_path / "mars.xml"
    feed.write_bytes(batch([ubl("L-1")]))
    facteur("feed", "drop", "lumiere", feed)
    facteur("work", "--until-idle", "--as-of", "2026-03-03T09:00")
    facteur("work", "--until-idle", "--as-of", "2026-03-03T20:00")
    assert lines(facteur("check", "--json"))[0]["ok"]
    facteur("work", "--until-idle")
    [checked] = lines(facteur("check", "--json", expect=1))
    assert [name for name, rows in checked["invariants"].items() if rows] == ["letters_unacknowledged"]


def test_print_close_says_which_letters_have_no_address(
    facteur: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière de l'Ouest")
    nowhere = ("Alice Martin", "12 rue des Lilas", "44000", "")
    (tmp_path / "mars.xml").write_bytes(batch([ubl("L-1"), ubl("L-2", "C-BOB", person=nowhere)]))
    facteur("feed", "drop", "lumiere", tmp_path / "mars.xml", "--wait")
    closed = facteur("print", "close", "--by", "Oscar", "--reason", "férié demain", "--json")
    [line] = lines(closed)
    assert (line["letters"], line["held"]) == (1, 1)
    assert "lumiere L-2: incomplete address, missing: the town" in " ".join(closed.stderr.split())
    [alone] = lines(facteur("print", "close", "--json"))
    assert (alone["batch"], alone["held"]) == (None, 1)
    assert "1 letter held for a person" in facteur("print", "close").stderr
    with create_engine(environment["FACTEUR_DATABASE_URL"]).connect() as database:
        early = database.execute(text("SELECT by, why FROM event WHERE what = 'closed early'")).all()
    assert early == [("Oscar", "férié demain")], "the second time, no batch had a letter"

"""`facteur returned`: what names no letter of ours is told, at its line."""

from pathlib import Path

from tests.cli.conftest import Run, lines


def test_a_table_of_unknown_letters_is_told_line_by_line(facteur: Run, tmp_path: Path) -> None:
    table = tmp_path / "retours.csv"
    table.write_text("code;reason\n000231000012004212001003;NPAI\n")
    [told] = lines(facteur("returned", "read", table, "--by", "olga@facteur.example", "--json", expect=1))
    assert told == {
        "line": 2, "told": "000231000012004212001003", "outcome": "unknown", "reason": "unknown", "bill": None,
    }  # fmt: skip
    said = facteur("returned", "read", table, "--by", "olga@facteur.example", expect=1)
    assert "no letter of ours" in said.stdout
    table.write_text("nom\nGeorges\n")
    assert "no column names a letter" in facteur("returned", "read", table, "--by", "olga", expect=1).stderr


def test_scans_come_from_standard_input(facteur: Run) -> None:
    assert facteur("returned", "scan", "--by", "olga@facteur.example").stdout == ""


def test_what_a_scanner_types_wrong_is_answered_and_changes_no_reason(facteur: Run) -> None:
    typed = b"refused\n????\n \x1d\n\xe9\xff\n\x1b[31m12\n000231000012004212001003\n"
    scan = ("returned", "scan", "--by", "olga@facteur.example")
    assert [(each["told"], each["reason"]) for each in lines(facteur(*scan, "--json", expect=1, typed=typed))] == [
        ("????", "refused"), ("\ufffd\ufffd", "refused"), ("[31m12", "refused"),
        ("000231000012004212001003", "refused"),
    ]  # fmt: skip
    assert "\x1b" not in facteur(*scan, expect=1, typed=typed).stdout

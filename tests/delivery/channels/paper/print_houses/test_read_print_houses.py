"""Print houses as their file has them: one or several, each with its letters, and every mistake told by its key."""

from datetime import time
from pathlib import Path

import pytest

from delivery.channels.paper.print_house_profile import PrintHouseError
from delivery.channels.paper.print_houses.configured_houses import PrintHouses
from delivery.channels.paper.print_houses.letter_rule import LetterFacts
from delivery.channels.paper.print_houses.read_print_houses import read_print_houses

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGwZk9EBpHn/EnyjJp/nfnm7nyQ9KcSlZWe/5ie43lhf"
TWO = """
[houses.nord]
duplex = true
cut_off = "12:00"
postcode = "67000"
[houses.liege]
country = "BE"
cut_off = 16:00:00
time_zone = "Europe/Brussels"
[houses.liege.takes]
countries = ["BE", "LU"]
[houses.liege.sftp]
url = "sftp://facteur@print.example:2022/lots"
host_keys = ["{key}"]
key_file = "print_key"
""".replace("{key}", HOST_KEY)


def read(path: Path | None, home: Path = Path("/var/facteur")) -> PrintHouses:
    return read_print_houses(path, home, "Europe/Paris", "57000")


def written(folder: Path, text: str, name: str = "houses.toml") -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_without_a_file_one_house_takes_all_and_lies_where_it_lay() -> None:
    [house] = read(None).houses
    assert (house.slug, house.outbox, house.takes, house.sftp) == ("main", Path("/var/facteur/outbox"), None, None)
    assert (house.calendar.cut_off, house.calendar.region) == (time(17, 30), "57")


def test_a_file_without_rules_is_that_house_too(tmp_path: Path) -> None:
    [house] = read(written(tmp_path, "duplex = true")).houses
    assert (house.slug, house.outbox, house.equipment.duplex) == ("main", Path("/var/facteur/outbox"), True)


def test_two_houses_in_one_file(tmp_path: Path) -> None:
    houses = read(written(tmp_path, TWO))
    nord, liege = houses.houses
    assert houses.default is nord
    assert (nord.equipment.duplex, nord.calendar.cut_off, nord.calendar.region) == (True, time(12), "6AE")
    assert (liege.equipment.country, liege.calendar.cut_off, liege.calendar.time_zone) == (
        "BE", time(16), "Europe/Brussels",
    )  # fmt: skip
    assert liege.calendar.region == "", "the postcode of the environment is the default house's"
    assert [each.outbox.name for each in houses.houses] == ["outbox-nord", "outbox-liege"]
    assert liege.sftp is not None
    assert (liege.sftp.host, liege.sftp.port, liege.sftp.user, liege.sftp.folder) == (
        "print.example", 2022, "facteur", "/lots",
    )  # fmt: skip
    assert liege.sftp.key_file == tmp_path / "print_key"
    assert houses.planning_calendar == nord.calendar


def test_a_folder_holds_a_file_a_house(tmp_path: Path) -> None:
    written(tmp_path, 'outbox = "lots"', "a-nantes.toml")
    written(tmp_path, 'slug = "sud"\n[takes]\nissuers = ["eaux"]', "b.toml")
    houses = read(tmp_path)
    assert houses.slugs == ["a-nantes", "sud"]
    assert houses.default.outbox == tmp_path / "lots"


@pytest.mark.parametrize(
    ("letter", "slug"),
    [
        (LetterFacts("FR", "lumiere"), "main"),
        (LetterFacts("BE", "lumiere"), "be"),
        (LetterFacts("BE", "eaux"), "be"),
        (LetterFacts("FR", "eaux"), "eaux"),
        (LetterFacts("LU", "eaux", "carton"), "eaux"),
        (LetterFacts("DE", "lumiere", "carton"), "carton"),
        (LetterFacts("FR", "lumiere", "carton"), "main"),
    ],
)
def test_a_letter_goes_to_the_first_house_that_takes_it(tmp_path: Path, letter: LetterFacts, slug: str) -> None:
    houses = read(
        written(
            tmp_path,
            '[houses.be.takes]\ncountries = ["BE"]\n[houses.main]\n[houses.eaux.takes]\nissuers = ["eaux"]\n'
            '[houses.carton.takes]\narms = ["carton"]\ncountries = ["DE", "LU"]\n',
        )
    )
    assert houses.house_of(letter).slug == slug


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[houses.a]\n[houses.b]", "a, b: only one print house may be without takes"),
        ('[houses.a.takes]\ncountries = ["FR"]', "every print house has takes"),
        ("[houses.a]\n[houses.b.takes]", "houses.b.takes: it names no letters"),
        ('[houses.a]\n[houses.b.takes]\ncountries = ["Belgium"]', "houses.b.takes.countries: 'Belgium'"),
        ('[houses.a]\n[houses.b.takes]\nissuers = ["Eaux du Val"]', "houses.b.takes.issuers: 'Eaux du Val'"),
        ('[houses.a]\n[houses.b.takes]\nland = ["FR"]', "houses.b.*land"),
        (
            '[houses.a]\n[houses.b.takes]\ncountries = ["BE"]\n[houses.c.takes]\ncountries = ["BE"]\nissuers = ["x"]',
            "c gets no letter: b stands before it",
        ),
        ('[houses.a]\n[houses.B.takes]\ncountries = ["BE"]', "houses.B.slug: 'B' is no name of a house"),
        ('[houses.a]\noutbox = "/x"\n[houses.b]\noutbox = "/x"\n[houses.b.takes]\ncountries = ["BE"]', "one outbox"),
        ('[houses.a]\nslug = "b"\n[houses.b.takes]\ncountries = ["BE"]', "one slug"),
        ("duplex = true\n[houses.a]", "duplex stands outside"),
        ("houses = 3", "give a table for each"),
        ('cut_off = "25:00"', "cut_off: '25:00' is no hour"),
        ('cut_off = "noon"', "cut_off: 'noon' is no hour"),
        ('time_zone = "Mars"', "time_zone: 'Mars'"),
        ('postcode = "6700"', "postcode: '6700'"),
        ('[sftp]\nurl = "ftp://x"\nhost_keys = ["k"]\nkey_file = "k"', "sftp.url: 'ftp://x'"),
        ('[sftp]\nurl = "sftp://a:secret@x/"\nhost_keys = ["k"]\nkey_file = "k"', "without a password"),
        ('[sftp]\nurl = "sftp://a@x/"\nhost_keys = []\nkey_file = "k"', "sftp.host_keys: name at least one"),
        ('[sftp]\nurl = "sftp://a@x/"\nhost_keys = ["any"]\nkey_file = "k"', "'any' is no public key"),
        ('[sftp]\nurl = "sftp://a@x/"\nkey_file = "k"', "host_keys"),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(PrintHouseError, match=says):
        read(written(tmp_path, text))


def test_an_empty_folder_is_no_print_house(tmp_path: Path) -> None:
    with pytest.raises(PrintHouseError, match=r"no file \*.toml"):
        read(tmp_path)

"""The lines on an envelope: each country's order, folded and abbreviated before anything is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bill import PostalAddress, country_choices, country_code, envelope_lines, fitted_envelope_lines
from bill.addressing.countries import FRANCE, country_names
from tests.bill.addressing.sample_addresses import RIGHT
from words.printed_languages import PRINTED, word_list

ALICE = "Alice Martin"
LONG_NAME = "Madame Marie-Bénédicte de La Rochefoucauld-Montmorency épouse Dupont"
LONG_STREET = "1234 bis avenue du Général de Lattre de Tassigny prolongée"
ESCALIER = "Appartement 1204 escalier B étage douze"
RESIDENCE = "Résidence Les Grands Chênes bâtiment W"


@pytest.mark.parametrize(("address", "lines"), RIGHT, ids=lambda each: getattr(each, "country", None))
def test_each_country_in_its_own_order(address: PostalAddress, lines: tuple[str, ...]):
    assert address.is_postable
    assert envelope_lines(ALICE, address) == (ALICE, *lines)


def test_every_country_of_iso_3166_has_its_french_name_and_france_none():
    assert len(country_names()) == 249 + 1  # Kosovo has no code of ISO's
    for code, name in country_names().items():
        lines = envelope_lines(ALICE, PostalAddress(line1="1 rue A", city="Ville", postcode="12345", country=code))
        assert lines[-1] == name or code in FRANCE, code
        assert name == name.upper()
        assert lines[1:3] == ("1 RUE A", "12345 VILLE") or code not in FRANCE


@pytest.mark.parametrize(
    ("home", "country", "last"),
    [("DE", "DE", "50667 KÖLN"), ("DE", "", "50667 KÖLN"), ("DE", "FR", "FRANCE"), ("DE", "RE", "RÉUNION"),
     ("BE", "BE", "50667 KÖLN"), ("RE", "FR", "50667 KÖLN"), ("FR", "MC", "MONACO")],
)  # fmt: skip
def test_the_country_is_named_where_the_letter_leaves_the_print_houses(home: str, country: str, last: str):
    address = PostalAddress(line1="Weg 1", city="Köln", postcode="50667", country=country)
    assert envelope_lines(ALICE, address, home)[-1] == last


@pytest.mark.parametrize(
    ("text", "code"),
    [("de", "DE"), (" DEU ", "DE"), ("Allemagne", "DE"), ("Deutschland", "DE"), ("uk", "GB"), ("Royaume-Uni", "GB"),
     ("Etats-Unis", "US"), ("USA", "US"), ("Côte d’Ivoire", "CI"), ("COTE D'IVOIRE", "CI"), ("France", "FR"),
     ("république tchèque", "CZ"), ("Atlantis", "ATLANTIS"), ("", ""), ("香港", "香港"), ("-", "-"),
     ("Sweden", "SE"), ("Bahamas (les)", "BS"), ("U.S.A.", "US"), ("Hongkong", "HK"), ("FR-974", "FR"),
     ("St Pierre et Miquelon", "PM"), ("REUNION ISLAND", "RE"), ("St. Martin", "MF"), ("Guyane", "GF"), ("XI", "GB"),
     ("1a", "XK"), ("Congo (RDC)", "CD"), ("FR.", "FR"), ("AN", "AN"), ("L", "L")],
)  # fmt: skip
def test_a_country_is_known_by_its_codes_and_its_names(text: str, code: str):
    assert country_code(text) == code


@pytest.mark.parametrize("language", PRINTED)
def test_a_country_is_known_by_what_each_printed_language_calls_it(language: str):
    for code, names in word_list("countries").items():
        assert country_code(names[language]) == country_code(code)


@pytest.mark.parametrize(
    ("country", "given", "printed"),
    [("LU", "2340", "L-2340"), ("LU", "L2340", "L-2340"), ("LU", "L-2340", "L-2340"), ("SE", "SE 111 51", "SE-111 51"),
     ("AZ", "AZ1000", "AZ 1000"), ("FO", "FO-100", "FO100"), ("LV", "LV-1050", "LV-1050"), ("PR", "00901", "PR 00901"),
     ("DE", "D-10115", "D-10115"), ("GT", "01001", "01001-VILLE"), ("HR", "HR", "HR")],
)  # fmt: skip
def test_a_postcode_bears_its_prefix_once(country: str, given: str, printed: str):
    lines = envelope_lines(ALICE, PostalAddress(line1="A 1", city="Ville", postcode=given, country=country))
    assert printed in lines[2]
    assert lines[2].count(printed[:3]) == 1


def nantes(**terms: str) -> PostalAddress:
    return PostalAddress(**({"line1": "4 rue A", "city": "Nantes", "postcode": "44000", "country": "FR"} | terms))


def test_a_long_name_and_a_long_street_are_folded_into_free_lines():
    assert fitted_envelope_lines(LONG_NAME, nantes()) == (
        ("Madame Marie-Bénédicte de La", "Rochefoucauld-Montmorency épouse", "Dupont", "4 RUE A", "44000 NANTES"), ()
    )  # fmt: skip
    assert fitted_envelope_lines(ALICE, nantes(line1=LONG_STREET)) == (
        (ALICE, "1234 BIS AVENUE DU GÉNÉRAL DE LATTRE", "DE TASSIGNY PROLONGÉE", "44000 NANTES"), ()
    )  # fmt: skip


@pytest.mark.parametrize("again", ["44000 Nantes", "4, rue A", "France", "FRANCE"])
def test_a_line_that_says_the_town_or_the_country_again_is_left_out(again: str):
    assert envelope_lines(ALICE, nantes(line2="Bât. B", line3=again)) == (ALICE, "Bât. B", "4 RUE A", "44000 NANTES")


def test_short_lines_share_one_before_words_are_abbreviated():
    lines, cut = fitted_envelope_lines(LONG_NAME, nantes(line2="Appartement 7", line3="Bâtiment C"))
    assert lines[3:] == ("Appartement 7 Bâtiment C", "4 RUE A", "44000 NANTES")
    assert cut == ()


def test_words_are_abbreviated_before_anything_is_cut():
    lines, cut = fitted_envelope_lines(ALICE, nantes(line1=LONG_STREET, line2=ESCALIER, line3=RESIDENCE))
    assert lines == (
        ALICE, "Apt 1204 escalier B étage douze", RESIDENCE, "1234 BIS AV DU GAL DE LATTRE DE", "TASSIGNY PROLONGÉE",
        "44000 NANTES",
    )  # fmt: skip
    assert cut == ()
    lines, cut = fitted_envelope_lines("Madame " + "Alice Martin " * 4, nantes(line1=LONG_STREET, line2=ESCALIER))
    assert lines[:2] == ("Mme Alice Martin Alice Martin Alice", "Martin Alice Martin")
    assert cut == ()


def test_what_is_cut_is_told_and_the_place_is_never_cut():
    lines, cut = fitted_envelope_lines("Alice " * 50, nantes(line1=LONG_STREET, line2=ESCALIER, line3=RESIDENCE))
    assert lines[-3:] == ("1234 BIS AV DU GAL DE LATTRE DE", "TASSIGNY PROLONGÉE", "44000 NANTES")
    assert len(lines) == 6
    assert RESIDENCE in cut
    assert " ".join((*lines[:2], *cut)).count("Alice") == 50


def test_a_town_with_a_long_name_is_abbreviated_and_stays_on_one_line():
    longest = nantes(postcode="51290", city="Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson")
    assert envelope_lines(ALICE, longest)[-1] == "51290 ST REMY EN BOUZEMONT ST GENEST ET ISSON"


def test_lines_abroad_grow_longer_before_a_seventh_is_used():
    berlin = PostalAddress(
        line1="Straße des siebzehnten Juni 135, Hinterhaus B", line2="Technische Universität, Gebäude H, Raum 12",
        line3="Fakultät für Elektrotechnik und Informatik", city="Berlin", postcode="10623", country="DE",
    )  # fmt: skip
    lines, cut = fitted_envelope_lines("Institut für Softwaretechnik und Theoretische Informatik", berlin)
    assert (len(lines), cut) == (7, ())
    assert lines[-2:] == ("10623 BERLIN", "ALLEMAGNE")
    assert max(map(len, lines)) <= 50
    lines, cut = fitted_envelope_lines(ALICE, berlin)
    assert (len(lines), cut) == (6, ())


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Alice 😀 Martin", ALICE),
        ("😀", ""),
        ("Alice\u200b\u202e Martin\x00", ALICE),
        ("Zoé Müller-Ærøskøbing", "Zoé Müller-Ærøskøbing"),
        ("Đặng Thị Hồng", "Đặng Thị Hồng"),
        ("Алиса", "Алиса"),
        ("👩‍👩‍👧 Famille Martin 🇫🇷", "Famille Martin"),
        ("Résidence n° 5 №6", "Résidence n° 5 No6"),
    ],
)
def test_signs_without_a_sound_are_left_out(name: str, printed: str):
    assert envelope_lines(name, nantes()) == (*([printed] if printed else []), "4 RUE A", "44000 NANTES")


@pytest.mark.parametrize(
    ("address", "lacking"),
    [
        (PostalAddress(), ["city", "postcode", "line1"]),
        (nantes(postcode=""), ["postcode"]),
        (nantes(line1="", line3="Le Bourg"), []),
        (nantes(country="DE", postcode=""), ["postcode"]),
        (nantes(country="HK", postcode=""), []),
        (nantes(country="AE", postcode="", city="", subdivision="Dubai"), []),
        (nantes(country="IE", postcode=""), []),
        (nantes(country="SG", city=""), []),
        (nantes(country="XX"), ["country"]),
        (nantes(city="44000 Nantes", postcode=""), []),
        (nantes(postcode="-"), ["postcode"]),
        (nantes(country="DE", postcode="00000"), ["postcode"]),
        (nantes(city="-", line1="."), ["city", "line1"]),
        (nantes(city="😀", line1="\u200b\x07"), ["city", "line1"]),
    ],
)
def test_what_a_letter_lacks_depends_on_its_country(address: PostalAddress, lacking: list[str]):
    assert address.lacking() == lacking
    assert address.is_postable is (lacking == [])


COUNTRIES = [*country_names(), "", "XX", "?"]


@given(
    name=st.text(max_size=120), lines=st.tuples(*[st.text(max_size=80)] * 3), city=st.text(max_size=60),
    postcode=st.text(max_size=12), state=st.text(max_size=30), country=st.sampled_from(COUNTRIES),
)  # fmt: skip
def test_whatever_is_sent_the_window_takes_it(
    name: str, lines: tuple[str, str, str], city: str, postcode: str, state: str, country: str
) -> None:
    address = PostalAddress(
        line1=lines[0], line2=lines[1], line3=lines[2], city=city, postcode=postcode, subdivision=state, country=country
    )
    fitted = fitted_envelope_lines(name, address)
    is_abroad = country not in FRANCE and bool(country)
    assert len(fitted.lines) <= 6 + is_abroad
    assert all(line == " ".join(line.split()) and line.isprintable() for line in fitted.lines)
    longest = max(map(len, fitted.lines), default=0)
    assert longest <= 50
    assert sum(len(line) > 38 for line in fitted.lines) <= (1 if not is_abroad else 7)


@given(st.lists(st.sampled_from(["Alice", "Martin", "de", "La", "Rochefoucauld-Montmorency", "W" * 50]), max_size=30))
def test_every_word_is_on_the_envelope_or_told_as_cut(words: list[str]) -> None:
    fitted = fitted_envelope_lines(" ".join(words), nantes())
    assert "".join("".join(fitted.lines[:-2]).split()) + "".join("".join(fitted.cut).split()) == "".join(words)


def test_countries_are_chosen_by_the_names_that_a_reader_knows():
    french, english = country_choices("fr"), country_choices("en")
    assert ("DE", "Allemagne") in french
    assert ("DE", "Germany") in english
    assert ("CI", "Côte d’Ivoire") in french
    assert len(french) == len(english) == len({code for code, _ in english})
    assert french.index(("EE", "Estonie")) < french.index(("US", "États-Unis")) < french.index(("ET", "Éthiopie"))

"""The alphabet of SMS against the tables of 3GPP TS 23.038, and the segments of texts at their edges."""

import pytest

from delivery.channels.sms.gsm_alphabet import BASIC, EXTENSION, is_in_alphabet, segments, septets, transliterate


def test_the_tables_are_those_of_the_standard() -> None:
    assert len(BASIC) == 128
    places = {0x00: "@", 0x04: "è", 0x09: "Ç", 0x0A: "\n", 0x11: "_", 0x1E: "ß", 0x24: "¤", 0x40: "¡", 0x5F: "§"}
    places |= {0x60: "¿", 0x7F: "à", 0x41: "A", 0x61: "a", 0x7A: "z", 0x20: " ", 0x5B: "Ä", 0x7B: "ä"}
    assert {code: BASIC[code] for code in places} == places
    assert set(EXTENSION) == set("\f^{}\\[~]|€")
    assert not is_in_alphabet("\x1b")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Électricité d’Île-de-France", "Électricité d'Ile-de-France"),
        ("Forêt, garçon, Noël, À bientôt", "Foret, garcon, Noel, A bientot"),
        ("84,30\u202f€", "84,30 €"),
        ("« Œuvre » – 12\u00a0345…", '" OEuvre " - 12 345...'),
        ("ﬁbre optique", "fibre optique"),
        ("Gaz\u00adprom\u200b\n", "Gazprom\n"),
        ("Łódź Řež Ðorđe", "Lodz Rez Dorde"),
        ("e\u0301te\u0302", "éte"),
        ("Ελλάδα", "Ελλάδα"),
        ("Водоканал", "Водоканал"),
        ("èéùìòàäöüñ ß £", "èéùìòàäöüñ ß £"),
    ],
)
def test_what_the_alphabet_has_not_is_said_by_its_neighbour(text: str, said: str) -> None:
    assert transliterate(text) == said


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" + "€" * 152, 2),  # 305 septets: 153 a part, but no € is cut in two
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 67, 3),
    ],
)
def test_segments_at_their_edges(text: str, count: int) -> None:
    assert segments(text) == count


def test_the_extension_counts_double() -> None:
    assert septets("12 €") == 5

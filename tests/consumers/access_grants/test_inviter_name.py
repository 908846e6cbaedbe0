"""What a mail to an address that somebody typed says of their name."""

import pytest

from consumers.access_grants.inviter_name import inviter_name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Sylvie Bernard", "Sylvie B."),
        ("Anne-Laure d’Aubigné de Sèze", "Anne-Laure S."),
        ("Ngô", "Ngô"),
        ("李 明", "李 明."),
        ("SYLVIE BERNARD", "Sylvie B."),
        ("Sylvie Bernard gagnez 1000 € sur www.evil.example", "Sylvie W."),
        ("www.evil.example Bernard", ""),
        ("https://evil.example", ""),
        ("evil@example.org", ""),
        ("0612345678", ""),
        ("Gagnez1000€ !", ""),
        ("G\u200bagnez", ""),
        ("Donaudampfschifffahrtsgesellschaft", ""),
        ("Sylvie 1", "Sylvie"),
        ("<b>Sylvie</b>", ""),
        ("- ' ’", ""),
        ("Appelez-le-0612 Bernard", ""),
        ("Gagnez-mille-euros", ""),
        ("", ""),
    ],
)
def test_a_name_cannot_be_a_message(name: str, said: str) -> None:
    assert inviter_name(name) == said

"""French in the pages, English from the catalogue: plurals, values, spaces, days."""

import re
from datetime import date
from pathlib import Path

import pytest
from markupsafe import Markup, escape

from portal.operators.presenters.rule_names import in_words
from portal.translation import speak
from words.catalogue import say
from words.relative_dates import spell_near

PORTAL = Path(__file__).parents[2] / "portal"


def test_one_and_many() -> None:
    pattern = "{n} facture|{n} factures"
    assert [speak(pattern, "fr", n=n) for n in (0, 1, 2)] == ["0 facture", "1 facture", "2 factures"]
    assert [speak(pattern, "en", n=n) for n in (0, 1, 2)] == ["0 bills", "1 bill", "2 bills"]


def test_values_are_text_and_markup_stays_markup() -> None:
    said = speak("Payer chez {issuer}", "fr", issuer="<b>", other=Markup("<i>"))
    assert said == "Payer chez &lt;b&gt;"
    assert speak("à payer {when}", "fr", when=Markup("<time>")) == "à payer <time>"
    assert speak("Payer chez {issuer}", "fr", issuer="{0.__class__}") == "Payer chez {0.__class__}"


def test_french_spaces_do_not_break() -> None:
    assert speak("Mot de passe oublié ?", "fr") == "Mot de passe oublié\u202f?"


@pytest.mark.parametrize(
    ("issuer", "in_french"),
    [
        ("Eaux du Val", "Reçue d’Eaux du Val"),
        ("Énergie d’ici", "Reçue d’Énergie d’ici"),
        ("Lumière", "Reçue de Lumière"),
        ("Hélios", "Reçue de Hélios"),
        ("<Issuer>", "Reçue de &lt;Issuer&gt;"),
        ("", "Reçue de "),
    ],
)
def test_french_elides_before_a_name(issuer: str, in_french: str) -> None:
    assert speak("Reçue de {issuer}", "fr", issuer=issuer) == in_french.replace("&lt;", "<").replace("&gt;", ">")
    assert speak("Reçue de {issuer}", "fr", issuer=escape(issuer)) == in_french
    assert speak("Reçue de {issuer}", "en", issuer="Eaux") == "Received from Eaux"
    assert say("{issuer} a décidé, le {day}, que {name} suit aussi votre contrat {contract}.", "fr", issuer="EDF",
               day="1", name="Alice", contract="C").startswith("EDF a décidé, le 1, qu’Alice suit")  # fmt: skip


def test_punctuation_is_said_as_words_are() -> None:
    """French has a space before a colon, English has none."""
    code = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<[^>]*>", re.DOTALL)
    texts = {path.name: code.sub("", path.read_text("utf-8")) for path in PORTAL.rglob("*.html")}
    assert [name for name, text in texts.items() if re.search(r"\s[:;?!](\s|$)", text)] == []
    assert (speak(" :", "fr"), speak(" :", "en")) == ("\N{NO-BREAK SPACE}:", ":")


TODAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("day", "french", "english_words"),
    [
        (date(2026, 3, 2), "hier", "yesterday"),
        (date(2026, 3, 3), "aujourd’hui", "today"),
        (date(2026, 3, 4), "demain", "tomorrow"),
        (date(2026, 3, 9), "dans 6 jours", "in 6 days"),
        (date(2026, 2, 27), "il y a 4 jours", "4 days ago"),
        (date(2026, 3, 10), "avant le 10\u00a0mars", "by 10\u00a0March"),
        (date(2026, 4, 1), "avant le 1er\u00a0avril", "by 1\u00a0April"),
        (date(2025, 12, 31), "avant le 31\u00a0décembre\u00a02025", "by 31\u00a0December\u00a02025"),
    ],
)
def test_days_as_people_say_them(day: date, french: str, english_words: str) -> None:
    assert spell_near(day, TODAY, "fr", "by") == french
    assert spell_near(day, TODAY, "en", "by") == english_words


def test_rules_are_put_into_words() -> None:
    assert in_words("BR-CO-15") == "EN 16931 : des termes ne s’accordent pas"
    assert in_words("BR-S-08") == "EN 16931 : TVA"
    assert in_words("BR-02") == "EN 16931 : il manque un terme"
    assert in_words("XML-DOCTYPE") == "XML que nous ne pouvons pas lire"
    assert in_words("DQ-NAME-CASE") == "Nom tout en capitales ou tout en minuscules"
    assert in_words("SOMETHING-ELSE") == ""

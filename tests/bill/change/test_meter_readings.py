"""Whether a bill was read or estimated, in the words that issuers use."""

import pytest

from bill import Attribute, Bill
from bill.change import metered_objects, reading_of
from tests.bill.change.bills_of_alice import a_bill, a_line


def saying(*attributes: tuple[str, str], note: str = "", unit: str = "KWH") -> Bill:
    named = tuple(Attribute(name=name, value=value) for name, value in attributes)
    return a_bill(a_line(attributes=named, note=note, unit=unit))


@pytest.mark.parametrize(
    ("attribute", "kind"),
    [
        (("Index", "7000 à 7250 kWh (estimé)"), "estimated"),
        (("Index", "7000 à 7250 kWh (relevé)"), "actual"),
        (("Index", "12 340 (relevé) à 12 560 (estimé)"), "estimated"),
        (("Relevé", "estimé"), "estimated"),
        (("Relevé", "7 250"), ""),
        (("Index relevé", "7 250"), "actual"),
        (("Index estimé", "7 250"), "estimated"),
        (("Type de relève", "télérelevé"), "actual"),
        (("Consommation", "réelle"), "actual"),
        (("Consommation", "non estimée"), "actual"),
        (("Ancien index", "estimé"), ""),
        (("Prochain relevé", "relevé le 3 mars"), ""),
        (("Reading type", "Actual"), "actual"),
        (("Estimated reading", "7250"), "estimated"),
        (("Meter reading", "customer read"), "actual"),
        (("Zählerstand Ende", "1.234 kWh (geschätzt)"), "estimated"),
        (("Ableseart", "abgelesen"), "actual"),
        (("Ableseart", "rechnerisch ermittelt, Schätzung"), "estimated"),
        (("Meterstand", "geschat"), "estimated"),
        (("Eindstand meterstand", "opgenomen"), "actual"),
        (("Lectura actual", "7250"), ""),
        (("Lectura actual", "7250 (estimada)"), "estimated"),
        (("Couleur", "estimée"), ""),
        (("Estimé", "non"), "actual"),
        (("Relevé réel", "non"), "estimated"),
        (("Actual reading", "no"), "estimated"),
        (("Actual reading", "yes"), "actual"),
        (("Geschätzt", "ja"), "estimated"),
        (("Geschätzt", "nein"), "actual"),
        (("Geschat", "nee"), "actual"),
        (("Eindstand", "200 opgenomen"), "actual"),
        (("Ableseart", "rechnerisch ermittelt"), "estimated"),
        (("Consommation", "estimée d’après votre consommation réelle"), "estimated"),
    ],
)  # fmt: skip
def test_words_of_attributes(attribute: tuple[str, str], kind: str) -> None:
    assert reading_of(saying(attribute)) == kind


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("Estimation d’après votre dernier relevé", "estimated"),
        ("Consommation estimée sur la base de vos relevés", "estimated"),
        ("Estimated usage based on your last actual reading", "estimated"),
        ("Geschätzter Verbrauch auf Basis der letzten Ablesung", "estimated"),
        ("Verbruik geschat op basis van uw laatste opname", "estimated"),
        ("Based on an actual meter reading", "actual"),
        ("No estimate: your meter was read", "actual"),
        ("Aucune estimation : index relevé", "actual"),
        ("Index estimé. Prochain relevé en mars.", "estimated"),
        ("Prochain relevé réel en mars", ""),
        ("Prix révisé selon les relevés de prix", ""),
        ("Prix réel du marché", ""),
        ("Index relevé, au tarif de jour", "actual"),
    ],
)
def test_words_of_notes(note: str, kind: str) -> None:
    assert reading_of(saying(note=note)) == kind


def test_the_reading_at_the_end_counts() -> None:
    assert reading_of(saying(("Nouvel index", "estimé"), ("Ancien index", "relevé"))) == "estimated"
    assert reading_of(saying(("Ancien index", "estimé"), ("Nouvel index", "relevé"))) == "actual"


def test_a_note_of_a_metered_line_tells_and_of_another_line_does_not() -> None:
    assert reading_of(saying(note="Consommation estimée")) == "estimated"
    assert reading_of(saying(note="Devis estimé", unit="C62")) == ""


def test_one_estimated_meter_makes_the_bill_estimated() -> None:
    lines = [a_line(attributes=(Attribute(name="Index", value=value),)) for value in ("relevé", "estimé")]
    assert reading_of(a_bill(*lines)) == "estimated"


def test_meters_are_known_by_their_numbers_however_they_are_written() -> None:
    assert metered_objects(saying(("Compteur", "D17 FA-001234"))) == {"d17fa001234"}
    assert metered_objects(saying(("Compteur", "gaz"))) == frozenset()
    assert metered_objects(saying(("Compteur", "D17FA001234"), unit="MON")) == frozenset()

"""Identifiers have labels."""

import pytest

from ingest.checks.code_list_reader import ELECTRONIC_ADDRESSES, IDENTIFIER_SCHEMES
from words.identifier_labels import identifier_label, object_label, registration_label
from words.printed_languages import PRINTED


@pytest.mark.parametrize(
    ("scheme", "label"),
    [("0002", "SIREN"), ("0009", "SIRET"), ("0088", "GLN"), ("0106", "KvK"), ("NL:KVK", "KvK"), ("DK:CVR", "CVR"),
     ("9930", "N° de TVA"), ("nl:vat", "N° de TVA"), ("0208", "N° d’entreprise"), ("0060", "D-U-N-S"), ("0199", "LEI"),
     ("", "Identifiant"), ("XR01", "Identifiant"), ("0094", "Identifiant")],
)  # fmt: skip
def test_a_scheme_has_its_name(scheme: str, label: str) -> None:
    assert identifier_label(scheme, "fr") == label


@pytest.mark.parametrize("language", PRINTED)
def test_no_scheme_is_shown_as_its_code(language: str) -> None:
    for scheme in IDENTIFIER_SCHEMES | ELECTRONIC_ADDRESSES:
        assert identifier_label(scheme, language)
        assert scheme not in identifier_label(scheme, language).split()


@pytest.mark.parametrize(
    ("number", "country", "label"),
    [("552 081 317", "FR", "SIREN"), ("55208131766522", "FR", "SIRET"), ("0417.497.106", "BE", "N° d’entreprise"),
     ("12345678", "NL", "KvK"), ("DK12345678", "DK", "CVR"), ("CHE-123.456.789", "CH", "UID"),
     ("HRB 123", "DE", "N° d’immatriculation"), ("552 081 317", "DE", "N° d’immatriculation")],
)  # fmt: skip
def test_a_number_without_a_scheme_is_told_by_country_and_form(number: str, country: str, label: str) -> None:
    assert registration_label("", number, country, "fr") == label


def test_a_siret_is_called_so_whatever_its_scheme() -> None:
    assert registration_label("0002", "552 081 317 66522", "FR", "fr") == "SIRET"
    assert registration_label("0009", "552081317", "FR", "fr") == "SIREN"


def test_an_invoiced_object_has_a_name() -> None:
    said = (object_label("AVE", "fr"), object_label("", "fr"), object_label("QQQ", "de"))
    assert said == ("Compteur", "Objet", "Gegenstand")

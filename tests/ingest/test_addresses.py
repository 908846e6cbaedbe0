"""Bills to Réunion, Hong Kong and elsewhere, as issuers send them: from the file to the lines on the envelope."""

from pathlib import Path

import pytest

from bill import fitted_envelope_lines
from tests.ingest.sample_files import only_entry

FOLDER = Path(__file__).with_name("samples") / "addresses"
ALICE = "Alice Martin"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("reunion-as-re", (ALICE, "12 RUE DE PARIS", "97400 SAINT DENIS")),
        ("lower-country-fr", (ALICE, "4 RUE A", "44000 NANTES")),
        ("usa", (ALICE, "350 5TH AVE", "NEW YORK NY 10118", "ÉTATS-UNIS D'AMÉRIQUE")),
        ("morocco", (ALICE, "5 AV. MOHAMMED V", "10000 RABAT", "MAROC")),
        ("hong-kong-no-postcode", (ALICE, "8 QUEEN'S ROAD CENTRAL", "HONG KONG")),
        ("uk", (ALICE, "10 DOWNING STREET", "LONDON", "SW1A 2AA", "ROYAUME-UNI")),
        ("emoji", (ALICE, "4 RUE A", "44000 NANTES")),
        ("long-name", ("Madame Marie-Bénédicte de La", "Rochefoucauld-Montmorency épouse", "Dupont", "4 RUE A",
                       "44000 NANTES")),
    ],
)  # fmt: skip
def test_from_the_file_to_the_envelope(name: str, lines: tuple[str, ...]):
    entry = only_entry((FOLDER / f"{name}.ubl.xml").read_bytes())
    assert entry.bill is not None
    buyer = entry.bill.buyer
    assert buyer.address.is_postable
    assert fitted_envelope_lines(buyer.name, buyer.address) == (lines, ())
    rules = {finding.rule for finding in entry.findings if finding.rule.startswith("DQ-ADDRESS")}
    assert rules == ({"DQ-ADDRESS-LENGTH"} if name == "long-name" else set())

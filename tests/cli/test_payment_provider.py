"""An issuer's payment page on the command line: its secret is shown once, and never again."""

from pathlib import Path

from tests.cli.conftest import Run, lines


def test_a_provider_is_set_and_shown_without_its_secret(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière")
    facteur("payment-provider", "show", "lumiere", expect=1)
    asked = ("payment-provider", "set", "lumiere", "--page", "https://pay.example/pay", "--merchant", "LUMIERE")
    secret = facteur(*asked).stdout.strip()
    assert secret.startswith("whsec_")
    shown = facteur("payment-provider", "show", "lumiere", "--json")
    assert secret.removeprefix("whsec_") not in shown.stdout
    [line] = lines(shown)
    assert (line["page"], line["merchant"]) == ("https://pay.example/pay", "LUMIERE")
    assert line["events"].endswith("/payment-providers/lumiere/events")


def test_a_provider_s_own_secret_is_read_from_a_file(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière")
    asked = ("payment-provider", "set", "lumiere", "--page", "https://pay.example/pay", "--merchant", "LUMIERE")
    secret = tmp_path / "of-the-provider"
    secret.write_text("whsec_c29tZXRoaW5nIHRoYXQgbm9ib2R5IGd1ZXNzZXM=\n")
    assert facteur(*asked, "--secret-file", secret).stdout == ""
    secret.write_text("nothing of the kind")
    assert "base 64" in facteur(*asked, "--secret-file", secret, expect=1).stderr
    secret.write_text("c2hvcnQ=")
    assert "24 bytes" in facteur(*asked, "--secret-file", secret, expect=1).stderr

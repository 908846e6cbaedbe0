"""Bills sealed with the issuer's own certificate: PAdES, checked by pyHanko with the roots of a CA of our own."""

import io
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from issuers.pdf_e_seal import FIELD, ESealCertificate, ESealCertificates, ESealDelayed, ESealError
from render.print.parse_archived_bill import parse_archived_bill
from tests.render.archive_check import findings
from tests.render.sample_bills import bill, pdf_of, template, text_of
from tests.render.test_archive import checker

pytest.importorskip("pyhanko", reason="the extra `seal` is not installed")

from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper, HTTPTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

NOW = datetime.now(UTC)
WORD = b"a passphrase"


class Authority:
    """A CA of our own, the e-seal certificate of Lumière, and a time stamp authority."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._certificate("Autorité d'essai", self.key, None)
        key = ec.generate_private_key(ec.SECP256R1())
        mine = self._certificate("Lumière de l'Ouest", key, None, is_root=False)
        packed = pkcs12.serialize_key_and_certificates(
            b"lumiere", key, mine, [self.root], BestAvailableEncryption(WORD)
        )
        (folder / "lumiere.p12").write_bytes(packed)
        (folder / "lumiere.pass").write_bytes(WORD + b"\n")
        (folder / "root.pem").write_bytes(self.root.public_bytes(Encoding.PEM))
        tsa_key = rsa.generate_private_key(65537, 2048)  # the dummy knows no other kind
        tsa = self._certificate("Horloge", tsa_key, ExtendedKeyUsageOID.TIME_STAMPING, is_root=False)
        (folder / "tsa.pem").write_bytes(tsa.public_bytes(Encoding.PEM))
        self.clock = DummyTimeStamper(self._loaded("tsa.pem"), _asn1_key(tsa_key))

    def _certificate(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
        use: x509.ObjectIdentifier | None,
        *,
        is_root: bool = True,
    ) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = (
            x509.CertificateBuilder().subject_name(subject)
            .issuer_name(subject if is_root else self.root.subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(NOW - timedelta(days=1))
            .not_valid_after(NOW + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=not is_root, content_commitment=not is_root, key_encipherment=False,
                    data_encipherment=False, key_agreement=False, key_cert_sign=is_root, crl_sign=is_root,
                    encipher_only=False, decipher_only=False,
                ),
                critical=True,
            )
        )  # fmt: skip
        if use is not None:
            made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
        return made.sign(self.key, hashes.SHA256())

    def _loaded(self, name: str):
        return next(iter(load_certs_from_pemder([str(self.folder / name)])))

    def trusted(self) -> ValidationContext:
        return ValidationContext(trust_roots=[self._loaded("root.pem")])

    def e_seal(self) -> ESealCertificate:
        made = ESealCertificates(self.folder).of("lumiere")
        assert made is not None
        return made


def _asn1_key(key: rsa.RSAPrivateKey):
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

    return load_private_key_from_pemder_data(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), passphrase=None
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("signets"))


@pytest.fixture(scope="module")
def sealed(authority: Authority) -> dict[int, bytes]:
    """Three bills, sealed and stamped together."""
    e_seal = authority.e_seal()
    e_seal._time_stamper = authority.clock
    return sealed_by(e_seal, {n: template().suffix(bill(n)) for n in (1, 4, 60)})


def sealed_by(e_seal: ESealCertificate, suffixes: dict[int, bytes]) -> dict[int, bytes]:
    return {n: suffixes[n] + seal for n, seal in e_seal.seals_of(template().prefix, suffixes).items()}


def test_each_bill_is_sealed_in_the_issuers_name_with_the_time(authority: Authority, sealed: dict[int, bytes]) -> None:
    for suffix in sealed.values():
        [signature] = PdfFileReader(io.BytesIO(template().prefix + suffix)).embedded_signatures
        status = validate_pdf_signature(signature, authority.trusted(), ts_validation_context=authority.trusted())
        assert status.bottom_line
        assert status.signing_cert.subject.native["common_name"] == "Lumière de l'Ouest"
        assert status.timestamp_validity.trusted
        assert signature.field_name == FIELD
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        assert status.coverage.name == "ENTIRE_FILE"


def test_the_bill_below_the_seal_is_as_it_was(sealed: dict[int, bytes]) -> None:
    for n, suffix in sealed.items():
        before = template().suffix(bill(n))
        assert suffix.startswith(before)
        assert parse_archived_bill(template().prefix, suffix) == parse_archived_bill(template().prefix, before)
        assert len(suffix) - len(before) < 30_000
        pdf = template().prefix + suffix
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert opened.check_pdf_syntax() == []
        assert "LO-2026-11-0001" in text_of(pdf)


def test_a_byte_changed_breaks_the_seal(authority: Authority, sealed: dict[int, bytes]) -> None:
    pdf = bytearray(template().prefix + sealed[4])
    place = len(template().prefix) + 300
    pdf[place] ^= 1
    [signature] = PdfFileReader(io.BytesIO(bytes(pdf))).embedded_signatures
    assert not validate_pdf_signature(signature, authority.trusted()).intact


def test_a_sealed_bill_is_still_pdf_a(sealed: dict[int, bytes], tmp_path: Path) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(template().prefix + sealed[4])
    assert checker().check(str(path), facturx=True) == []
    with pikepdf.open(path) as opened:
        assert findings(opened) == []


def test_with_roots_beside_it_the_seal_holds_its_proof(authority: Authority, tmp_path: Path) -> None:
    """B-LT: the certificates of seal and clock in the document's security store, and metadata as they were."""
    for name in ("lumiere.p12", "lumiere.pass"):
        shutil.copy(authority.folder / name, tmp_path / name)
    shutil.copy(authority.folder / "root.pem", tmp_path / "lumiere.trust.pem")
    e_seal = ESealCertificates(tmp_path).of("lumiere")
    assert e_seal is not None
    e_seal._time_stamper = authority.clock
    [suffix] = sealed_by(e_seal, {1: template().suffix(bill())}).values()
    whole = template().prefix + suffix
    with pikepdf.open(io.BytesIO(whole)) as pdf, pikepdf.open(io.BytesIO(pdf_of(bill()))) as before:
        assert len(pdf.Root.DSS.Certs) >= 3
        assert pdf.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert findings(pdf) == []
    path = tmp_path / "sealed.pdf"
    path.write_bytes(whole)
    assert checker().check(str(path), facturx=True) == []
    [signature] = PdfFileReader(io.BytesIO(whole)).embedded_signatures
    trusted = authority.trusted()
    assert validate_pdf_signature(signature, trusted, ts_validation_context=trusted).coverage.name == "ENTIRE_FILE"


def test_without_a_signet_nothing_is_sealed(authority: Authority) -> None:
    assert ESealCertificates(None).of("lumiere") is None
    assert ESealCertificates(authority.folder).of("eaux") is None


def test_a_signet_that_cannot_be_opened_is_told_by_name(authority: Authority, tmp_path: Path) -> None:
    shutil.copy(authority.folder / "lumiere.p12", tmp_path / "lumiere.p12")
    (tmp_path / "lumiere.pass").write_bytes(b"another")
    with pytest.raises(ESealError, match="lumiere"):
        ESealCertificates(tmp_path).of("lumiere")


def test_when_nobody_says_the_time_bills_wait(authority: Authority) -> None:
    e_seal = authority.e_seal()
    e_seal._time_stamper = HTTPTimeStamper("http://127.0.0.1:9/", timeout=1)
    with pytest.raises(ESealDelayed):
        e_seal.seals_of(template().prefix, {1: template().suffix(bill())})

"""An issuer's e-seal certificate: seal PDFs with it (PAdES, ETSI EN 319 142-1).

A seal is an incremental update after the PDF's last byte; earlier bytes do not change. A certificate is a file
`<slug>.p12` in the operator's folder, its passphrase in `<slug>.pass`. With a time stamp authority the seal is of level
B-T; with trusted roots beside it (`<slug>.trust.pem`) it also holds the validation data (B-LT). Needs the extra `seal`
(pyHanko).
"""

import asyncio
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from store.outage_or_fault import Unavailable

#: The number of seals requested from the time stamp authority at once.
_TOGETHER: Final = 8
FIELD: Final = "Sceau"


class ESealError(Unavailable):
    """The certificate cannot be used; the message names the file and says what to do."""


class ESealDelayed(Unavailable):
    """The time stamp authority does not answer. The bills wait; none is archived without its seal."""


class ESealCertificate:
    """A key with its certificate. *time_stamper* makes time stamps; *trust_roots* are the roots of all certificate
    chains."""

    def __init__(self, signer: Any, time_stamper: Any = None, trust_roots: tuple[Any, ...] = ()) -> None:
        self._signer = signer
        self._time_stamper = time_stamper
        self._trust_roots = trust_roots

    def seals_of(self, prefix: bytes, suffixes: Mapping[int, bytes]) -> dict[int, bytes]:
        """The seals of these PDFs, by the keys of *suffixes*: the bytes to append to each. Raises ESealDelayed if one
        cannot be made."""
        return asyncio.run(self._seals(prefix, suffixes))

    async def _seals(self, prefix: bytes, suffixes: Mapping[int, bytes]) -> dict[int, bytes]:
        turn = asyncio.Semaphore(_TOGETHER)

        async def one(suffix: bytes) -> bytes:
            pdf = prefix + suffix
            async with turn:
                sealed = await self._seal(pdf)
            assert sealed.startswith(pdf), "a seal comes after the last byte"
            return sealed[len(pdf) :]

        done = await asyncio.gather(*map(one, suffixes.values()))
        return dict(zip(suffixes, done, strict=True))

    async def _seal(self, pdf: bytes) -> bytes:
        from aiohttp import ClientError
        from pyhanko.sign.fields import SigFieldSpec
        from pyhanko.sign.signers import PdfSigner
        from pyhanko.sign.timestamps import TimestampRequestError

        sealer = PdfSigner(
            self._manner(), self._signer, timestamper=self._time_stamper, new_field_spec=SigFieldSpec(FIELD)
        )
        out = io.BytesIO()
        try:
            await sealer.async_sign_pdf(_increment_to(pdf), output=out)
        except (TimestampRequestError, ClientError, OSError, TimeoutError) as error:
            raise ESealDelayed(f"the time stamp authority: {type(error).__name__}: {error}") from error
        return out.getvalue()

    def _manner(self) -> Any:
        from pyhanko.sign.fields import SigSeedSubFilter
        from pyhanko.sign.signers import PdfSignatureMetadata
        from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
        from pyhanko_certvalidator import ValidationContext

        if not self._trust_roots:
            return PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        trusted = ValidationContext(trust_roots=list(self._trust_roots), allow_fetching=True)
        # In the seal's own update: pyHanko would write its own metadata into a second one.
        together = SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        return PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, embed_validation_info=True,
            validation_context=trusted, dss_settings=DSSContentSettings(include_vri=False, placement=together),
        )  # fmt: skip


class ESealCertificates:
    """The certificates in a folder, each read once; without a folder there are none."""

    def __init__(self, folder: Path | None, tsa_url: str = "") -> None:
        self._folder = folder
        self._tsa_url = tsa_url
        self.of = cache(self._of)

    def _of(self, slug: str) -> ESealCertificate | None:
        """The issuer's certificate, or None; raises ESealError if it is there and cannot be used."""
        if self._folder is None or not (path := self._folder / f"{slug}.p12").exists():
            return None
        try:
            from pyhanko.keys import load_certs_from_pemder
            from pyhanko.sign.signers import SimpleSigner
            from pyhanko.sign.timestamps import HTTPTimeStamper
        except ImportError as error:
            raise ESealError("sealing needs pyHanko: pip install facteur[seal]") from error
        passphrase = path.with_suffix(".pass")
        word = passphrase.read_bytes().strip() if passphrase.exists() else None
        try:
            signer = SimpleSigner.load_pkcs12_data(path.read_bytes(), [], word)
        except ValueError as error:
            raise ESealError(f"{path} cannot be opened: is its passphrase in {passphrase.name}?") from error
        trust = path.with_suffix(".trust.pem")
        roots = tuple(load_certs_from_pemder([str(trust)])) if trust.exists() else ()
        return ESealCertificate(signer, HTTPTimeStamper(self._tsa_url) if self._tsa_url else None, roots)


def _increment_to(pdf: bytes) -> Any:
    """A pyHanko incremental update of a PDF that leaves the document's metadata alone: pyHanko would drop the schemas
    that PDF/A requires (ISO 19005-3, 6.6.2.3)."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Increment(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            return

    return Increment(io.BytesIO(pdf))

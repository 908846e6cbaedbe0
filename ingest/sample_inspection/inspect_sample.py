"""Finds what a sample file holds."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Final

import msgspec

from ingest.custom_formats.field_names import TERMS
from ingest.format_detection import detect_format
from ingest.sample_inspection.delimited_sample import inspect_delimited
from ingest.sample_inspection.fixed_width_sample import inspect_fixed_width
from ingest.sample_inspection.nested_sample import inspect_json, inspect_xml
from ingest.sample_inspection.sample_text import decoded, delimiter_of
from issuers.profile import Profile
from issuers.profile_studio.sample_report import SampleField, SampleReport, ToldFinding
from untrusted.encodings.byte_order_mark import as_utf8
from untrusted.feed_error import FeedError

#: Names of formats (`ingest.format_detection`) that need no layout.
_STANDARD: Final = frozenset({
    "index + PDF", "ZIP", "gzip", "tar", "Factur-X", "EDIFACT", "UBL", "CII", "ZUGFeRD 1.0",
})  # fmt: skip
#: An element of a standard invoice somewhere within a batch.
_invoice: Final = re.compile(
    rb"<(?:[\w.-]+:)?(?:Invoice|CreditNote|CrossIndustryInvoice|CrossIndustryDocument)[\s>]"
).search


def inspect_sample(content: bytes, profile: Profile) -> SampleReport:
    """Find what a sample holds; never raises for what is wrong with it. The *profile*'s present layout is proposed
    where it fits."""
    try:
        found = _inspected(content, profile)
    except FeedError as refused:
        found = SampleReport("unknown", problem=ToldFinding.of(refused.finding))
    return msgspec.structs.replace(found, fields=_with_payable(found.fields), terms=tuple(TERMS))


def _with_payable(fields: tuple[SampleField, ...]) -> tuple[SampleField, ...]:
    """Where nothing is called what is to be paid, the total with VAT is: most tables have this column alone."""
    if any(field.term == "payable" for field in fields):
        return fields
    gross = next((at for at, field in enumerate(fields) if field.term == "gross"), None)
    return tuple(
        msgspec.structs.replace(field, term="payable") if at == gross else field for at, field in enumerate(fields)
    )


def _inspected(content: bytes, profile: Profile) -> SampleReport:
    bare = Profile(pages=profile.pages)
    head = as_utf8(content[: 1 << 14]).lstrip()
    if head[:1] == b"<":
        name = detect_format(BytesIO(content), bare)[0]
        if name in _STANDARD or _invoice(content):
            return SampleReport("standard", name)
        return inspect_xml(content, profile.xml.columns if profile.xml else {})
    if head[:1] in (b"{", b"["):
        return inspect_json(decoded(content), profile.json.columns)
    if not content:
        raise FeedError("FILE-EMPTY", "the file is empty: send it again")
    try:
        return SampleReport("standard", detect_format(BytesIO(content), bare)[0])
    except FeedError:
        if b"\x00" in content[:4096] and head[:1].isascii() is False:
            raise
    sample = decoded(content)
    if delimiter := delimiter_of(sample.text):
        present = profile.delimited.columns if profile.delimited else {}
        return inspect_delimited(sample, delimiter, present)
    return inspect_fixed_width(sample, _columns_by_kind(profile))


def _columns_by_kind(profile: Profile) -> Mapping[str, Mapping[str, object]]:
    if profile.records is None:
        return {}
    return {tag: kind.columns for tag, kind in profile.records.kinds.items()}

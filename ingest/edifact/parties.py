"""Maps the parties of an INVOIC message: NAD, with the references (RFF) and contacts (CTA, COM) after it."""

from typing import Final

from bill import Contact, Delivered, Identifier, Party, PostalAddress
from ingest.document_findings import Found
from ingest.edifact.message_state import MessageState
from ingest.edifact.segment_tokenizer import Segment
from untrusted.value_parsing import words

#: UNTDID 3035 party qualifiers, preferred one first: the buyer before a mere invoice recipient, as in CII and UBL.
_SELLERS: Final = ("SE", "SU", "II")
_BUYERS: Final = ("BY", "IV")
#: RFF 1153 after the buyer's NAD -> the term of the bill.
_BESIDE: Final = (("AOU", "buyer_accounting"), ("CR", "buyer_reference"), ("AII", "creditor_id"), ("AVS", "mandate"))
#: UNTDID 3055 (agency that assigned a number) -> ISO 6523 scheme.
_AGENCIES: Final = {"9": "0088", "16": "0060"}


def read_party(segment: Segment, message: MessageState) -> Found:
    """Return the number, name and address in a NAD; for an unstructured one, its lines."""
    names = segment.rest(4)
    unstructured = segment.rest(3)
    name, trading = (names[0], " ".join(names[1:])) if message.modern and names else (" ".join(names), "")
    lines = segment.rest(5)
    if not names and unstructured:
        name, *lines = [*unstructured]
    streets = [*lines[:2], " ".join(lines[2:])]
    said: Found = {
        "number": message.words(segment, 2),
        "scheme": segment.get(2, 1) or _AGENCIES.get(segment.get(2, 2), ""),
        "name": message.value(segment, name, words),
        "trading_name": message.value(segment, trading, words),
        "address": {
            key: message.value(segment, text, words)
            for key, text in (
                *zip(("line1", "line2", "line3"), streets, strict=False),
                ("city", segment.get(6)),
                ("subdivision", segment.get(7, 3) or segment.get(7)),
                ("postcode", segment.get(8)),
                ("country", segment.get(9)),
            )
            if text
        },
    }
    return {key: value for key, value in said.items() if value}


def make_parties(message: MessageState) -> None:
    """Put seller, buyer, payee and tax representative into `found`, with the terms of the bill that stand in the
    buyer's references."""
    parties, found = message.parties, message.found
    seller, buyer = (_first(parties, roles) for roles in (_SELLERS, _BUYERS))
    if seller is not None:
        found["seller"] = _make(seller)
    if buyer is not None:
        found["buyer"] = _make(buyer)
        _beside(buyer, found)
    for role, key in (("PE", "payee"), ("LC", "tax_representative")):
        if role in parties:
            found[key] = _make(parties[role])


def make_delivered(message: MessageState) -> Delivered | None:
    """Return the delivery (BG-13): where and when the goods went; None when the message does not say."""
    said = message.parties.get("DP") or message.parties.get("ST")
    if said is None:
        return None
    party = _make(said)
    location = party.identifiers[0] if party.identifiers else None
    return Delivered(name=party.name, location=location, on=said.get("on"), party=party)


def _first(parties: dict[str, Found], roles: tuple[str, ...]) -> Found | None:
    return next((parties[role] for role in roles if role in parties), None)


def _beside(buyer: Found, found: Found) -> None:
    for kind, key in (
        ("AOU", "buyer_accounting"),
        ("CR", "buyer_reference"),
        ("AII", "creditor_id"),
        ("AVS", "mandate"),
    ):
        if f"RFF {kind}" in buyer:
            found.setdefault(key, buyer[f"RFF {kind}"])


def _make(said: Found) -> Party:
    number, legal = said.get("number"), said.get("RFF GN") or said.get("RFF XA")
    contact = said.get("contact")
    return Party(
        name=said.get("name", ""),
        trading_name=said.get("trading_name", ""),
        identifiers=(Identifier(value=number, scheme=said.get("scheme", "")),) if number else (),
        legal_id=Identifier(value=legal) if legal else None,
        vat_id=said.get("RFF VA", ""),
        tax_id=said.get("RFF AHP", "") or said.get("RFF FC", ""),
        address=PostalAddress(**said.get("address", {})),
        contact=Contact(**contact) if contact and any(contact.values()) else None,
    )

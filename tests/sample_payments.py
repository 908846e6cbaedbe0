"""Small bank statements of our own making (camt.053, camt.054): what reached Lumière's account."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

ACCOUNT = "FR7630006000011234567890189"


class BankEntry(NamedTuple):
    """One booked movement. *code* is the family of the bank transaction code: RCDT transfers that came, RDDT direct
    debits that were collected; *returns* makes it the return of the collection or transfer of that end-to-end id."""

    amount: str
    text: str = ""
    ref: str = ""
    on: date = date(2026, 3, 20)
    name: str = ""
    iban: str = ""
    end_to_end: str = "NOTPROVIDED"
    returns: str = ""
    reason: str = ""
    code: Literal["RCDT", "RDDT", "IDDT"] = "RCDT"


def camt(entries: Iterable[BankEntry], message: Literal["053", "054"] = "054", name: str = "M1") -> bytes:
    """A notice (camt.054) or statement (camt.053) of these entries, version 08."""
    outer, inner = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[message]
    body = "".join(map(_entry, entries))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{message}.001.08"><{outer}>'
        f"<GrpHdr><MsgId>{name}</MsgId><CreDtTm>2026-03-20T18:00:00+01:00</CreDtTm></GrpHdr>"
        f"<{inner}><Id>{name}</Id><CreDtTm>2026-03-20T18:00:00+01:00</CreDtTm>"
        f"<Acct><Id><IBAN>{ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>{body}</{inner}></{outer}></Document>"
    ).encode()


def _entry(entry: BankEntry) -> str:
    is_return = bool(entry.returns)
    way = "DBIT" if is_return else "CRDT"
    ref = f"<AcctSvcrRef>{escape(entry.ref)}</AcctSvcrRef>" if entry.ref else ""
    end_to_end = entry.returns or entry.end_to_end
    debtor = f"<Dbtr><Pty><Nm>{escape(entry.name)}</Nm></Pty></Dbtr>" if entry.name else ""
    account = f"<DbtrAcct><Id><IBAN>{entry.iban}</IBAN></Id></DbtrAcct>" if entry.iban else ""
    text = f"<RmtInf><Ustrd>{escape(entry.text)}</Ustrd></RmtInf>" if entry.text else ""
    back = f"<RtrInf><Rsn><Cd>{entry.reason}</Cd></Rsn></RtrInf>" if entry.reason else ""
    sub_family = {"RCDT": "RRTN" if is_return else "ESCT", "RDDT": "UPDD", "IDDT": "UPDD" if is_return else "ESDD"}
    amount = f'<Amt Ccy="EUR">{Decimal(entry.amount)}</Amt>'
    return (
        f"<Ntry>{amount}<CdtDbtInd>{way}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{entry.on.isoformat()}</Dt></BookgDt>{ref}"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{entry.code}</Cd><SubFmlyCd>{sub_family[entry.code]}</SubFmlyCd></Fmly>"
        f"</Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>{escape(end_to_end)}</EndToEndId></Refs>{amount}"
        f"<CdtDbtInd>{way}</CdtDbtInd><RltdPties>{debtor}{account}</RltdPties>{text}{back}</TxDtls></NtryDtls></Ntry>"
    )

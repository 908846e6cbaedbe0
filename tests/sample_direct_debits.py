"""Small files about direct debits, of our own making: an order (pain.008), what its bank refuses (pain.002), and the
one total that a statement books for it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from tests.sample_payments import ACCOUNT

_HEAD = "<GrpHdr><MsgId>{}</MsgId><CreDtTm>2026-03-09T08:00:00+01:00</CreDtTm></GrpHdr>"


def pain_008(order: str, debits: Mapping[str, str], on: str = "2026-03-20") -> bytes:
    """An order of direct debits: amounts by bill number; a debit's end-to-end id is `SDD-` and the number."""
    body = "".join(
        f"<DrctDbtTxInf><PmtId><EndToEndId>SDD-{number}</EndToEndId></PmtId>"
        f'<InstdAmt Ccy="EUR">{amount}</InstdAmt><RmtInf><Ustrd>{number}</Ustrd></RmtInf></DrctDbtTxInf>'
        for number, amount in debits.items()
    )
    return _document(
        "pain.008.001.08",
        f"<CstmrDrctDbtInitn>{_HEAD.format(order)}<PmtInf><PmtInfId>{order}</PmtInfId><PmtMtd>DD</PmtMtd>"
        f"<ReqdColltnDt>{on}</ReqdColltnDt><CdtrAcct><Id><IBAN>{ACCOUNT}</IBAN></Id></CdtrAcct>{body}</PmtInf>"
        "</CstmrDrctDbtInitn>",
    )


def pain_002(order: str, refused: Iterable[str] = (), reason: str = "MD01") -> bytes:
    """What the bank refuses of an order: these bills' debits, or without any the whole order."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>"
    one_by_one = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>SDD-{number}</OrgnlEndToEndId><TxSts>RJCT</TxSts>{why}</TxInfAndSts>"
        for number in refused
    )
    of_order = one_by_one or f"<PmtInfSts>RJCT</PmtInfSts>{why}"
    return _document(
        "pain.002.001.10",
        f"<CstmrPmtStsRpt>{_HEAD.format(f'S-{order}')}<OrgnlGrpInfAndSts><OrgnlMsgId>{order}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>"
        f"<OrgnlPmtInfId>{order}</OrgnlPmtInfId>{of_order}</OrgnlPmtInfAndSts></CstmrPmtStsRpt>",
    )


def camt_total(order: str, total: Decimal | str, *, in_batch: bool = True) -> bytes:
    """A statement that books one total for an order: its id stands in the batch, or in the one transaction."""
    said = (
        f"<Btch><PmtInfId>{order}</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>"
        if in_batch
        else f"<TxDtls><Refs><PmtInfId>{order}</PmtInfId></Refs></TxDtls>"
    )
    return _document(
        "camt.053.001.08",
        f"<BkToCstmrStmt>{_HEAD.format(f'C-{order}')}<Stmt><Id>C-{order}</Id>"
        f"<Acct><Id><IBAN>{ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f'<Ntry><Amt Ccy="EUR">{total}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>2026-03-20</Dt></BookgDt><AcctSvcrRef>B-{order}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly>"
        f"<Cd>IDDT</Cd><SubFmlyCd>ESDD</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>{said}</NtryDtls></Ntry>"
        "</Stmt></BkToCstmrStmt>",
    )


def _document(schema: str, body: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{schema}">{body}</Document>'.encode()

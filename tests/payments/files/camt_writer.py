"""Writes payment entries as statements of any version (2 to 13), for tests that read them back."""

from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from bill.payment.payment_entry import PaymentEntry, PaymentShare

ROOTS = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
#: The codes of each kind, and whether it is a credit.
CODES = {
    "received": ("RCDT", "ESCT", True), "collected": ("IDDT", "ESDD", True), "returned": ("IDDT", "UPDD", False),
    "refunded": ("ICDT", "ESCT", False), "refund_returned": ("ICDT", "RRTN", True),
}  # fmt: skip


class CamtWriter:
    """Writes in one version of one message."""

    def __init__(self, message: str, version: int, account: str, currency: str) -> None:
        self.message, self.version, self.account, self.currency = message, version, account, currency

    def document(self, bookings: Sequence[Sequence[PaymentEntry]]) -> bytes:
        """One statement; each booking is one entry, of one payment or of a batch. Its sums and balances agree."""
        root, statement = ROOTS[self.message]
        net = sum((self._booked(each) for booking in bookings for each in booking), Decimal(0))
        balances = self._balance("OPBD", Decimal(1000)) + self._balance("CLBD", Decimal(1000) + net)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:'
            f'camt.{self.message}.001.{self.version:02}"><{root}><GrpHdr><MsgId>M</MsgId>'
            f"<CreDtTm>2026-11-03T06:00:00Z</CreDtTm></GrpHdr><{statement}><Id>S</Id>"
            f"<CreDtTm>2026-11-03T06:00:00Z</CreDtTm><Acct><Id><IBAN>{self.account}</IBAN></Id>"
            f"<Ccy>{self.currency}</Ccy></Acct>{balances if self.message == '053' else ''}{self._summary(bookings)}"
            f"{''.join(map(self._entry, bookings))}</{statement}></{root}></Document>"
        ).encode()

    def _booked(self, entry: PaymentEntry) -> Decimal:
        """What the account got, negative for what it gave; pending entries move nothing."""
        is_credit = CODES[entry.kind][2]
        amount = entry.amount - entry.charges if is_credit else -entry.amount - entry.charges
        return amount if entry.is_booked else Decimal(0)

    def _net(self, entry: PaymentEntry) -> Decimal:
        return entry.amount - entry.charges if CODES[entry.kind][2] else entry.amount + entry.charges

    def _summary(self, bookings: Sequence[Sequence[PaymentEntry]]) -> str:
        total = sum((self._net(each) for booking in bookings for each in booking), Decimal(0))
        return (
            f"<TxsSummry><TtlNtries><NbOfNtries>{len(bookings)}</NbOfNtries><Sum>{total}</Sum></TtlNtries></TxsSummry>"
        )

    def _balance(self, code: str, amount: Decimal) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{self._amount(abs(amount))}"
            f"{self._direction(amount >= 0)}<Dt><Dt>2026-11-02</Dt></Dt></Bal>"
        )

    def _amount(self, amount: Decimal, currency: str = "") -> str:
        return f'<Amt Ccy="{currency or self.currency}">{amount}</Amt>'

    def _direction(self, is_credit: bool) -> str:
        return f"<CdtDbtInd>{'CRDT' if is_credit else 'DBIT'}</CdtDbtInd>"

    def _entry(self, booking: Sequence[PaymentEntry]) -> str:
        first = booking[0]
        family, sub_family, is_credit = CODES[first.kind]
        state = "BOOK" if first.is_booked or self.message == "052" else "PDNG"
        is_batch = len(booking) > 1
        total = sum((self._net(each) for each in booking), Decimal(0))
        transactions = "".join(self._transaction(each, is_batch) for each in booking)
        batch = f"<Btch><NbOfTxs>{len(booking)}</NbOfTxs></Btch>" if is_batch else ""
        return (
            f"<Ntry>{self._amount(total)}{self._direction(is_credit)}"
            f"<Sts>{f'<Cd>{state}</Cd>' if self.version >= 7 else state}</Sts>"
            f"<BookgDt><Dt>{first.booked_on}</Dt></BookgDt>"
            f"<AcctSvcrRef>{escape(first.batch_id if is_batch else first.entry_id)}</AcctSvcrRef>"
            f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn>"
            f"</BkTxCd><NtryDtls>{batch}{transactions}</NtryDtls></Ntry>"
        )

    def _transaction(self, entry: PaymentEntry, is_batch: bool) -> str:
        is_credit = CODES[entry.kind][2]
        ids = [
            f"<AcctSvcrRef>{escape(entry.entry_id)}</AcctSvcrRef>" if is_batch else "",
            f"<EndToEndId>{escape(entry.end_to_end_id or 'NOTPROVIDED')}</EndToEndId>",
            f"<MndtId>{escape(entry.mandate_id)}</MndtId>" if entry.mandate_id else "",
        ]
        net = self._net(entry)
        details = self._amount_details(entry, net)
        own = f"{self._amount(net)}{self._direction(is_credit)}" if self.version >= 3 else ""
        return (
            f"<TxDtls><Refs>{''.join(ids)}</Refs>{own}{details}{self._charges(entry)}{self._parties(entry)}"
            f"{self._remittance(entry)}{self._return(entry)}</TxDtls>"
        )

    def _amount_details(self, entry: PaymentEntry, net: Decimal) -> str:
        instructed = ""
        if entry.instructed_amount is not None:
            amount = self._amount(entry.instructed_amount, entry.instructed_currency)
            instructed = f"<InstdAmt>{amount}</InstdAmt>"
        elif entry.charges:
            instructed = f"<InstdAmt>{self._amount(entry.amount)}</InstdAmt>"
        return f"<AmtDtls>{instructed}<TxAmt>{self._amount(net)}</TxAmt></AmtDtls>"

    def _charges(self, entry: PaymentEntry) -> str:
        if not entry.charges:
            return ""
        kept = f"{self._amount(entry.charges)}{self._direction(False)}"
        return f"<Chrgs>{kept}</Chrgs>" if self.version < 3 else f"<Chrgs><Rcrd>{kept}</Rcrd></Chrgs>"

    def _parties(self, entry: PaymentEntry) -> str:
        customer, issuer = ("Cdtr", "Dbtr") if entry.kind in ("refunded", "refund_returned") else ("Dbtr", "Cdtr")
        parties = {issuer: self._party(issuer, "Issuer", self.account)}
        parties[customer] = self._party(customer, entry.debtor_name, entry.debtor_iban)
        return f"<RltdPties>{parties['Dbtr']}{parties['Cdtr']}</RltdPties>"

    def _party(self, role: str, name: str, account: str) -> str:
        named = f"<Nm>{escape(name)}</Nm>"
        party = f"<Pty>{named}</Pty>" if self.version >= 7 else named
        number = f"<IBAN>{account}</IBAN>" if account[:2].isalpha() else f"<Othr><Id>{account}</Id></Othr>"
        return (f"<{role}>{party}</{role}>" if name else "") + (
            f"<{role}Acct><Id>{number}</Id></{role}Acct>" if account else ""
        )

    def _remittance(self, entry: PaymentEntry) -> str:
        lines = [entry.remittance[at : at + 140] for at in range(0, len(entry.remittance), 140)]
        written = "".join(f"<Ustrd>{escape(line)}</Ustrd>" for line in lines)
        shared = {share.reference: share for share in entry.shares}
        written += "".join(self._structured(each, shared.get(each)) for each in entry.references)
        return f"<RmtInf>{written}</RmtInf>" if written else ""

    def _structured(self, reference: str, share: PaymentShare | None) -> str:
        if share is None:
            return f"<Strd><CdtrRefInf><Ref>{escape(reference)}</Ref></CdtrRefInf></Strd>"
        name, code = ("RmtdAmt", "REMI") if share.amount >= 0 else ("CdtNoteAmt", "CREN")
        amount = f'<{name} Ccy="{self.currency}">{abs(share.amount)}</{name}>'
        if self.version >= 12:
            amount = f"<RmtAmtAndTp><Tp><Cd>{code}</Cd></Tp>{self._amount(abs(share.amount))}</RmtAmtAndTp>"
        return f"<Strd><RfrdDocAmt>{amount}</RfrdDocAmt><CdtrRefInf><Ref>{escape(reference)}</Ref></CdtrRefInf></Strd>"

    def _return(self, entry: PaymentEntry) -> str:
        return f"<RtrInf><Rsn><Cd>{entry.reason}</Cd></Rsn></RtrInf>" if entry.reason else ""

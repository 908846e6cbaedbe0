"""Reads what kind of movement an entry is: ISO 20022's domain, family and sub-family (`BkTxCd/Domn`), else the bank's
own code (`Prtry`): the German GVC."""

import re
from typing import Final, NamedTuple

from bill.payment.payment_entry import MovementKind
from payments.files.iso20022.elements import Element, child, first_text, text

#: Families whose credits are of one kind.
_CREDITS: Final[dict[str, MovementKind]] = {
    "IDDT": "collected", "ICDT": "refund_returned", "IRCT": "refund_returned",
}  # fmt: skip
#: Families of what customers pay: a debit of one takes it back.
_RECEIVING: Final = frozenset({"IDDT", "RCDT", "RRCT", "RCHQ", "MCRD"})
#: Families of which the issuer is the payer, or that move its money between its own accounts.
_OWN_FAMILIES: Final = frozenset({"RDDT", "CCRD", "ICCN", "RCCN", "CAPL"})
#: Sub-families of the bank's own business: charges, commissions, fees, interest, taxes.
_OF_THE_BANK: Final = frozenset({
    "CHRG", "CHAR", "COMM", "COMI", "COME", "COMT", "FEES", "BKFE", "TRFE", "MNFE", "OVCH", "INTR", "TAXE",
})  # fmt: skip
#: Sub-families of payments that go back: return, reversal, cancellation; unpaid debit, card payment, cheque, draft.
_RETURNS: Final = frozenset({
    "RRTN", "UPDD", "PRDD", "RCDD", "RPCR", "ARET", "AREV", "UPCT", "UPCQ", "XPCQ", "CQRV", "UDFT",
})  # fmt: skip
#: Domains of no customer's payments: the account itself, cash management, loans, currencies, securities, trade.
_OTHER_DOMAINS: Final = frozenset({"ACMT", "CAMT", "LDAS", "FORX", "PMET", "DERV", "SECU", "TRAD", "CMDT"})
_UNKNOWN: Final = frozenset({"", "NTAV", "OTHR"})

#: The business transaction codes of the German banks (DFÜ agreement, annex 3) -> family and sub-family.
_GVC: Final = {
    "082": "CNTR/CDPT", "083": "CNTR/CWDL", "104": "RDDT/BBDD", "105": "RDDT/ESDD", "106": "CCRD/POSD",
    "107": "CCRD/POSD", "108": "IDDT/UPDD", "109": "IDDT/UPDD", "110": "MCRD/UPCT", "111": "RCHQ/UPCQ",
    "116": "ICDT/ESCT", "117": "ICDT/STDO", "118": "IRCT/ESCT", "119": "ICDT/ESCT", "122": "ICHQ/CCHQ",
    "152": "RCDT/STDO", "153": "RCDT/SALA", "154": "RCDT/ESCT", "155": "RCDT/ESCT", "156": "RCDT/ESCT",
    "157": "RRCT/SALA", "159": "ICDT/RRTN", "160": "IRCT/RRTN", "161": "RRCT/ESCT", "162": "RRCT/ESCT",
    "163": "RRCT/ESCT", "164": "RRCT/ESCT", "165": "RRCT/ESCT", "166": "RCDT/ESCT", "167": "RCDT/ESCT",
    "168": "RRCT/ESCT", "169": "RCDT/ESCT", "170": "RCHQ/CCHQ", "171": "IDDT/ESDD", "174": "IDDT/BBDD",
    "177": "ICDT/ESCT", "181": "RDDT/UPDD", "184": "RDDT/UPDD", "188": "IRCT/ESCT", "189": "RRCT/ESCT",
    "191": "ICDT/ESCT", "192": "IDDT/ESDD", "193": "IDDT/PRDD", "194": "RCDT/ESCT", "195": "IDDT/UPDD",
    "196": "IDDT/BBDD", "197": "IDDT/UPDD", "198": "MCRD/POSP", "199": "MCRD/UPCT", "201": "ICDT/XBCT",
    "202": "RCDT/XBCT", "820": "RCCN/ACDT", **dict.fromkeys(map(str, range(801, 818)), "/FEES"),
}  # fmt: skip
#: Of several payments at once.
_GVC_OF_BATCHES: Final = frozenset(map(str, range(188, 200)))
_gvc: Final = re.compile(r"N[A-Z]{3}\+([0-9]{3})(?:\+.*)?").fullmatch


class BankTransactionCode(NamedTuple):
    """*own* is the bank's code as sent (`NTRF+166+9310`)."""

    domain: str = ""
    family: str = ""
    sub_family: str = ""
    own: str = ""

    @property
    def written(self) -> str:
        """`PMNT/RCDT/ESCT`, else the bank's own code."""
        return "/".join((self.domain, self.family, self.sub_family)).strip("/") or self.own

    @property
    def is_unknown(self) -> bool:
        """Whether it does not say what kind of movement this is."""
        return self.family in _UNKNOWN and _gvc_of(self.own) not in _GVC

    @property
    def is_of_batch(self) -> bool:
        """Whether the bank's own code says that the entry stands for several payments."""
        return _gvc_of(self.own) in _GVC_OF_BATCHES


def read_transaction_code(element: Element | None, name: str = "BkTxCd") -> BankTransactionCode | None:
    """The code of an entry or transaction (*name* of its element); None where there is none."""
    code = child(element, name)
    if code is None:
        return None
    domain = child(code, "Domn")
    return BankTransactionCode(
        text(domain, "Cd"), text(domain, "Fmly", "Cd"), text(domain, "Fmly", "SubFmlyCd"),
        first_text(code, ("Prtry", "Cd"), ("Prtry",)),
    )  # fmt: skip


def movement_kind(
    code: BankTransactionCode, *, is_credit: bool, is_reversal: bool, is_return: bool
) -> MovementKind | None:
    """What a movement is for the issuer's customers; None for the issuer's own business (fees, interest, its own
    payments, transfers between its accounts).

    *is_reversal* is `RvslInd`: the entry undoes one of the opposite direction. *is_return*: it tells why a payment went
    back (`RtrInf`).
    """
    family, sub_family = _families(code)
    if code.domain in _OTHER_DOMAINS or sub_family in _OF_THE_BANK or family in _OWN_FAMILIES:
        return None
    is_return = is_return or sub_family in _RETURNS
    if not is_credit:
        return _kind_of_debit(family, goes_back=is_return or is_reversal)
    if family in ("RCDT", "RRCT"):  # a reversal without a return undoes a debit that was a return
        return "refund_returned" if is_return else "received"
    return _CREDITS.get(family, "refund_returned" if is_return or is_reversal else "received")


def _kind_of_debit(family: str, *, goes_back: bool) -> MovementKind | None:
    if family == "CNTR":
        return None
    return "returned" if goes_back or family in _RECEIVING else "refunded"


def _families(code: BankTransactionCode) -> tuple[str, str]:
    """The family and sub-family, by the bank's own code where ISO 20022's does not say them."""
    gvc = _gvc_of(code.own)
    if code.family in _UNKNOWN and gvc in _GVC:
        family, _, sub_family = _GVC[gvc].partition("/")
        return family, sub_family
    return code.family, code.sub_family


def _gvc_of(own: str) -> str:
    found = _gvc(own)
    return found[1] if found else ""

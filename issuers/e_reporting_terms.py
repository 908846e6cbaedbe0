"""The profile's table on e-reporting: what the issuer supplies, when its VAT falls due, and who sends for it."""

import re
from datetime import date
from typing import Final, Literal

from bill import PLATFORMS_SINCE
from issuers.profile_section import ProfileError, Section

_platform = re.compile(r"[A-Za-z0-9]{4}").fullmatch
_siren = re.compile(r"\d{9}").fullmatch
#: The longest a company's name may be in a declaration.
_LONGEST_NAME: Final = 99


class EReportingTable(Section, frozen=True):
    """What is declared of bills to consumers (CGI art. 290 and 290 A), and how often.

    *platform* is the number of the approved platform that sends the files (ISO 6523 scheme 0238). Payments are declared
    of `services` whose VAT falls due on `payment`; `invoice` is the option for the debits (CGI art. 269-2-c).
    """

    platform: str
    supply: Literal["goods", "services"]
    platform_name: str = ""
    vat_on: Literal["payment", "invoice"] = "payment"
    every: Literal["decade", "month"] = "decade"  # operations; payments are declared by the month
    since: date = PLATFORMS_SINCE
    siren: str = ""  # of the issuer; "" for the one that `sender.legal_id` or `legal_ids` has

    @property
    def are_payments_declared(self) -> bool:
        return self.supply == "services" and self.vat_on == "payment"


def check_e_reporting(table: EReportingTable, known_ids: list[str]) -> None:
    """Raise ProfileError unless a declaration can be made with this table."""
    if not _platform(table.platform):
        raise ProfileError("e_reporting.platform", "give the four characters of the platform's number")
    if len(table.platform_name) > _LONGEST_NAME or not table.platform_name.isprintable():
        raise ProfileError(
            "e_reporting.platform_name", "give at most {most} characters in one line", most=_LONGEST_NAME
        )
    if not declarant_siren(table, known_ids):
        raise ProfileError(
            "e_reporting.siren", "give the nine digits of the issuer's SIREN, here or as sender.legal_id"
        )


def declarant_siren(table: EReportingTable, known_ids: list[str]) -> str:
    """The SIREN under which the issuer declares: the table's, else the first among its known ids; "" for none."""
    given = [table.siren] if table.siren else known_ids
    return next((plain for each in given if _siren(plain := each.replace(" ", ""))), "")

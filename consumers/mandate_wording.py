"""The versioned texts of a SEPA direct debit mandate: the rulebook's, and one with fewer days of pre-notification."""

from typing import Final

from consumers.paperless_consent import Wording
from words.catalogue import N_, say

#: The text of the SEPA core mandate (EPC016-06, annex: what the debtor reads and signs).
MANDATE: Final = Wording(
    version="sepa-core-1",
    text=N_(
        "En signant ce mandat, vous autorisez {creditor} à envoyer des instructions à votre banque pour débiter votre "
        "compte, et votre banque à débiter votre compte conformément aux instructions de {creditor}. Vous avez le "
        "droit d’être remboursé par votre banque selon les conditions de la convention que vous avez passée avec elle. "
        "Une demande de remboursement doit être présentée dans les 8 semaines suivant la date de débit de votre "
        "compte. Vos droits sont expliqués dans un document que vous pouvez obtenir auprès de votre banque."
    ),
)
_AGREED: Final = N_(
    "Vous convenez avec {creditor} d’être prévenu du montant et de la date de chaque prélèvement au moins {n} jour "
    "avant, et non 14.|Vous convenez avec {creditor} d’être prévenu du montant et de la date de chaque prélèvement au "
    "moins {n} jours avant, et non 14."
)
#: Behind the version, the days that were agreed on: `sepa-core-1 5 days`.
_DAYS: Final = " days"


def mandate_version(agreed_days: int | None) -> str:
    """The version of the text that agrees on so many days of pre-notification; None: on none."""
    return MANDATE.version if agreed_days is None else f"{MANDATE.version} {agreed_days}{_DAYS}"


def agreed_days_of(version: str) -> int | None:
    """The days of pre-notification that a signed version agrees on, or None."""
    _, _, rest = version.partition(" ")
    return int(rest.removesuffix(_DAYS)) if rest.endswith(_DAYS) else None


def mandate_text(version: str, creditor: str, language: str) -> str:
    """The text of a version in this language, with the creditor's name."""
    text = say(MANDATE.text, language, creditor=creditor)
    days = agreed_days_of(version)
    return text if days is None else f"{text} {say(_AGREED, language, n=days, creditor=creditor)}"

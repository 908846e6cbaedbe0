"""Writes the e-mail with the copy of a direct debit mandate that was signed, or that says that it was revoked."""

from typing import Final

from consumers.direct_debit_mandate import MANDATE
from delivery.channels.email.email_message import EmailText, one_line
from delivery.channels.email.greeting import greeting
from store.accounts.consumer import Consumer
from store.issuer import Issuer
from store.payments.debit_mandate import DebitMandate
from words.catalogue import N_, known_language, say
from words.written_dates import written_date

_SENTENCES: Final = {
    "signed": (
        N_("Votre mandat de prélèvement pour {issuer}"),
        N_("Vous avez signé le {day}, sous le nom de {name}, un mandat de prélèvement SEPA pour {issuer}."),
    ),
    "revoked": (
        N_("Votre mandat de prélèvement pour {issuer} est révoqué"),
        N_("Vous avez révoqué le {day} votre mandat de prélèvement SEPA pour {issuer}."),
    ),
}
_TERMS: Final = N_(
    "Référence du mandat : {umr}\nCréancier : {creditor_id}\nTitulaire : {holder}\nCompte : …{last_four}"
)


def mandate_copy_words(
    mandate: DebitMandate, state: str, reader: Consumer, issuer: Issuer, public_url: str
) -> EmailText:  # fmt: skip
    """Return the e-mail's text, in the reader's language; of the IBAN, its last four characters alone."""
    language, name = known_language(reader.language), one_line(issuer.name)
    subject, what = _SENTENCES[state]
    at = mandate.revoked_at if state == "revoked" and mandate.revoked_at else mandate.signed_at
    values = {"issuer": name, "day": written_date(at.date(), language), "name": one_line(mandate.signed_name)}
    terms = say(
        _TERMS, language, umr=mandate.umr, creditor_id=mandate.creditor_id, holder=one_line(mandate.holder_name),
        last_four=mandate.last_four,
    )  # fmt: skip
    text = [say(MANDATE.text, language, creditor=name)] if state == "signed" else []
    return EmailText(
        subject=say(subject, language, **values),
        before=(greeting(reader.name, language), say(what, language, **values), terms, *text),
        label=say("Voir vos contrats", language),
        url=f"{public_url}/contrats",
        after=(say("Vous pouvez le révoquer à tout moment, à la même page.", language),) if state == "signed" else (),
        language=language,
    )

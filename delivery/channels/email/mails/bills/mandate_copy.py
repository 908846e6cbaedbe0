"""Writes the e-mail with the copy of a direct debit mandate that was signed, was revoked, or has ended."""

from datetime import date
from typing import Final

from consumers.mandate_wording import mandate_text
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.mail_reader import MailReader
from delivery.channels.issuer_mark import issuer_mark
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
    "ended": (
        N_("Votre mandat de prélèvement pour {issuer} a pris fin"),
        N_("Votre mandat de prélèvement SEPA pour {issuer} a pris fin le {day}."),
    ),
}
#: Why it ended, to who signed it (`consumers.mandate_endings`).
_WHY: Final = {
    "mandate_holder_died": N_("{issuer} nous a fait part du décès du titulaire de ce contrat."),
    "mandate_number_passed_on": N_("Ce contrat n’a plus le même numéro chez {issuer}."),
    "mandate_signer_left": N_("Ce contrat n’est plus dans votre espace : vous n’y verriez plus ce qui est prélevé."),
    "mandate_account_closed": N_("{issuer} nous a dit que ce contrat est résilié."),
    "mandate_unused": N_("Rien n’a été prélevé depuis 36 mois : un mandat qui ne sert pas ne vaut plus."),
}
_TERMS: Final = N_(
    "Référence du mandat : {umr}\nCréancier : {creditor}, {creditor_id}\nPaiements : récurrents\n"
    "Titulaire : {holder}\nCompte : …{last_four}"
)
_NOT_ANY_MORE: Final = N_(
    "{issuer} en est prévenu et ne peut plus rien prélever par ce mandat. Un prélèvement déjà en route peut encore "
    "passer : votre banque vous le rembourse si vous le demandez dans les 8 semaines."
)


def mandate_copy_words(
    mandate: DebitMandate, state: str, reader: MailReader, issuer: Issuer, on: date, public_url: str
) -> EmailText:  # fmt: skip
    """Return the e-mail's text, in the reader's language; *on* is the day when the mandate came into this *state*. Of
    the IBAN it has the last four characters alone."""
    language, name = known_language(reader.language), one_line(issuer.name)
    subject, what = _SENTENCES[state]
    values = {"issuer": name, "day": written_date(on, language), "name": one_line(mandate.signed_name)}
    terms = say(
        _TERMS, language, umr=mandate.umr, creditor=one_line(mandate.creditor), creditor_id=mandate.creditor_id,
        holder=one_line(mandate.holder_name), last_four=mandate.last_four,
    )  # fmt: skip
    why = [say(_WHY[mandate.reason.code], language, **values)] if mandate.reason.code in _WHY else []
    signed = mandate_text(mandate.wording or "", name, language)
    text = signed if state == "signed" else say(_NOT_ANY_MORE, language, **values)
    return EmailText(
        subject=say(subject, language, **values),
        before=(greeting(reader.name, language), say(what, language, **values), *why, terms, text),
        label=say("Voir vos contrats", language),
        url=f"{public_url}/contrats",
        after=(say("Vous pouvez le révoquer à tout moment, à la même page.", language),) if state == "signed" else (),
        language=language,
        mark=issuer_mark(issuer),
    )

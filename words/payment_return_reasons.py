"""Why a payment was returned or refused, in words: the ISO 20022 external reason codes that banks use in SEPA."""

from typing import Final

from words.catalogue import N_, say

#: The reasons by code (EPC173-14). Those that banks do not explain (MS03), and a person's death (MD07), are left out.
_REASONS: Final = {
    "AC01": N_("le numéro de compte n’est pas juste"),
    "AC04": N_("le compte est clos"),
    "AC06": N_("le compte est bloqué"),
    "AC13": N_("ce compte n’accepte pas ce prélèvement"),
    "AG01": N_("ce compte n’accepte pas de prélèvement"),
    "AM04": N_("la provision manquait"),
    "AM05": N_("il était en double"),
    "MD01": N_("il n’y a pas de mandat valable"),
    "MD06": N_("le remboursement en a été demandé à la banque"),
    "MS02": N_("le titulaire du compte l’a refusé"),
    "SL01": N_("la banque applique une consigne du titulaire"),
}


def payment_return_reason(code: str, language: str) -> str:
    """The reason of a return or refusal in words, to be put after a colon; "" where it is unknown or not told."""
    sentence = _REASONS.get(code)
    return "" if sentence is None else say(sentence, language)

"""The policy page's form: the choices of `[policy]` with what each does and what the law asks, and the table that comes
of what was typed."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

import msgspec

from delivery.law.sector_law import SectorLaw, law_of
from issuers.policy_bounds import BOUNDS
from issuers.profile import Policy, Profile
from issuers.profile_section import ProfileError
from portal.form_input import form_value
from portal.translation import language, say
from words.catalogue import N_

Kind = Literal["days", "number", "amount", "yes"]
_DAYS: Final = re.compile(r"[0-9]{1,3}(?:[ ,;]+[0-9]{1,3})*").fullmatch
_AMOUNT: Final = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,4})?").fullmatch


class PolicyChoice(NamedTuple):
    """A key of `[policy]`: how it is typed, its name, and what it does and costs."""

    key: str
    kind: Kind
    name: str
    effect: str


CHOICES: Final = (
    PolicyChoice("remind_after_days", "days", N_("Rappels, en jours ouvrés après la première annonce"),
                 N_("Chaque rappel part par un autre canal : gratuit par courriel, le prix d’un SMS sinon. "
                    "Vide : aucun rappel.")),
    PolicyChoice("least_days_to_pay", "number", N_("Jours entre la boîte aux lettres et l’échéance"),
                 N_("Plus il y en a, plus tôt une facture non lue est imprimée : une lettre de plus, "
                    "mais pas de retard.")),
    PolicyChoice("default_on", "yes", N_("Sans papier par défaut, après préavis"),
                 N_("Une lettre épargnée par facture ; qui s’y oppose garde le papier.")),
    PolicyChoice("notice_months", "number", N_("Préavis du sans-papier, en mois"),
                 N_("Vide : ce que demande la loi de votre secteur.")),
    PolicyChoice("paper_again_days", "number", N_("Retour au papier, en jours ouvrés"),
                 N_("Après la demande du client. Vide : ce que demande la loi.")),
    PolicyChoice("prenotification_days", "number", N_("Annonce d’un prélèvement, en jours avant l’échéance"),
                 N_("Vide : ce que demande la loi, ou vos mandats.")),
    PolicyChoice("tolerance", "amount", N_("Reste qui vaut payé"),
                 N_("Un reste jusqu’à ce montant est abandonné : vous ne le recevrez pas.")),
    PolicyChoice("least_reminded", "amount", N_("Reste qui n’est pas rappelé"),
                 N_("Il reste dû ; seul le rappel est épargné.")),
    PolicyChoice("dispute_stops_reminders", "yes", N_("Une contestation suspend les rappels"),
                 N_("Jusqu’à votre réponse. La facture reste due.")),
    PolicyChoice("dispute_days", "number", N_("Suspension la plus longue, en jours"),
                 N_("Ensuite les rappels reprennent.")),
)  # fmt: skip


def law_sentences(law: SectorLaw) -> dict[str, str]:
    """Returns what the law of the sector asks of a choice, with its article, by key."""
    default = (
        say("Permis dans votre secteur ({article}).", article=law.default_on.article) if law.default_on.value
        else say("Interdit dans votre secteur : il faut l’accord du client ({article}).",
                 article=law.default_on.article)
    )  # fmt: skip
    months, again, before = law.default_notice_months, law.paper_again_working_days, law.prenotification_days
    return {
        "default_on": default,
        "notice_months": say("Au moins {n} mois ({article}).|Au moins {n} mois ({article}).",
                             n=months.value, article=months.article),
        "paper_again_days": say("Au plus {n} jour ouvré ({article}).|Au plus {n} jours ouvrés ({article}).",
                                n=again.value, article=again.article),
        "prenotification_days": say("{n} jour, moins seulement si vos mandats le disent ({article}).|"
                                    "{n} jours, moins seulement si vos mandats le disent ({article}).",
                                    n=before.value, article=before.article),
    }  # fmt: skip


def bound_sentences() -> dict[str, str]:
    """Returns what may be given for a choice, and why no more, by key."""
    return {key: say("Donnez {bounds}.", bounds=bound.spoken.spelled(language())) for key, bound in BOUNDS.items()}


def fixed_sentences(profile: Profile) -> list[str]:
    """Returns what nobody may choose, with its article."""
    law = law_of(profile.trade)
    told = {
        "paper_fee": N_("Le papier est gratuit ({article})."),
        "no_way_back": N_("Le client peut revenir au papier à tout moment ({article})."),
    }
    return [say(told[rule.value], article=rule.article) for rule in law.forbids]


def shown_form(policy: Policy) -> dict[str, str]:
    """Returns the fields' values for this policy."""
    return {choice.key: _shown(getattr(policy, choice.key)) for choice in CHOICES}


def typed_form() -> dict[str, str]:
    """Returns the fields' values as they were typed."""
    return {choice.key: form_value(choice.key, 60) for choice in CHOICES}


def policy_table(form: Mapping[str, str], present: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the `[policy]` table of these fields: *present* keys that the page does not show stay, and what is at its
    default is written only where it was. Raises ProfileError for what cannot be read."""
    defaults, table = msgspec.structs.asdict(Policy()), dict(present)
    for choice in CHOICES:
        value = _typed(choice, form[choice.key])
        if value is None or (choice.key not in present and value == defaults[choice.key]):
            table.pop(choice.key, None)
        else:
            table[choice.key] = value
    return table


def _typed(choice: PolicyChoice, text: str) -> Any:
    key = f"policy.{choice.key}"
    if choice.kind == "yes":
        return text == "1"
    if choice.kind == "days":
        if text and not _DAYS(text):
            raise ProfileError(key, "give working days after the first notice, the soonest first")
        return tuple(map(int, re.findall("[0-9]+", text)))
    if not text:
        return None
    if choice.kind == "number":
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise ProfileError(key, "give a whole number")
        return int(text)
    if not _AMOUNT(text):
        raise ProfileError(key, "give a number that is not negative")
    return Decimal(text.replace(",", "."))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)

"""The trail of an account: each consent and notice, oldest first, with who acted, and its sentence in plain words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.accounts.account_notice import notices_of
from store.accounts.consent import Consent
from store.accounts.consumer import Consumer
from words.catalogue import N_, say

#: By what was recorded, and for consents by their legal basis and who acted.
_SENTENCES: Final[dict[str, str]] = {
    "paperless": N_("Factures sans papier acceptées"),
    "paperless default_on": N_("Factures sans papier d’office : personne n’a fait objection pendant le préavis"),
    "paper": N_("Retour au papier demandé"),
    "paper decision": N_("Retour au papier après un décès : le choix du défunt prend fin"),
    "paper objection": N_("Retour au papier, après une objection"),
    "paper no_reader": N_("Retour au papier : plus personne ne suit ce contrat"),
    "paper no_reader road": N_("Retour au papier : question restée sans réponse, et plus personne ne lit les factures"),
    "invited": N_("Invitation à suivre ce contrat en ligne"),
    "claim_started": N_("Ajout à un espace commencé"),
    "linked": N_("Contrat ajouté à un espace"),
    "left": N_("Contrat retiré d’un espace"),
    "default_planned": N_("Préavis de factures sans papier prévu"),
    "default_sent": N_("Préavis envoyé : factures sans papier dans trois mois, sauf objection"),
    "default_refused": N_("Préavis revenu sans avoir été remis : rien ne change"),
    "objected": N_("Objection : les factures restent sur papier"),
    "suitability": N_("Question posée : les factures en ligne conviennent-elles ?"),
    "suitability_refused": N_("Courriel de cette question revenu sans avoir été remis"),
    "moved": N_("Courrier revenu : l’adresse ne convient plus"),
    "address_known": N_("Autre adresse connue"),
    "exempt": N_("Droit au papier, selon l’émetteur"),
    "died": N_("Décès, selon l’émetteur"),
    "closed": N_("Fin du contrat, selon l’émetteur"),
    "to_estate": N_("Décidé après le décès : les factures vont sur papier à qui règle la succession"),
    "held_after_death": N_("Décidé après le décès : les factures restent retenues"),
    "not_dead": N_("Décidé : l’émetteur s’est trompé, le client n’est pas décédé"),
    "opened_by_link": N_("Facture ouverte par son lien, sans mot de passe"),
    "grant_invited": N_("Invitation à lire les factures envoyée"),
    "grant_accepted": N_("Invitation à lire les factures acceptée"),
    "grant_declined": N_("Invitation à lire les factures refusée"),
    "grant_covered": N_("Contrat ouvert à qui lit déjà toutes les factures"),
    "grant_looked": N_("Factures lues sur invitation"),
    "grant_returned": N_("Accès aux factures rendu"),
    "grant_revoked": N_("Accès aux factures retiré"),
    "grant_ended": N_("Accès aux factures terminé"),
    "letters_held": N_("Décidé : les lettres sont retenues"),
    "letters_let_go": N_("Décidé : les lettres retenues partent"),
    "heir": N_("Décidé après le décès : héritier inscrit, sur un document"),
    "heir_ended": N_("Décidé : héritier qui ne suit plus ce contrat"),
    "passed_on": N_("Numéro de contrat passé à une autre personne"),
}
_BY_YOU: Final = N_("{what}, par vous")
_BY_NAMED: Final = N_("{what}, par {who}")
_BY_ANOTHER: Final = N_("{what}, par une autre personne")
#: Who acted where nobody did that has a name: the program itself, or whoever had the link.
_NOBODY: Final = frozenset({"", "road", "one-bill link"})
#: How the others begin that a reader is not named: a consumer, by a row's id, and a feed, by its number.
_UNNAMED: Final = ("consumer ", "feed ")
#: How the steps of access grants begin.
_OF_GRANTS: Final = "grant_"


class TrailStep(NamedTuple):
    """One consent or notice. *name* is the consumer's who acted or was told, "" for none."""

    at: datetime
    what: str  # a consent's act or a notice's kind
    by: str
    channel: str
    basis: str
    wording: str
    consumer_id: int | None = None
    name: str = ""
    words: str = ""


def trail_of(session: Session, account_id: int) -> list[TrailStep]:
    """The consents and notices of an account, oldest first."""
    consents = session.scalars(select(Consent).where(Consent.account_id == account_id).order_by(Consent.at, Consent.id))
    steps = [
        TrailStep(each.at, each.act, each.by, each.way, each.basis, each.wording, each.consumer_id)
        for each in consents.all()
    ]
    steps += [
        TrailStep(
            each.at, each.kind, each.by, each.channel, each.basis, each.wording, each.consumer_id, words=each.words
        )
        for each in notices_of(session, [account_id]).get(account_id, [])
    ]  # fmt: skip
    names = _names(session, {each.consumer_id for each in steps} - {None})
    ordered = sorted(steps, key=lambda each: each.at)  # of one moment, consents first
    return [each._replace(name=names.get(each.consumer_id, "")) for each in ordered]


def _names(session: Session, ids: set[int | None]) -> dict[int | None, str]:
    rows = session.execute(select(Consumer.id, Consumer.name).where(Consumer.id.in_(ids)))
    return dict(rows.tuples().all())


def step_text(step: TrailStep, language: str, reader_id: int | None = None) -> str:
    """What happened and who acted, in the reader's language. A consumer (*reader_id*) is not told other people's names;
    staff are, but for whom a holder lets read."""
    keys = (f"{step.what} {step.basis} {step.by}", f"{step.what} {step.basis}", step.what)
    what = say(next(_SENTENCES[key] for key in keys if key in _SENTENCES), language)
    if step.consumer_id is None or not step.by.startswith("consumer "):
        is_told = reader_id is None and step.by not in _NOBODY and not step.by.startswith(_UNNAMED)
        return say(_BY_NAMED, language, what=what, who=step.by) if is_told else what
    if reader_id is None:
        return what if step.what.startswith(_OF_GRANTS) else say(_BY_NAMED, language, what=what, who=step.name)
    return say(_BY_YOU if step.consumer_id == reader_id else _BY_ANOTHER, language, what=what)


def step_json(step: TrailStep) -> dict[str, Any]:
    """The step as JSON values."""
    return {
        "at": step.at.isoformat(), "what": step.what, "by": step.by, "channel": step.channel, "basis": step.basis,
        "wording": step.wording or None, "words": step.words or None,
    }  # fmt: skip


def wordings_in(steps: Sequence[TrailStep]) -> set[str]:
    """The versions of the texts that were shown."""
    return {each.wording for each in steps if each.wording}

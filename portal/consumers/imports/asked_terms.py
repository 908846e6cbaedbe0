"""What is asked about a document, question by question: the label, what the document says there, and what may be
typed."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from bill.document_reading import NEEDED, TERMS, DocumentReading, Term
from bill.payment.iban import grouped
from consumers.imports.answered_terms import MAY_LACK
from portal.form_input import one_line
from portal.presenters.amounts_and_dates import typed_amount
from portal.translation import language, say
from words.catalogue import N_
from words.spelled_date import spelled_date

#: The name of the choice of a term begins so; its text field has the term's own name.
CHOSEN: Final = "choix-"
#: The values of the choices that are none of what was found.
OTHER: Final = "autre"
NONE: Final = "aucun"

_LABELS: Final[dict[Term, str]] = {
    "issuer": N_("De qui est cette facture ?"),
    "number": N_("Son numéro"),
    "kind": N_("Ce que c’est"),
    "issue_date": N_("Sa date"),
    "due_date": N_("À payer avant le"),
    "amount": N_("Le montant à payer"),
    "currency": N_("La monnaie"),
    "iban": N_("L’IBAN où payer"),
    "legal_id": N_("Le SIREN de l’émetteur"),
}
_WRONG: Final[dict[Term, str]] = {
    "issuer": N_("Donnez un nom, de 200 caractères au plus."),
    "number": N_("Donnez un numéro de 100 caractères au plus."),
    "kind": N_("Choisissez l’un des deux."),
    "issue_date": N_("Donnez un jour, comme 05/03/2026."),
    "due_date": N_("Donnez un jour, comme 05/03/2026."),
    "amount": N_("Donnez un montant, comme 1234,56."),
    "currency": N_("Donnez trois lettres, comme EUR."),
    "iban": N_("Ses chiffres de contrôle ne vont pas : relisez-le sur la facture."),
    "legal_id": N_("Donnez neuf chiffres."),
}
_NONE: Final[dict[Term, str]] = {
    "number": N_("Elle n’en a pas"),
    "due_date": N_("Pas d’échéance"),
    "iban": N_("Aucun"),
    "legal_id": N_("Aucun de ceux-là"),
}


_NAMES: Final[dict[Term, str]] = {
    "issuer": N_("l’émetteur"),
    "number": N_("le numéro"),
    "kind": N_("la sorte"),
    "issue_date": N_("la date"),
    "due_date": N_("l’échéance"),
    "amount": N_("le montant"),
    "currency": N_("la monnaie"),
    "iban": N_("l’IBAN"),
    "legal_id": N_("le SIREN"),
}


class FoundChoice(NamedTuple):
    """A value that the document may mean, in words, and the line that says it."""

    value: str
    words: str
    excerpt: str


class AskedTerm(NamedTuple):
    """One question. *sure* is what the document says for sure, in words; *typed* what the visitor typed, *chosen* what
    they chose; *wrong* what is said of a value that is none."""

    term: Term
    label: str
    found: list[FoundChoice]
    sure: str
    typed: str
    chosen: str
    none: str  # the words for "there is none"; "" where there must be one
    is_needed: bool
    wrong: str
    error: str = ""


def asked_terms(reading: DocumentReading, form: Mapping[str, str] | None = None) -> list[AskedTerm]:
    """Returns the questions about a document, what is unsure first; with *form*, what the visitor answered."""
    asked = [_asked(reading, term, form) for term in TERMS if _is_asked(reading, term)]
    return sorted(asked, key=lambda each: bool(each.sure))


def term_names(terms: Iterable[str]) -> list[str]:
    """Returns the names of terms, in their order on the form."""
    wanted = set(terms)
    return [say(_NAMES[each]) for each in TERMS if each in wanted]


def _is_asked(reading: DocumentReading, term: Term) -> bool:
    """A SIREN is asked only where the document has one."""
    return term != "legal_id" or bool(reading.term(term).found)


def _asked(reading: DocumentReading, term: Term, form: Mapping[str, str] | None) -> AskedTerm:
    found, sure = reading.term(term).found, reading.term(term).sure
    choices = [FoundChoice(each.value, _words(term, each.value), each.excerpt) for each in found]
    if term == "kind":
        choices = [FoundChoice(each, _words(term, each), "") for each in ("invoice", "credit_note")]
    return AskedTerm(
        term=term,
        label=say(_LABELS[term]),
        found=choices,
        sure="" if sure is None else _words(term, sure),
        typed=one_line(form.get(term, "")) if form else "",
        chosen=one_line(form.get(f"{CHOSEN}{term}", "")) if form else (sure or ""),
        none=say(_NONE[term]) if term in MAY_LACK else "",
        is_needed=term in NEEDED,
        wrong=say(_WRONG[term]),
    )


def _words(term: Term, value: str) -> str:
    match term:
        case "issue_date" | "due_date":
            return spelled_date(date.fromisoformat(value), language(), "long")
        case "amount":
            return typed_amount(Decimal(value))
        case "iban":
            return grouped(value)
        case "kind":
            return say("une facture") if value == "invoice" else say("un avoir")
        case _:
            return value

"""Reasons as rows had them before they were codes: French sentences, read back into codes and values.

Frozen with the migrations that use it: living codes may change, what old rows said does not.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from store.base import Blanks, RowId

#: Texts that are told apart in a table of their own; longer ones are unique, and are gone through one by one.
LONGEST_TOLD_APART: Final = 500
_PAGE: Final = 5_000
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_PARTS: Final = {"la ville": "city", "le code postal": "postcode", "la rue": "line1", "un pays connu": "country"}

OldReason = tuple[str, dict[str, Any]]

_FIXED: Final = {
    "son numéro de compte est aussi celui d’une autre personne : l’émetteur décide": "account_in_question",
    "personne n’a encore réclamé ce compte": "account_unclaimed",
    "le compte est suivi en ligne, ses factures restent sur papier": "paper_kept",
    "sans papier, mais aucun de ses titulaires ne peut recevoir de courriel": "no_holder_by_email",
    "sans papier, mais il est trop tard pour attendre une lecture": "too_late_to_wait",
    "titulaire du compte : la facture est dans son espace": "shown_to_holder",
    "compte sans papier : annoncée par courriel": "announced_by_email",
    "payée": "paid",
    "payée, selon son destinataire": "said_paid",
    "plus rien n’est demandé": "nothing_asked",
    "ce versement n’est plus demandé": "instalment_over",
    "la facture a été retirée": "bill_withdrawn",
    "n’est plus titulaire du compte": "no_longer_holder",
    "adresse suspendue : non confirmée": "address_unconfirmed",
    "le processus s’est arrêté pendant l’envoi": "sender_died",
    "de nouveau, sous le même Message-ID": "tried_again",
    "its worker died of it again and again": "worker_died",
    "l’émetteur a complété l’adresse": "address_completed",
    "comptes réunis": "accounts_joined",
    "Toutes les factures de ce flux sont refusées": "all_bills_refused",
    "Sa lecture a été interrompue plusieurs fois, et c’est notre faute": "reading_interrupted",
    "le pli n’a pas été imprimé": "letter_not_printed",
    "aucun pli n’a pu être imprimé": "nothing_printable",
    "le PDF archivé ne peut être relu : il n’a pas les feuilles qui ont été comptées": "sheets_differ",
}


def _day(text: str) -> str:
    number, month, year = text.split()
    return f"{year}-{_MONTHS.index(month) + 1:02}-{int(number.removesuffix('er')):02}"


def _numbers(text: str) -> list[str]:
    *first, last = text.rsplit(" et ", 1)
    return [*first[0].split(", "), last] if first else [last]


def _address_parts(text: str) -> list[str]:
    return [_PARTS[each] for each in text.split(", ")]


_SPELLED_DAY: Final = rf"(?P<day>(?:1er|\d\d?) (?:{'|'.join(_MONTHS)}) \d{{4}})"
_PRINTED: Final = r"(?P<{0}letters>\d+) plis?, (?P<{0}sheets>\d+) feuilles?"
_DIFFERS: Final = f"annoncé : {_PRINTED.format('announced_')} ; imprimé : {_PRINTED.format('printed_')}"
_AGAIN: Final = r", (?P<again>\d+) à refaire"
_A_PART: Final = f"(?:{'|'.join(_PARTS)})"
#: Patterns of whole sentences; a group is a blank. The first that fits is it.
_PATTERNS: Final = [
    (re.compile(pattern, re.DOTALL), code)
    for pattern, code in (
        (f"sans papier : par la poste si personne ne l’a vue le {_SPELLED_DAY}", "printed_if_unread"),
        (
            r"rappel (?P<reminder>\d+) : (?P<working_days>\d+) jours ouvrés après l’annonce, si personne ne l’a vue",
            "reminder_if_unread",
        ),
        (rf"versement (?P<instalment>\d+) : à payer au plus tard le {_SPELLED_DAY}", "instalment_due"),
        (f"vue le {_SPELLED_DAY}", "viewed"),
        (r"annulée par (?:l’avoir|les avoirs) (?P<credit_notes>.+)", "credited"),
        (r"remplacée par la facture (?P<bills>.+)", "replaced"),
        (r"le message est revenu : (?P<answer>.*)", "email_bounced"),
        (r"le message n’a pu être remis après (?P<attempts>\d+) essais : (?P<answer>.*)", "email_refused"),
        (r"le message n’a pu être remis après (?P<attempts>\d+) essais", "email_given_up"),
        (r"adresse suspendue : (?P<answer>.*)", "address_suspended"),
        (r"le pli est revenu : (?P<answer>.*)", "letter_returned"),
        (rf"adresse incomplète : il manque (?P<address_parts>{_A_PART}(?:, {_A_PART})*)", "address_incomplete"),
        (r"adresse corrigée : (?P<words>.*)", "address_mended"),
        (r"(?P<pages>\d+) pages : aucune enveloppe ne les contient", "too_many_pages"),
        (r"(?P<grams>\d+) g : trop lourd pour une lettre", "too_heavy"),
        (
            (
                r"le PDF archivé ne peut être relu : "
                r"(?P<pdfs>\d+) autres PDF de cet émetteur ont pris trop de temps dans ce lot"
            ),
            "issuer_pdfs_slow",
        ),
        (r"le PDF archivé ne peut être relu : (?P<error>.*)", "pdf_unreadable"),
        (r"le pli ne peut être composé : (?P<error>.*)", "letter_not_composed"),
        (_PRINTED.format(""), "lot_printed"),
        (_PRINTED.format("") + _AGAIN, "lot_printed_in_part"),
        (_DIFFERS, "lot_differs"),
        (_DIFFERS + _AGAIN, "lot_differs_in_part"),
        (r"réponse illisible : (?P<error>.*)", "answer_unreadable"),
        (r"Il n’a pas pu être lu, et c’est notre faute : (?P<error>.*)", "reading_failed"),
        (r"personne n’a décidé en (?P<days>\d+) jours", "nobody_decided"),
        (r"lot (?P<batch>\d+)", "in_print_batch"),
        (r"(?P<channel>portal|paper): comptes réunis", "chosen_again"),
    )
]
#: How a blank's text becomes its value; the others are counts.
_READ: Final[dict[str, Callable[[str], Any]]] = {
    "day": _day, "credit_notes": _numbers, "bills": _numbers, "address_parts": _address_parts, "answer": str,
    "words": str,     "error": str, "channel": str,
}  # fmt: skip


#: How the lines began that told why a feed was held, and the rule of each.
_DOUBTS: Final = {
    "Totaux de contrôle : ": "CONTROL-TOTALS", "Volume : ": "DRIFT-VOLUME", "Montant moyen : ": "DRIFT-AMOUNT",
    "Comptes nouveaux : ": "DRIFT-ACCOUNTS", "Refus : ": "DRIFT-REJECTS", "Factures refusées : ": "TOLERANCE-NONE",
    "Numéros de compte : ": "ACCOUNT-QUESTIONS", "Numéros de compte partagés ": "ACCOUNT-SHARED",
}  # fmt: skip


def _doubts(text: str) -> OldReason | None:
    """The rules that held a feed, a line each; None if a line is of another kind."""
    told = [[rule for start, rule in _DOUBTS.items() if line.startswith(start)] for line in text.splitlines()]
    return ("feed_doubted", {"rules": sorted({rules[0] for rules in told})}) if all(told) and told else None


def read_back(text: str) -> OldReason | None:
    """The code and values of an old sentence; None if it is none of ours."""
    if text in _FIXED:
        return _FIXED[text], {}
    for pattern, code in _PATTERNS:
        if found := pattern.fullmatch(text):
            blanks = found.groupdict()
            return code, {name: _READ.get(name, int)(value) for name, value in blanks.items()}
    return _doubts(text)


def in_own_words(text: str) -> OldReason:
    """The same, and for any other text: its words, under a code of their own."""
    return read_back(text) or ("legacy", {"words": text})


def read_back_column(
    table: sa.TableClause, text: sa.ColumnClause[str], read: Callable[[str], OldReason | None], *where: Any,
    prefix: str = "reason",
) -> None:  # fmt: skip
    """Fill in `reason_code` and `reason_values` (or what *prefix* says) of a table's rows from *text*, if *read*
    understands it. Equal texts are read once, however many rows have them: a table of what they mean is joined to the
    rows in one update."""
    mine = (text != "", *where)
    meaning = op.create_table(
        "old_reason",
        sa.Column("words", sa.String(LONGEST_TOLD_APART), primary_key=True),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("blanks", Blanks, nullable=True),
    )
    assert meaning is not None
    short = sa.func.length(text) <= LONGEST_TOLD_APART
    for words in _pages(sa.select(text).where(*mine, short).distinct()):
        told = [(each, read(each)) for (each,) in words]
        rows = [{"words": each, "code": found[0], "blanks": found[1]} for each, found in told if found]
        if rows:
            op.get_bind().execute(sa.insert(meaning), rows)
    values = {f"{prefix}_code": meaning.c.code, f"{prefix}_values": meaning.c.blanks}
    op.get_bind().execute(sa.update(table).where(*mine, short, text == meaning.c.words).values(values))
    op.drop_table("old_reason")
    _read_back_long(table, text, read, prefix, *mine, sa.not_(short))


def _read_back_long(
    table: sa.TableClause, text: sa.ColumnClause[str], read: Callable[[str], OldReason | None], prefix: str,
    *where: Any,
) -> None:  # fmt: skip
    """The same for long texts, a row at a time."""
    keys = [column for column in table.c if column.name in {"id", "delivery_id", "n"}]
    write = sa.update(table).where(*(column == sa.bindparam(f"of_{column.name}") for column in keys))
    blanks = sa.bindparam("blanks", type_=Blanks)
    write = write.values({f"{prefix}_code": sa.bindparam("code"), f"{prefix}_values": blanks})
    for page in _pages(sa.select(text, *keys).where(*where)):
        told = [(row, read(row[0])) for row in page]
        rows = [
            {"code": found[0], "blanks": found[1]} | {f"of_{column.name}": row._mapping[column] for column in keys}
            for row, found in told
            if found
        ]
        if rows:
            op.get_bind().execute(write, rows)


def _pages(query: sa.Select[Any]) -> Iterator[list[Any]]:
    """The rows some thousands at a time, all read before any is written."""
    rows = op.get_bind().execute(query).all()
    for start in range(0, len(rows), _PAGE):
        yield list(rows[start : start + _PAGE])


def reason_columns(prefix: str = "reason") -> list[sa.Column[Any]]:
    """The two columns of a reason."""
    return [
        sa.Column(f"{prefix}_code", sa.String(40), nullable=False, server_default=""),
        sa.Column(f"{prefix}_values", Blanks, nullable=True),
    ]


def reason_clauses(prefix: str = "reason") -> list[sa.ColumnClause[Any]]:
    """The same, to be named in statements."""
    return [sa.column(f"{prefix}_code", sa.String(40)), sa.column(f"{prefix}_values", Blanks), sa.column("id", RowId)]

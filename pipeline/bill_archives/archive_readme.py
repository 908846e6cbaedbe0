"""An archive's `README.txt`: what is in it, and how to check it, in words."""

from datetime import date

from bill import spell_money
from pipeline.bill_archives.archive_entry import shown
from pipeline.bill_archives.archive_summary import ArchiveSummary
from words.catalogue import say
from words.written_dates import written_date


def archive_readme(summary: ArchiveSummary, made_on: date, folder: str, language: str) -> bytes:
    """The text in UTF-8, with the line breaks of Windows, which every editor knows."""
    totals = ", ".join(spell_money(total, each, language) for each, total in sorted(summary.whole.totals.items()))
    number = say("{n} document|{n} documents", language, n=summary.whole.bills)
    paragraphs = [
        say("Vos factures : archive du {day}", language, day=written_date(made_on, language)),
        say("{bills}. Total, avoirs déduits : {totals}.", language, bills=number, totals=totals or "0"),
        say(
            "index.html : la liste, à ouvrir dans un navigateur ; aucune connexion n’est nécessaire.\n"
            "index.csv : la même, pour un tableur.\nindex.json : la même, pour un programme.\n"
            "{folder}/ : un dossier par contrat. Chaque facture y est en PDF, telle qu’elle a été archivée, et en "
            "XML (CII, et UBL quand elle a tout ce que la norme EN 16931 demande) ; ses pièces jointes sont dans un "
            "dossier à son nom.\nSHA256SUMS : l’empreinte de chaque fichier.",
            language, folder=folder,
        ),
        say(
            "Vérifier que rien n’a changé : ouvrez un terminal dans ce dossier et tapez\nsha256sum -c SHA256SUMS\n"
            "(sur un Mac : shasum -a 256 -c SHA256SUMS ; sous Windows, comparez avec : "
            "certutil -hashfile FICHIER SHA256).",
            language,
        ),
        _left_out(summary, language),
        say(
            "Cette archive n’est plus protégée par votre mot de passe : rangez-la où vous rangez vos papiers.", language
        ),
    ]  # fmt: skip
    return ("\n\n".join(each for each in paragraphs if each) + "\n").replace("\n", "\r\n").encode()


def _left_out(summary: ArchiveSummary, language: str) -> str:
    if not summary.left_out:
        return ""
    said = say("Ces fichiers n’ont pas pu être lus et manquent dans l’archive :", language)
    return "\n".join([said, *(shown(f"- {bill.issuer}, {bill.number} : {what}") for bill, what in summary.left_out)])

"""The lines of invitations on letters, each in place of the usual one above the code."""

from typing import Final

from words.printed_label import L_, printed_label

#: By the version of an invitation's words. Each fits on two lines beside the QR code.
INVITATION_LINES: Final = {
    "together-1": L_("Toutes vos factures au même endroit, gratuitement."),
    "in-time-1": L_("Un courriel à chaque facture, avant son échéance."),
}


def invitation_line(wording: str, language: str) -> str:
    """Return the line of these words in the letter's language; "" for a version that has none."""
    line = INVITATION_LINES.get(wording)
    return printed_label(line, language) if line else ""

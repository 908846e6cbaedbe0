"""States, channels and purposes in the words of people who work with them. French, with English in `english/`."""

from typing import Final

FEED: Final = {
    "received": ("reçu, à lire", "plain"),
    "reading": ("en lecture", ""),
    "released": ("en route", ""),
    "settled": ("terminé", "good"),
    "held": ("retenu", "ask"),
    "rejected": ("refusé", "bad"),
}
OUTCOME: Final = {
    "bill": ("prise", "good"),
    "duplicate": ("déjà connue", "plain"),
    "conflict": ("numéro déjà pris, autre contenu", "ask"),
    "rejected": ("refusée", "bad"),
    "waiting_parent": ("en attente de la facture d’origine", "ask"),
    "waiting": ("sans sort encore", ""),
}
OUTCOMES: Final = {
    "bill": "prises",
    "duplicate": "déjà connues",
    "conflict": "en conflit",
    "rejected": "refusées",
    "waiting_parent": "en attente",
    "waiting": "sans sort encore",
}
EVENT: Final = {
    "received": "reçu",
    "reading": "en lecture",
    "held": "retenu",
    "release decided": "libération décidée",
    "rejected": "refusé",
    "released": "libéré",
    "settled": "terminé",
}
BATCH: Final = {
    "open": ("ouvert", "plain"),
    "closed": ("fermé, à remettre", "ask"),
    "handed_over": ("remis", ""),
    "acknowledged": ("reçu par l’imprimeur", "good"),
    "disputed": ("contesté par l’imprimeur", "bad"),
}
BILL: Final = {
    "released": ("à mettre en page", "plain"),
    "rendered": ("mise en page", "plain"),
    "chosen": ("en chemin", ""),
    "failed": ("mise de côté", "bad"),
    "recalled": ("rappelée", "ask"),
    "superseded": ("remplacée", "plain"),
    "erased": ("effacée", "plain"),
}
DELIVERY: Final = {
    "waiting": ("prévu", "plain"),
    "ready": ("prêt à partir", "plain"),
    "attempting": ("en cours", ""),
    "in_doubt": ("sans réponse", "ask"),
    "sent": ("parti", ""),
    "delivered": ("arrivé", "good"),
    "failed": ("échoué", "bad"),
    "cancelled": ("annulé", "plain"),
}
PURPOSE: Final = {"present": "Dans l’espace", "notify": "Annonce", "print": "Lettre", "remind": "Rappel {n}"}
CHANNEL: Final = {"portal": "portail", "email": "courriel", "sms": "SMS", "paper": "papier"}
ATTEMPT: Final = {
    "sent": "accepté",
    "refused": "refusé",
    "later": "remis à plus tard",
    "in_doubt": "sans réponse",
}
RECEIPT: Final = {
    "viewed": "vue",
    "bounced": "revenue : l’adresse ne reçoit pas",
    "printed": "imprimée",
    "returned": "revenue : l’adresse n’est pas bonne",
    "complained": "signalée comme indésirable",
}
DOOR: Final = {"sftp": "SFTP", "api": "API", "folder": "dossier", "cli": "ligne de commande"}
SEVERITY: Final = {"fatal": ("refus", "bad"), "warning": ("à savoir", "")}

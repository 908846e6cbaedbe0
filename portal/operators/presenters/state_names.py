"""Names of states, channels, purposes and outcomes for staff. French, with English in `english/`."""

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
TASK: Final = {
    "settle": "terminer les flux",
    "sweep": "effacer ce qui ne sert plus",
    "measure": "mesurer l’adoption",
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
PURPOSE: Final = {
    "present": "Dans l’espace", "notify": "Annonce", "print": "Lettre", "remind": "Rappel {n}", "due": "Versement {n}",
}  # fmt: skip
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
#: Formats that have no name of their own.
FORMAT: Final = {
    "XML batch": "lot XML",
    "XML records": "XML de l’émetteur",
    "delimited": "table",
    "records": "enregistrements",
    "index + PDF": "index et PDF",
    "unknown": "inconnu",
}
SEVERITY: Final = {"fatal": ("refus", "bad"), "warning": ("à savoir", "")}

#: How a bill has reached its customer (`feeds.conflicts.bill_reached_customer`).
REACH: Final = {
    "seen": "Son destinataire l’a vue",
    "posted": "Elle a été postée",
    "printing": "Sa lettre est dans un lot fermé",
    "mailed": "Elle a été annoncée par courriel",
    "presented": "Elle est dans l’espace de son destinataire",
}
#: What a decision on a conflict did, and why one could not be.
DECIDED: Final = {
    "keep": "La première facture est gardée : le nouveau contenu est refusé.",
    "replace": "La nouvelle facture prend le numéro : elle est mise en page et envoyée.",
}
NOT_DECIDED: Final = {
    "late": "Quelqu’un a décidé avant vous.",
    "reached": "La première facture est arrivée chez son client entre-temps : elle ne se remplace plus.",
    "busy": "La facture est en préparation : recommencez dans un instant.",
}
DECIDED_MANY: Final = {
    "keep": "{count} première facture gardée.|{count} premières factures gardées.",
    "replace": "{count} facture remplacée.|{count} factures remplacées.",
    "late": "{count} conflit était déjà réglé.|{count} conflits étaient déjà réglés.",
    "reached": "{count} facture est déjà chez son client : elle ne se remplace pas."
    "|{count} factures sont déjà chez leurs clients : elles ne se remplacent pas.",
    "busy": "{count} facture est en préparation : recommencez dans un instant."
    "|{count} factures sont en préparation : recommencez dans un instant.",
    "both_in_feed": "{count} numéro vient deux fois dans ce flux : décidez-le à part."
    "|{count} numéros viennent deux fois dans ce flux : décidez-les à part.",
}
LETTERS_DECIDED: Final = {
    "imprimer": "{count} lettre part avec le prochain lot.|{count} lettres partent avec le prochain lot.",
    "annuler": "{count} lettre ne sera plus envoyée.|{count} lettres ne seront plus envoyées.",
}
ACCOUNT_QUESTION: Final = {
    "open": ("attend une décision", "ask"),
    "same": ("le même titulaire : comptes réunis", "good"),
    "other": ("quelqu’un d’autre : comptes séparés", "good"),
    "new_holder": ("nouveau titulaire : le numéro lui est passé", "good"),
}
ACCOUNT_DECIDED: Final = {
    "same": "{count} compte est réuni à l’autre.|{count} comptes sont réunis aux autres.",
    "other": "{count} compte reste à part.|{count} comptes restent à part.",
    "new_holder": "{count} numéro passe à son nouveau titulaire.|{count} numéros passent à leurs nouveaux titulaires.",
}
ACCOUNT_UNDECIDED: Final = {
    "known": "{count} compte était déjà décidé ainsi.|{count} comptes étaient déjà décidés ainsi.",
    "late": "Pour {count} compte, quelqu’un a décidé autrement avant vous."
    "|Pour {count} comptes, quelqu’un a décidé autrement avant vous.",
}
CONFLICT: Final = {
    "kept": ("la première est gardée", "good"),
    "replaced": ("la nouvelle l’a remplacée", "good"),
    "known": ("la même facture à présent", "plain"),
    "open": ("attend une décision", "ask"),
}

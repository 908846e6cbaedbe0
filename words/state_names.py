"""Names of states, channels, purposes and outcomes, for staff and the command line. French, with English in the
catalogue. A pair is a name and the tone that a page shows it in."""

from typing import Final

from words.catalogue import N_

FEED: Final = {
    "received": (N_("reçu, à lire"), "plain"),
    "reading": (N_("en lecture"), ""),
    "released": (N_("en route"), ""),
    "settled": (N_("terminé"), "good"),
    "held": (N_("retenu"), "ask"),
    "rejected": (N_("refusé"), "bad"),
}
OUTCOME: Final = {
    "bill": (N_("prise"), "good"),
    "duplicate": (N_("déjà connue"), "plain"),
    "conflict": (N_("numéro déjà pris, autre contenu"), "ask"),
    "rejected": (N_("refusée"), "bad"),
    "waiting_parent": (N_("en attente de la facture d’origine"), "ask"),
    "taken": (N_("reprise"), "good"),
    "known": (N_("déjà connue"), "plain"),
    "created": (N_("compte ouvert"), "good"),
    "changed": (N_("modifié"), "good"),
    "unchanged": (N_("sans changement"), "plain"),
    "older": (N_("plus ancien que ce qui est connu"), "ask"),
    "waiting": (N_("sans sort encore"), ""),
}
OUTCOMES: Final = {
    "bill": N_("prises"),
    "duplicate": N_("déjà connues"),
    "conflict": N_("en conflit"),
    "rejected": N_("refusées"),
    "waiting_parent": N_("en attente"),
    "taken": N_("reprises"),
    "known": N_("déjà connues"),
    "created": N_("comptes ouverts"),
    "changed": N_("modifiés"),
    "unchanged": N_("sans changement"),
    "older": N_("plus anciens"),
    "waiting": N_("sans sort encore"),
}
CONTENT: Final = {"bills": N_("factures"), "payments": N_("paiements"), "customers": N_("clients")}
EVENT: Final = {
    "received": N_("reçu"),
    "reading": N_("en lecture"),
    "held": N_("retenu"),
    "release decided": N_("libération décidée"),
    "rejected": N_("refusé"),
    "released": N_("libéré"),
    "settled": N_("terminé"),
}
#: What proves that somebody is an heir (`store.heirs.heir`).
HEIR_DOCUMENT: Final = {
    "notary": N_("acte de notoriété"),
    "town": N_("certificat d’hérédité"),
    "attestation": N_("attestation signée des héritiers"),
    "judgment": N_("décision de justice"),
    "other": N_("autre document"),
}
BATCH: Final = {
    "open": (N_("ouvert"), "plain"),
    "closed": (N_("fermé, à remettre"), "ask"),
    "handed_over": (N_("remis"), ""),
    "acknowledged": (N_("reçu par l’imprimeur"), "good"),
    "disputed": (N_("contesté par l’imprimeur"), "bad"),
}
TASK: Final = {
    "follow_moves": N_("suivre les déménagements"),
    "households": N_("réunir les foyers"),
    "mandates": N_("mettre fin aux mandats"),
    "suitability": N_("vérifier que le sans papier convient"),
    "default_notices": N_("annoncer le sans papier"),
    "settle": N_("terminer les flux"),
    "sweep": N_("effacer ce qui ne sert plus"),
    "invite": N_("inviter les foyers"),
    "forward_bills": N_("envoyer ailleurs les nouvelles factures"),
    "print_answers": N_("chercher les réponses des imprimeurs"),
    "measure": N_("mesurer l’adoption"),
    "forecast": N_("prévoir l’adoption"),
    "lost_factors": N_("retirer les seconds facteurs perdus"),
    "erase_people": N_("effacer qui est parti"),
    "access_grants": N_("mettre fin aux accès partagés"),
}
#: A worker, by `store.db.heartbeat`.
WORKER: Final = {
    "serving": (N_("au travail"), "good"),
    "silent": (N_("muet"), "bad"),
    "stopped": (N_("arrêté"), "plain"),
}
#: What a worker holds, by the name of the table (`audit.workers_at_work`).
HELD: Final = {
    "feed": N_("{count} flux|{count} flux"),
    "chunk": N_("{count} paquet de factures|{count} paquets de factures"),
    "errand": N_("{count} travail demandé|{count} travaux demandés"),
    "delivery": N_("{count} envoi|{count} envois"),
    "print_batch": N_("{count} lot|{count} lots"),
    "webhook_delivery": N_("{count} événement|{count} événements"),
    "periodic_task": N_("{count} tâche régulière|{count} tâches régulières"),
}
#: What waits for something outside, by `audit.outages`.
OUTAGE: Final = {
    "feed": N_("La lecture de {count} flux attend|La lecture de {count} flux attend"),
    "chunk": N_("La mise en page d’un paquet de factures attend|La mise en page de {count} paquets de factures attend"),
    "print_batch": N_("Un imprimeur ne prend pas son lot|Des imprimeurs ne prennent pas {count} lots"),
    "errand": N_("Un travail demandé attend|{count} travaux demandés attendent"),
    "email": N_("Des courriels attendent"),
    "sms": N_("Des SMS attendent"),
    "push": N_("Des notifications attendent"),
}
#: What the portal asks the pipeline for; any other kind is an e-mail.
JOB: Final = {
    "rehearse": N_("essai d’une relecture"),
    "preview": N_("aperçu de l’allure des factures"),
    "page_pictures": N_("images des pages d’une facture"),
    "read_document": N_("lecture d’un document apporté"),
    "bill_archive": N_("archive de factures"),
    "inspect_sample": N_("lecture d’un exemple de fichier"),
    "try_profile": N_("essai d’un profil"),
    "reset_test_side": N_("remise à zéro d’un espace d’essai"),
    "forward_bill": N_("envoi d’une facture à une autre adresse"),
    "phone_code": N_("code par SMS"),
}
ANY_MAIL: Final = N_("courriel")
JOB_STATE: Final = {
    "todo": (N_("à faire"), "plain"),
    "done": (N_("fait"), "good"),
    "failed": (N_("en échec"), "bad"),
}
BILL: Final = {
    "released": (N_("à mettre en page"), "plain"),
    "rendered": (N_("mise en page"), "plain"),
    "chosen": (N_("en chemin"), ""),
    "failed": (N_("mise de côté"), "bad"),
    "recalled": (N_("rappelée"), "ask"),
    "superseded": (N_("remplacée"), "plain"),
    "erased": (N_("effacée"), "plain"),
}
DELIVERY: Final = {
    "waiting": (N_("à venir"), "plain"),
    "ready": (N_("à envoyer"), "plain"),
    "attempting": (N_("en cours"), ""),
    "in_doubt": (N_("sans réponse"), "ask"),
    "sent": (N_("en route"), ""),
    "delivered": (N_("à destination"), "good"),
    "failed": (N_("en échec"), "bad"),
    "cancelled": (N_("sans suite"), "plain"),
}
PURPOSE: Final = {
    "present": N_("Dans l’espace"),
    "notify": N_("Annonce"),
    "print": N_("Lettre"),
    "remind": N_("Rappel {n}"),
    "due": N_("Versement {n}"),
    "again": N_("Nouvel envoi {n}"),
}
CHANNEL: Final = {
    "portal": N_("portail"),
    "email": N_("courriel"),
    "sms": N_("SMS"),
    "push": N_("notification"),
    "paper": N_("papier"),
}
ATTEMPT: Final = {
    "sent": N_("accepté"),
    "refused": N_("refusé"),
    "later": N_("remis à plus tard"),
    "in_doubt": N_("sans réponse"),
}
RECEIPT: Final = {
    "viewed": N_("vue"),
    "bounced": N_("revenue : l’adresse ne reçoit pas"),
    "printed": N_("imprimée"),
    "returned": N_("revenue : l’adresse n’est pas bonne"),
    "complained": N_("signalée comme indésirable"),
    "undelivered": N_("revenue : non remise, l’adresse reste bonne"),
    "delayed": N_("retardée : le serveur essaie encore"),
    "delivered": N_("remise"),
    "auto_reply": N_("réponse automatique"),
}
#: What a message says that came back of an e-mail (`delivery.feedback.bounces.mail_feedback`).
MAIL_FEEDBACK: Final = {
    "gone": N_("adresse qui n’existe plus"),
    "full": N_("boîte pleine"),
    "refused": N_("courriel refusé"),
    "expired": N_("relais qui a renoncé"),
    "delayed": N_("courriel retardé"),
    "delivered": N_("courriel remis"),
    "complaint": N_("plainte"),
    "auto_reply": N_("réponse automatique"),
    "challenge": N_("expéditeur à confirmer"),
    "unclear": N_("message"),
}
#: What was done with such a message, where it changed nothing (`store.heard_mail`).
HEARD: Final = {
    "unsigned": N_("sans adresse de retour signée"),
    "foreign": N_("d’un autre courriel"),
    "late": N_("venu trop tard"),
    "for_person": N_("à lire"),
}
#: What a person decided after a death (`store.accounts.bereavement_decision`).
BEREAVEMENT: Final = {
    "estate": N_("ses factures vont à qui règle la succession"),
    "held": N_("ses factures restent retenues"),
    "alive": N_("l’émetteur s’est trompé"),
}
#: Why the post brings a letter back (`store.accounts.return_reason`), as its label has it.
RETURN_REASON: Final = {
    "unknown": N_("Destinataire inconnu à l’adresse"),
    "moved": N_("N’habite plus à l’adresse"),
    "insufficient": N_("Défaut d’accès ou d’adressage"),
    "refused": N_("Pli refusé par le destinataire"),
    "unclaimed": N_("Pli avisé et non réclamé"),
    "deceased": N_("Destinataire décédé"),
    "other": N_("Motif non précisé"),
}
#: What became of a piece of returned mail (`delivery.feedback.returns`), and of a letter found by hand.
PIECE_OUTCOME: Final = {
    "recorded": (N_("Revenue : {told}."), "good"),
    "known": (N_("Déjà enregistrée : {told}."), "ask"),
    "not_posted": (N_("Cette lettre n’est pas partie : {told}."), "bad"),
    "unknown": (N_("Aucune lettre ne correspond : {told}."), "bad"),
    "no_reason": (N_("Motif inconnu : {told}."), "bad"),
}
LETTER_RETURNED: Final = {
    "recorded": (N_("La lettre est enregistrée comme revenue."), "good"),
    "known": (N_("Cette lettre était déjà enregistrée comme revenue."), "ask"),
    "not_posted": (N_("Cette lettre n’est pas partie."), "bad"),
}
DOOR: Final = {
    "sftp": N_("SFTP"),
    "api": N_("API"),
    "console": N_("console"),
    "folder": N_("dossier"),
    "cli": N_("ligne de commande"),
}
#: Formats that have no name of their own.
FORMAT: Final = {
    "XML batch": N_("lot XML"),
    "XML records": N_("XML de l’émetteur"),
    "delimited": N_("table"),
    "records": N_("enregistrements"),
    "index + PDF": N_("index et PDF"),
    "unknown": N_("inconnu"),
}
SEVERITY: Final = {"fatal": (N_("refus"), "bad"), "warning": (N_("à savoir"), "")}

#: How a bill has reached its customer (`feeds.conflicts.bill_reached_customer`).
REACH: Final = {
    "seen": N_("Son destinataire l’a vue"),
    "posted": N_("Elle a été postée"),
    "printing": N_("Sa lettre est dans un lot fermé"),
    "mailed": N_("Elle a été annoncée par courriel"),
    "presented": N_("Elle est dans l’espace de son destinataire"),
}
#: What a decision on a conflict did, and why one could not be.
DECIDED: Final = {
    "keep": N_("La première facture est gardée : le nouveau contenu est refusé."),
    "replace": N_("La nouvelle facture prend le numéro : elle est mise en page et envoyée."),
}
NOT_DECIDED: Final = {
    "late": N_("Quelqu’un a décidé avant vous."),
    "reached": N_("La première facture est arrivée chez son client entre-temps : elle ne se remplace plus."),
    "busy": N_("La facture est en préparation : recommencez dans un instant."),
}
DECIDED_MANY: Final = {
    "keep": N_("{count} première facture gardée.|{count} premières factures gardées."),
    "replace": N_("{count} facture remplacée.|{count} factures remplacées."),
    "late": N_("{count} conflit était déjà réglé.|{count} conflits étaient déjà réglés."),
    "reached": N_(
        "{count} facture est déjà chez son client : elle ne se remplace pas."
        "|{count} factures sont déjà chez leurs clients : elles ne se remplacent pas."
    ),
    "busy": N_(
        "{count} facture est en préparation : recommencez dans un instant."
        "|{count} factures sont en préparation : recommencez dans un instant."
    ),
    "both_in_feed": N_(
        "{count} numéro vient deux fois dans ce flux : décidez-le à part."
        "|{count} numéros viennent deux fois dans ce flux : décidez-les à part."
    ),
}
LETTERS_DECIDED: Final = {
    "imprimer": N_("{count} lettre part avec le prochain lot.|{count} lettres partent avec le prochain lot."),
    "annuler": N_("{count} lettre ne sera plus envoyée.|{count} lettres ne seront plus envoyées."),
}
ACCOUNT_QUESTION: Final = {
    "open": (N_("attend une décision"), "ask"),
    "same": (N_("le même titulaire : comptes réunis"), "good"),
    "other": (N_("quelqu’un d’autre : comptes séparés"), "good"),
    "new_holder": (N_("nouveau titulaire : le numéro lui est passé"), "good"),
}
ACCOUNT_DECIDED: Final = {
    "same": N_("{count} compte est réuni à l’autre.|{count} comptes sont réunis aux autres."),
    "other": N_("{count} compte reste à part.|{count} comptes restent à part."),
    "new_holder": N_(
        "{count} numéro passe à son nouveau titulaire.|{count} numéros passent à leurs nouveaux titulaires."
    ),
}
ACCOUNT_UNDECIDED: Final = {
    "known": N_("{count} compte était déjà décidé ainsi.|{count} comptes étaient déjà décidés ainsi."),
    "late": N_(
        "Pour {count} compte, quelqu’un a décidé autrement avant vous."
        "|Pour {count} comptes, quelqu’un a décidé autrement avant vous."
    ),
}
CONFLICT: Final = {
    "kept": (N_("la première est gardée"), "good"),
    "replaced": (N_("la nouvelle l’a remplacée"), "good"),
    "known": (N_("la même facture à présent"), "plain"),
    "open": (N_("attend une décision"), "ask"),
}
#: The relationships of an account (`delivery.relationship.relationship_state`).
RELATIONSHIP: Final = {
    "PAPER": (N_("sur papier"), "plain"),
    "INVITED": (N_("sur papier, invité"), "plain"),
    "CLAIM_STARTED": (N_("ajout commencé"), "plain"),
    "LINKED_DUAL": (N_("suivi, sur papier"), ""),
    "DIGITAL_TRIAL": (N_("sans papier, à l’essai"), ""),
    "DIGITAL": (N_("sans papier"), "good"),
    "AT_RISK": (N_("sans papier, mais non lu"), "ask"),
    "PAPER_BY_CHOICE": (N_("papier choisi"), "plain"),
    "EXEMPT": (N_("papier de droit"), "plain"),
    "MOVED": (N_("adresse à trouver"), "ask"),
    "DECEASED_HOLD": (N_("décès"), "ask"),
    "CLOSED": (N_("clos"), "plain"),
}

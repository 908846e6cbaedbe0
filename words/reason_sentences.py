"""The sentences of all reasons by code, in French; the catalogue has the other languages.

A blank (`{day}`) is filled in by `words.reason_text`; the last word of its name says how it is spelled. A code and the
names of its blanks are in rows for years: a new meaning takes a new code. A value whose name ends in `_id` is a row's
number, and is never spelled.
"""

from typing import Final

from words.catalogue import N_

#: Why a bill goes to somebody by this channel at this time (`delivery.choosing`, `delivery.reminders`).
_CHOSEN: Final = {
    "account_in_question": N_("son numéro de compte est aussi celui d’une autre personne : l’émetteur décide"),
    "account_unclaimed": N_("personne n’a encore réclamé ce compte"),
    "paper_by_right": N_("le client a droit au papier, selon l’émetteur"),
    "holder_died": N_("le client est décédé, selon l’émetteur : une personne décide où va la lettre"),
    "letter_to_estate": N_("le client est décédé : ses factures vont à qui règle sa succession"),
    "kept_after_death": N_("le client est décédé, une personne garde ses factures : {words}"),
    "bills_kept_after_death": N_("le client est décédé, une personne garde ses factures"),
    "letters_held": N_("une personne retient les lettres de ce contrat : {words}"),
    "letters_let_go": N_("les lettres de ce contrat ne sont plus retenues"),
    "death_taken_back": N_("le client n’est pas décédé"),
    "paper_after_withdrawal": N_("le client a demandé de nouveau du papier"),
    "paper_kept": N_("le compte est suivi en ligne, ses factures restent sur papier"),
    "no_holder_by_email": N_("sans papier, mais aucun de ses titulaires ne peut recevoir de courriel"),
    "too_late_to_wait": N_("sans papier, mais il est trop tard pour attendre une lecture"),
    "too_late_for_risk": N_("sans papier, mais ses factures risquent de ne pas être lues et le temps manque"),
    "printed_if_unread": N_("sans papier : par la poste si personne ne l’a vue le {day}"),
    "suitability_check": N_(
        "les factures sans papier conviennent-elles toujours ? Réponse au plus tard le {day} ({article})"
    ),
    "suitability_unanswered": N_("la question annuelle est restée sans réponse"),
    "shown_to_holder": N_("titulaire du compte : la facture est dans son espace"),
    "announced_by_email": N_("compte sans papier : annoncée par courriel"),
    "announced_by_sms": N_("compte sans papier : annoncée par SMS"),
    "announced_by_push": N_("compte sans papier : annoncée par notification"),
    "too_soon_for_digest": N_("compte sans papier : annoncée par courriel, sans attendre le courriel groupé"),
    "announced_in_digest": N_("compte sans papier : annoncée dans le courriel groupé du {day}"),
    "reminder_if_unread": N_("rappel {reminder} : {working_days} après l’annonce, si personne ne l’a vue"),
    "instalment_due": N_("versement {instalment} : à payer au plus tard le {day}"),
    "chosen": "{channel}",
    "chosen_again": N_("comptes réunis : {channel}"),
}

#: Signs that an account's bills may stay unread (`delivery.choosing.risk_score`).
_RISK: Final = {
    "risk_unread_in_row": N_("{bills_unread} de suite sans lecture"),
    "risk_never_read": N_("aucune lecture en ligne sur {bills_shown}"),
    "risk_not_read_lately": N_("dernière lecture il y a {days}"),
    "risk_bounced": N_("{messages} en retour"),
    "risk_one_channel": N_("un seul moyen d’écrire à ses titulaires"),
    "risk_new": N_("sans papier depuis {days}"),
    "risk_trial": N_("le papier vient de s’arrêter"),
}

#: What a forecast of adoption assumes, and why there is none (`adoption.forecast.assumptions`).
_FORECAST: Final = {
    "forecast_bass": N_(
        "diffusion de Bass : chaque mois, {alone_share} de ceux qui peuvent encore changer le font d’eux-mêmes, "
        "jusqu’à {others_share} parce que d’autres l’ont fait ; au plus près du passé, elle plafonne à {most_share} "
        "des contrats, et chaque histoire de la bande à sa propre hauteur"
    ),
    "forecast_share": N_(
        "la part est celle de tous les contrats actifs, comme sur la courbe et dans le plan, et compte ceux à qui "
        "personne ne peut proposer autre chose que le papier"
    ),
    "forecast_from": N_("d’après {months}, de {first_month} à {last_month}, chacun selon le nombre de ses contrats"),
    "forecast_band": N_("la bande contient {inside_share} de {histories} suites, tirées des écarts du passé"),
    "forecast_same": N_("rien d’autre ne change : mêmes contrats, mêmes invitations, pas de nouveau préavis"),
    "forecast_tested": N_(
        "à l’épreuve : d’après les {months} du début, elle manquait les suivants de {error_share} des contrats "
        "en moyenne"
    ),
    "forecast_untested": N_("sans épreuve : il faudrait deux fois plus de mois, ou plus de croissance au début"),
    "forecast_too_few_months": N_("pas encore de prévision : {months} terminés avec des contrats, il en faut {least}"),
    "forecast_no_growth": N_("pas de prévision : la part sans papier n’a pas grandi, de {first_share} à {last_share}"),
    "forecast_not_made": N_("pas encore de prévision : elle se fait dans l’heure"),
}

#: Why a delivery is needed no more.
_OVER: Final = {
    "viewed": N_("vue le {day}"),
    "credited": N_("annulée par {credit_notes}"),
    "replaced": N_("remplacée par {bills}"),
    "paid": N_("payée"),
    "said_paid": N_("payée, selon son destinataire"),
    "nothing_asked": N_("plus rien n’est demandé"),
    "reminders_enough": N_("déjà {reminders} à ce foyer en {days} : la lettre suivra si personne ne l’a vue"),
    "collected_by_debit": N_("prélevée par l’émetteur : il n’y a rien à faire"),
    "trifle_left": N_("il en reste trop peu pour un rappel"),
    "instalment_over": N_("ce versement n’est plus demandé"),
    "posted_meanwhile": N_("la facture est partie par la poste"),
    "plan_granted": N_("l’émetteur a accordé un paiement en plusieurs fois"),
    "bill_withdrawn": N_("la facture a été retirée"),
    "bill_recalled": N_("la facture a été rappelée par son émetteur : {words}"),
    "sent_again": N_("quelqu’un l’envoie à nouveau : {words}"),
    "again_not_sent": N_("elle n’a pas encore été envoyée une première fois, ou n’est plus présentée"),
    "again_letter_under_way": N_("sa lettre part avec le prochain lot, ou s’imprime"),
    "again_letter_held": N_("sa lettre est retenue : réparez ce qui l’arrête, puis imprimez-la"),
    "again_enough": N_("elle a déjà été envoyée à nouveau par ce chemin autant de fois que possible"),
}

#: What became of an e-mail.
_EMAIL: Final = {
    "email_bounced": N_("le message est revenu : {answer}"),
    "email_unwanted": N_("cette personne a signalé un de nos courriels comme indésirable"),
    "email_given_up": N_("le message n’a pu être remis après {attempts}"),
    "email_refused": N_("le message n’a pu être remis après {attempts} : {answer}"),
    "no_longer_holder": N_("n’est plus titulaire du compte"),
    "address_suspended": N_("adresse suspendue : {answer}"),
    "no_channel_chosen": N_("cette personne a choisi de ne pas recevoir de courriel pour ce compte"),
    "no_channel_works": N_("aucun des moyens que cette personne a choisis ne l’atteint plus"),
    "address_unconfirmed": N_("adresse suspendue : non confirmée"),
    "no_device": N_("aucun de ses appareils ne reçoit plus de notifications"),
    "digest_left": N_("n’attend plus le courriel groupé : la personne a changé son choix"),
    "notices_chosen": N_("choix de ses courriels"),
    "sender_died": N_("le processus s’est arrêté pendant l’envoi"),
    "tried_again": N_("de nouveau, sous le même Message-ID"),
}

#: What became of an SMS.
_SMS: Final = {
    "sms_undelivered": N_("le SMS n’a pas pu être remis : {answer}"),
    "sms_not_offered": N_("aucun SMS ne part d’ici"),
    "phone_unconfirmed": N_("aucun numéro de téléphone confirmé"),
    "phone_suspended": N_("numéro suspendu : {answer}"),
    "sms_moot": N_("sans objet : le code n’est plus valable, ou le numéro a été retiré"),
    "sms_not_taken": N_("SMS refusé : {answer}"),
    "sms_later": N_("SMS pas encore remis : {answer}"),
}

#: What became of a letter.
_LETTER: Final = {
    "letter_returned": N_("le pli est revenu : {answer}"),
    "letter_came_back": N_("le pli est revenu : {return_reason}"),
    "address_suppressed": N_("un pli est revenu de cette adresse le {day} ({return_reason}) : une autre est attendue"),
    "returns_read": N_("fichier {digest} : {letters} de retour, {other_letters} sans effet"),
    "another_address_known": N_("une autre adresse est connue"),
    "letter_not_printed": N_("le pli n’a pas été imprimé"),
    "address_incomplete": N_("adresse incomplète : il manque {address_parts}"),
    "address_mended": N_("adresse corrigée : {words}"),
    "address_completed": N_("l’émetteur a complété l’adresse"),
    "too_many_pages": N_("{pages} : aucune enveloppe ne les contient"),
    "too_heavy": N_("{grams} g : trop lourd pour une lettre"),
    "sheets_differ": N_("le pli n’a pas les feuilles qui ont été comptées"),
    "pages_not_drawn": N_("les pages du PDF ne peuvent être montrées en images : {error}"),
    "pdf_unreadable": N_("le PDF archivé ne peut être relu : {error}"),
    "issuer_pdfs_slow": N_("trop de temps passé dans ce lot à {pdfs} de cet émetteur"),
    "letter_not_composed": N_("le pli ne peut être composé : {error}"),
    "in_print_batch": N_("lot {batch}"),
}

#: Why a feed is held or rejected, and what became of what waits for a person.
_FEED: Final = {
    "feed_doubted": N_("à décider : {rules}"),
    "feed_cancelled": N_("retiré avant sa sortie : {words}"),
    "file_refused": N_("{rule} : {message}"),
    "all_bills_refused": N_("Toutes les factures de ce flux sont refusées"),
    "all_entries_refused": N_("Tout ce que ce flux contient est refusé"),
    "reading_interrupted": N_("Sa lecture a été interrompue plusieurs fois, et c’est notre faute"),
    "reading_failed": N_("Il n’a pas pu être lu, et c’est notre faute : {error}"),
    "nobody_decided": N_("personne n’a décidé en {days}"),
    "accounts_joined": N_("comptes réunis"),
}

#: Why a bill was set apart.
_BILL: Final = {
    "bill_failed": N_("elle n’a pu être traitée : {error}"),
    "worker_died": N_("son traitement s’est arrêté net, à plusieurs reprises"),
}

#: Why a document that a person brought in is no bill of theirs, or one that they have already.
_DOCUMENT: Final = {
    "document_kind": N_("ce n’est ni un PDF ni une facture électronique (Factur-X, UBL ou CII)"),
    "document_encrypted": N_("ce PDF est protégé par un mot de passe : enregistrez-le sans mot de passe"),
    "document_active": N_("ce PDF contient un script ou un fichier dont une facture n’a pas besoin"),
    "document_broken": N_("ce PDF est endommagé et ne peut être ouvert"),
    "document_slow": N_("ce PDF demande trop de temps ou de mémoire pour être ouvert"),
    "document_several": N_("ce fichier contient plusieurs factures : ajoutez-les une à une"),
    "document_without_bill": N_("ce fichier ne contient aucune facture"),
    "document_without_issuer": N_("cette facture électronique ne nomme pas son émetteur"),
    "document_unusable": N_("cette facture électronique est incomplète ou ses montants se contredisent ({rule})"),
    "document_number_used": N_("vous avez déjà ajouté une autre facture {bill} de cet émetteur"),
    "document_delivered": N_("l’émetteur vous a déjà remis cette facture"),
    "document_twice": N_("vous avez déjà ajouté cette facture"),
}

#: What the print house answered to a batch.
_BATCH: Final = {
    "lot_printed": N_("{letters}, {sheets}"),
    "lot_printed_in_part": N_("{letters}, {sheets}, {again} à refaire"),
    "lot_differs": N_(
        "annoncé : {announced_letters}, {announced_sheets} ; imprimé : {printed_letters}, {printed_sheets}"
    ),
    "lot_differs_in_part": N_(
        "annoncé : {announced_letters}, {announced_sheets} ; imprimé : {printed_letters}, {printed_sheets}, "
        "{again} à refaire"
    ),
    "lot_answered_otherwise": N_(
        "répondu deux fois : {first_letters}, {first_sheets}, puis {printed_letters}, {printed_sheets}"
    ),
    "lot_answered_alike": N_(
        "répondu deux fois, par deux fichiers, comme si le lot avait été imprimé deux fois : {printed_letters}, "
        "{printed_sheets}"
    ),
    "answer_of_no_lot": N_("une réponse de l’imprimeur ne correspond à aucun lot : {file}"),
    "answer_unreadable": N_("réponse illisible : {error}"),
    "nothing_printable": N_("aucun pli n’a pu être imprimé"),
}

#: What became of a background job: an e-mail that somebody asked for, a preview, a rehearsal.
_JOB: Final = {
    "email_moot": N_("sans objet : la personne n’est plus là, ou la demande est inconnue"),
    "email_not_taken": N_("refusé : {answer}"),
    "email_later": N_("pas encore remis : {answer}"),
    "job_failed": N_("n’a pas abouti : {error}"),
    "job_waits": N_("attend ce qui manque au-dehors : {error}"),
    "sample_deleted": N_("l’exemple a été effacé"),
    "preview_forgotten": N_("un aperçu plus récent l’a remplacé"),
}

#: Why a brand cannot be drawn (`render.style.page_colours.BrandError`).
_BRAND: Final = {
    "brand_colour_unknown": N_("couleur {colour} : écrivez-la #rrggbb, par exemple #1f4e5a"),
    "brand_colour_light": N_(
        "couleur {colour} : son contraste sur le blanc est {contrast}, il en faut {least} ; prenez-en une plus foncée"
    ),
    "brand_language": N_("langue {language} : choisissez parmi {choices}"),
    "brand_typeface": N_("caractère {typeface} : choisissez parmi {choices}"),
    "brand_logo_format": N_("logo : ni une image PNG ni une image JPEG"),
    "brand_logo_broken": N_("logo : l’image est abîmée ou trop grande ({error})"),
    "brand_logo_large": N_("logo : {size} pixels sont trop, {enough} suffisent"),
}

#: What is wrong with an archived PDF or attachment (`audit.archived_pdf_check`).
_ARCHIVE: Final = {
    "pdf_not_made": N_("la facture {bill} n’a pas encore de PDF"),
    "pdf_changed": N_("le PDF de la facture {bill} n’est pas celui qui a été archivé"),
    "segment_changed": N_("le segment où se trouve la facture {bill} n’est pas ce qui a été écrit"),
    "template_changed": N_("le début des PDF du modèle {template} n’est pas ce qui a été gardé"),
    "attachment_missing": N_("la pièce jointe {attachment} de la facture {bill} manque"),
    "blob_missing": N_("le fichier {blob} manque"),
    "blob_changed": N_("le fichier {blob} rend d’autres octets que ceux qui y ont été mis"),
    "not_decrypted": N_("chiffré avec une autre clé, ou changé depuis"),
    "root_not_configured": N_("chiffré avec la racine {root}, qui n’est pas configurée"),
}

#: What an event says beside its name.
_EVENT: Final = {
    "reading": N_("lecture {reading}"),
    "code_of_letter": N_("par le code d’une lettre"),
    "known_email": N_("par une adresse de courriel que l’émetteur connaît"),
    "known_phone": N_("par un téléphone que l’émetteur connaît"),
    "welcomed": N_("accueilli par un titulaire"),
    "grant_unanswered": N_("personne n’a répondu à l’invitation"),
    "grant_over": N_("son dernier jour est passé"),
    "grant_without_contracts": N_("il n’y a plus de contrat à lire"),
    "other_holder": N_("d’un autre titulaire"),
    "joined_with": "{words}",
    "split_from": N_("du compte {account}"),
    "brand_changed": "{brand_keys}",
    "sftp_revoked": "{access_kinds}",
    "password_forgotten": N_("mot de passe oublié"),
    "replayed_one": N_("un événement"),
    "replayed_from": N_("les événements {first} à {last}"),
    "replayed_failed": N_("ce qui a échoué"),
}

#: Why a direct debit mandate ended by itself (`consumers.mandate_endings`).
_MANDATE: Final = {
    "mandate_holder_died": N_("le titulaire du contrat est décédé"),
    "mandate_number_passed_on": N_("le contrat n’a plus ce numéro"),
    "mandate_signer_left": N_("la personne qui l’a signé ne suit plus le contrat"),
    "mandate_account_closed": N_("le contrat est résilié"),
    "mandate_unused": N_("rien n’a été prélevé depuis 36 mois"),
}

#: What somebody wrote, and what stood in a row before reasons had codes.
_WRITTEN: Final = {"words": "{words}", "legacy": "{words}"}

#: Why we disabled a webhook endpoint (`webhooks.disable_failing_endpoints`).
_ENDPOINT: Final = {
    "endpoint_gone": N_("il a répondu 410 : il n’existe plus"),
    "endpoint_dead": N_("il n’a rien accepté pendant {days}"),
}

#: Why an account's relationship is what it is (`delivery.relationship.relationship_state`).
_RELATIONSHIP: Final = {
    "contract_over": N_("le contrat a pris fin le {day}, selon l’émetteur"),
    "number_passed_on": N_("son numéro est celui d’une autre personne depuis"),
    "address_unknown": N_("un pli est revenu le {day}, et aucune autre adresse n’est connue"),
    "paper_chosen": N_("le papier a été demandé le {day} : personne n’y invite au sans papier avant le {until_day}"),
    "claim_started": N_("quelqu’un a commencé à l’ajouter à son espace le {day}"),
    "invited": N_("une lettre du {day} porte le code qui l’ouvre"),
    "invited_by_message": N_("un message du {day} l’invite à le suivre en ligne"),
    "paperless_on_trial": N_("sans papier depuis le {day}, à l’essai jusqu’à deux factures lues à temps"),
    "paperless_by_default": N_(
        "sans papier d’office depuis le {day}, après préavis, à l’essai jusqu’à deux factures lues à temps"
    ),
    "bills_read": N_("sans papier depuis le {day}, ses factures sont lues à temps"),
    "bills_unread": N_("deux factures de suite n’ont pas été lues à temps, la seconde le {day}"),
}

#: Why a campaign invites an account, or does not (`adoption.campaigns`).
_INVITATION: Final = {
    "invitation_any_day": N_("de la cible de la campagne, choisi le {day}"),
    "invitation_contract": N_("contrat ouvert : première facture le {day}"),
    "invitation_first_paper": N_("première lettre partie le {day}"),
    "invitation_payment": N_("paiement du {day}"),
    "invitation_yearly": N_("anniversaire du contrat le {day}"),
    "invitation_held_out": N_("du dixième des foyers que personne n’invite, pour savoir ce qu’inviter apporte"),
    "invitation_stopped": N_("ne veut plus d’invitation"),
    "invitation_no_contact": N_("aucune adresse que l’émetteur puisse utiliser"),
    "invitation_contact_failed": N_("les messages à son adresse reviennent"),
    "invitation_cap": N_("son foyer a été invité il y a peu : pas avant le {day}"),
    "invitation_not_needed": N_("quand l’invitation allait partir, ce compte n’était plus à inviter"),
    "invitation_refused": N_("le message n’a pas été accepté : {answer}"),
    "invitation_at_rest": N_("attend une heure à laquelle il ne dérange personne"),
    "invitation_in_doubt": N_("peut-être parti : il ne part pas deux fois"),
    "campaign_stopped": N_("la campagne a été arrêtée"),
    "campaign_over": N_("la campagne a pris fin"),
}

REASONS: Final[dict[str, str]] = {
    **_CHOSEN, **_RISK, **_OVER, **_EMAIL, **_SMS, **_LETTER, **_FEED, **_BILL, **_DOCUMENT, **_BATCH, **_JOB,
    **_BRAND, **_ARCHIVE, **_EVENT, **_RELATIONSHIP, **_ENDPOINT, **_MANDATE, **_FORECAST,
    **_INVITATION, **_WRITTEN,
}  # fmt: skip

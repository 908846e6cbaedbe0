"""The categories of what is kept about a person, and where each lies. Whoever adds a table with a column that refers to
a consumer adds it here, or to `NOT_HANDED_OUT` with the reason; a test crawls all tables."""

from typing import Final

from consumers.personal_data.personal_category import PersonalCategory, PersonalTable
from words.catalogue import N_

_CONTRACT: Final = N_("exécution du service que vous avez demandé (RGPD, art. 6.1.b)")
_PROOF: Final = N_("preuve de ce qui a été fait (RGPD, art. 5.2 et 6.1.f)")
_OPEN: Final = N_("tant que votre espace est ouvert")

CATEGORIES: Final[tuple[PersonalCategory, ...]] = (
    PersonalCategory(
        key="profile",
        title=N_("Votre profil"),
        why=N_("pour vous reconnaître et vous écrire dans votre langue"),
        until=_OPEN,
        law=_CONTRACT,
        tables=(
            PersonalTable("consumer", "id"),
            PersonalTable("sign_up"),
            PersonalTable("email_change"),
            PersonalTable("space_closing"),
        ),
    ),
    PersonalCategory(
        key="contact",
        title=N_("Vos téléphones et vos adresses"),
        why=N_("pour vous prévenir, et pour que vos lettres arrivent"),
        until=N_("jusqu’à ce que vous les retiriez ou en donniez d’autres"),
        law=_CONTRACT,
        tables=(
            PersonalTable("phone"),
            PersonalTable("stated_move", without=("words",)),
            PersonalTable("declined_offer"),
        ),
    ),
    PersonalCategory(
        key="contracts",
        title=N_("Vos contrats"),
        why=N_("pour savoir quelles factures sont les vôtres, et depuis quand"),
        until=N_("aussi longtemps que les factures du contrat"),
        law=_PROOF,
        tables=(
            PersonalTable("enrolment"),
            PersonalTable("heir", without=("end_reason",)),
            PersonalTable("dispute", "earlier_id", ("words",)),
            PersonalTable("dispute", "later_id", ("words",)),
        ),
    ),
    PersonalCategory(
        key="consents",
        title=N_("Vos choix entre papier et sans papier"),
        why=N_("pour prouver ce que vous avez accepté, avec les mots que vous avez lus"),
        until=N_("aussi longtemps que les factures du contrat"),
        law=N_("preuve du consentement (RGPD, art. 7.1)"),
        tables=(PersonalTable("consent"), PersonalTable("suitability_event")),
    ),
    PersonalCategory(
        key="notices",
        title=N_("Ce dont nous vous avons prévenu"),
        why=N_("pour que personne ne touche à vos contrats sans que vous le sachiez"),
        until=N_("aussi longtemps que les factures du contrat"),
        law=_PROOF,
        tables=(
            PersonalTable("campaign_invitation", without=("contact_digest", "household_id", "campaign_id")),
            PersonalTable("account_notice", without=("words",)),
            PersonalTable("holder_notice", without=("name",)),
            PersonalTable("holder_notice", "asker_id", ("name",)),
        ),
    ),
    PersonalCategory(
        key="messages",
        title=N_("Les messages de vos factures"),
        why=N_("pour prouver que vos factures vous ont été présentées, annoncées et rappelées"),
        until=N_("aussi longtemps que la facture"),
        law=_PROOF,
        tables=(PersonalTable("delivery", "person_id"),),
    ),
    PersonalCategory(
        key="settings",
        title=N_("Comment vous voulez être prévenu"),
        why=N_("pour vous écrire quand et comme vous le voulez"),
        until=_OPEN,
        law=_CONTRACT,
        tables=(
            PersonalTable("notice_preference"),
            PersonalTable("stopped_mail"),
            PersonalTable("push_subscription"),
            PersonalTable("secret_address", without=("digest",)),
            PersonalTable("forward_address"),
            PersonalTable("allowed_sender"),
        ),
    ),
    PersonalCategory(
        key="sign_in",
        title=N_("Vos connexions"),
        why=N_("pour que vous seul entriez, et que vous voyiez d’où"),
        until=N_("tant que votre espace est ouvert, ou jusqu’à ce que vous les retiriez"),
        law=N_("sécurité du traitement (RGPD, art. 32)"),
        tables=(
            PersonalTable("sign_in_session"),
            PersonalTable("provider_identity"),
            PersonalTable("passkey"),
            PersonalTable("authenticator_app"),
            PersonalTable("recovery_code"),
            PersonalTable("factor_removal"),
        ),
    ),
    PersonalCategory(
        key="payments",
        title=N_("Vos paiements et vos mandats"),
        why=N_("pour que ce qui est payé ne vous soit plus demandé"),
        until=N_("dix ans ; un mandat, treize mois après sa fin"),
        law=N_(
            "pièces comptables (C. com., art. L123-22) ; contestation d’un prélèvement (C. mon. fin., art. L133-24)"
        ),
        tables=(
            PersonalTable("payment_order", without=("provider_payment",)),
            PersonalTable("payment_plan", without=("decided_by",)),
            PersonalTable("debit_mandate", without=("holder_name",)),
        ),
    ),
    PersonalCategory(
        key="writings",
        title=N_("Ce que vous avez écrit"),
        why=N_("vos questions, vos étiquettes et vos notes : elles sont à vous"),
        until=N_("tant que vous tenez le contrat ; ce que vous avez demandé à l’émetteur, autant que la facture"),
        law=_CONTRACT,
        tables=(PersonalTable("enquiry", without=("entries",)), PersonalTable("bill_tag"), PersonalTable("bill_note")),
    ),
    PersonalCategory(
        key="readers",
        title=N_("Qui lit vos factures, et celles que vous lisez"),
        why=N_("pour que seul lise qui vous avez choisi, aussi longtemps que vous le voulez"),
        until=_OPEN,
        law=_CONTRACT,
        tables=(PersonalTable("access_grant", "owner_id"), PersonalTable("access_grant", "reader_id")),
    ),
    PersonalCategory(
        key="imports",
        title=N_("Les factures que vous avez apportées, et vos archives"),
        why=N_("pour les ranger avec les autres, et vous les rendre"),
        until=N_("tant que vous les gardez ; une archive, sept jours"),
        law=_CONTRACT,
        tables=(
            PersonalTable("imported_document"),
            PersonalTable("received_mail"),
            PersonalTable("private_issuer"),
            PersonalTable("issuer", "private_to"),
            PersonalTable("bill_archive"),
        ),
    ),
)

#: Columns (`table.column`) that refer to a person and are not handed out, and why.
NOT_HANDED_OUT: Final[dict[str, str]] = {
    "test_customer.consumer_id": "the customers of test sides are nobody (`store.test_sides.side_customer`)",
}

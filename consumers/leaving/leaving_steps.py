"""The closed list of what goes when a person leaves, and of what stays. Whoever adds a table with a column that refers
to a consumer adds a line here; a test crawls all tables."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from consumers.access_grants.leave_grants import end_all_grants, erase_all_grants
from consumers.leaving.end_accounts import (
    end_disputes,
    leave_all_accounts,
    withdraw_join_requests,
    withdraw_plan_requests,
)
from consumers.leaving.erase_imports import erase_imports
from consumers.leaving.erase_profile import erase_profile, forget_unheld_accounts
from consumers.leaving.erase_said import erase_enquiries, erase_events, erase_notices, erase_requests
from consumers.leaving.erase_traces import erase_answers, erase_jobs
from consumers.leaving.leaving_step import KeptColumns, LeavingStep, delete_rows, in_turn
from store.accounts.joint_holder_notice import HolderNotice
from store.accounts.notice_preference import NoticePreferenceRow
from store.accounts.phone import Phone
from store.accounts.push_subscription import PushSubscription, end_all_devices
from store.accounts.sign_up import SignUp
from store.accounts.stated_move import StatedMove
from store.accounts.stopped_mail import StoppedMail
from store.bill_archives.bill_archive import erase_archives, expire_archives
from store.bill_forwarding.forward_address import end_all_forwards, forget_forwards
from store.bills.bill_note import BillNote
from store.bills.bill_tag import BillTag
from store.customers.declined_offer import DeclinedOffer
from store.leaving.email_change import EmailChange, stop_pending
from store.received_mail.received_mail import AllowedSender, MailWithBills
from store.secret_addresses.secret_address import SecretAddress, end_all_addresses
from store.sign_in.authenticator_app import AuthenticatorApp
from store.sign_in.factor_removal import FactorRemoval
from store.sign_in.passkey import Passkey
from store.sign_in.provider_identity import ProviderIdentity
from store.sign_in.recovery_code import RecoveryCode
from store.sign_in.sign_in_session import SignInSession
from store.test_sides.side_customer import SideCustomer
from words.catalogue import N_


def _forget_second_factors(session: Session, consumer_id: int, now: datetime) -> int:
    """Until a person is erased they may come back, by the factors that they had."""
    tables = (Passkey, AuthenticatorApp, RecoveryCode, FactorRemoval)
    return sum(delete_rows(table.consumer_id)(session, consumer_id, now) for table in tables)


def _expire_archives(session: Session, consumer_id: int, now: datetime) -> int:
    return int(expire_archives(session, consumer_id, now))


def _stop_change_of_address(session: Session, consumer_id: int, now: datetime) -> int:
    return int(stop_pending(session, consumer_id, now, "stopped"))


#: In this order: accounts are closed first, since what hangs on them ends with them; words are erased while we still
#: know whose they are, and who it was last.
STEPS: Final[tuple[LeavingStep, ...]] = (
    LeavingStep(name="accounts", close=leave_all_accounts, erase=leave_all_accounts),
    LeavingStep(
        name="documents brought in",
        erase=erase_imports,
        deleted=("imported_document.consumer_id", "private_issuer.consumer_id", "issuer.private_to"),
        told=N_("les factures que vous avez apportées vous-même"),
    ),
    LeavingStep(name="join requests", close=withdraw_join_requests),
    LeavingStep(name="disputes", close=end_disputes),
    LeavingStep(name="requests to pay in parts", close=withdraw_plan_requests, erase=erase_requests),
    LeavingStep(
        name="identities",
        erase=delete_rows(ProviderIdentity.consumer_id),
        deleted=("provider_identity.consumer_id",),
        told=N_("les identités par lesquelles vous vous connectiez"),
    ),
    LeavingStep(
        name="sessions",
        close=delete_rows(SignInSession.consumer_id),
        erase=delete_rows(SignInSession.consumer_id),
        deleted=("sign_in_session.consumer_id",),
        told=N_("les appareils où vous étiez connecté"),
    ),
    LeavingStep(
        name="access grants",
        close=end_all_grants,
        erase=erase_all_grants,
        deleted=("access_grant.owner_id", "access_grant.reader_id"),
        told=N_("qui vous laissiez lire vos factures, et qui vous laissait lire les siennes"),
    ),
    LeavingStep(
        name="devices",
        close=end_all_devices,
        erase=delete_rows(PushSubscription.consumer_id),
        deleted=("push_subscription.consumer_id",),
        told=N_("les appareils qui recevaient vos notifications"),
    ),
    LeavingStep(
        name="tags",
        erase=delete_rows(BillTag.consumer_id),
        deleted=("bill_tag.consumer_id",),
        told=N_("vos étiquettes et vos notes"),
    ),
    LeavingStep(name="notes", erase=delete_rows(BillNote.consumer_id), deleted=("bill_note.consumer_id",)),
    LeavingStep(name="questions", erase=erase_enquiries, told=N_("les mots de vos questions, et de leurs réponses")),
    LeavingStep(
        name="notices",
        erase=in_turn(erase_notices, delete_rows(HolderNotice.consumer_id)),
        deleted=("holder_notice.consumer_id",),
    ),
    LeavingStep(
        name="stated moves",
        erase=delete_rows(StatedMove.consumer_id, StatedMove.state != "open"),
        told=N_("les adresses que vous nous avez données"),
    ),
    LeavingStep(name="what servers answered", erase=erase_answers),
    LeavingStep(name="jobs", erase=erase_jobs),
    LeavingStep(name="events", erase=erase_events),
    LeavingStep(name="pictures and search", erase=forget_unheld_accounts),
    LeavingStep(
        name="notice preferences",
        erase=delete_rows(NoticePreferenceRow.consumer_id),
        deleted=("notice_preference.consumer_id",),
        told=N_("vos réglages"),
    ),
    LeavingStep(
        name="stopped mails",
        erase=delete_rows(StoppedMail.consumer_id),
        deleted=("stopped_mail.consumer_id",),
    ),
    LeavingStep(
        name="secret addresses",
        close=end_all_addresses,
        erase=delete_rows(SecretAddress.consumer_id),
        deleted=("secret_address.consumer_id",),
        told=N_("les adresses secrètes de votre calendrier et de vos factures"),
    ),
    LeavingStep(
        name="second factors",
        erase=_forget_second_factors,
        deleted=(
            "passkey.consumer_id",
            "authenticator_app.consumer_id",
            "recovery_code.consumer_id",
            "factor_removal.consumer_id",
        ),
        told=N_("vos clés d’accès, votre application de codes et vos codes de secours"),
    ),
    LeavingStep(
        name="mails with bills",
        erase=in_turn(delete_rows(MailWithBills.consumer_id), delete_rows(AllowedSender.consumer_id)),
        deleted=("received_mail.consumer_id", "allowed_sender.consumer_id"),
    ),
    LeavingStep(
        name="forwarding",
        close=end_all_forwards,
        erase=forget_forwards,
        told=N_("les adresses où partaient vos factures"),
    ),
    LeavingStep(
        name="declined offers",
        erase=delete_rows(DeclinedOffer.consumer_id),
        deleted=("declined_offer.consumer_id",),
    ),
    LeavingStep(
        name="customers of test sides",
        erase=delete_rows(SideCustomer.consumer_id),
        deleted=("test_customer.consumer_id",),
    ),
    LeavingStep(
        name="archives of bills",
        close=_expire_archives,
        erase=erase_archives,
        deleted=("bill_archive.consumer_id",),
    ),
    # Other parts' lines stand above: from here on nobody knows who it was.
    LeavingStep(
        name="phone",
        erase=delete_rows(Phone.consumer_id),
        deleted=("phone.consumer_id",),
        told=N_("votre numéro de téléphone"),
    ),
    LeavingStep(
        name="changes of address",
        close=_stop_change_of_address,
        erase=delete_rows(EmailChange.consumer_id),
        deleted=("email_change.consumer_id",),
    ),
    LeavingStep(name="sign-ups", erase=delete_rows(SignUp.consumer_id), deleted=("sign_up.consumer_id",)),
    LeavingStep(
        name="profile", erase=erase_profile, told=N_("votre nom, votre adresse de courriel et votre mot de passe")
    ),
)

#: What stays, with the number of the person alone, and why.
KEPT: Final[tuple[KeptColumns, ...]] = (
    KeptColumns(
        (
            "enrolment.consumer_id",
            "account_notice.consumer_id",
            "campaign_invitation.consumer_id",
            "dispute.earlier_id",
            "dispute.later_id",
            "space_closing.consumer_id",
        ),
        N_("à quels contrats un numéro de personne a été lié, et quand, sans nom ni adresse"),
        N_("preuve de qui pouvait voir les factures (RGPD, art. 5.2 et 17.3.e)"),
    ),
    KeptColumns(
        ("consent.consumer_id", "suitability_event.consumer_id"),
        N_("vos choix entre papier et sans papier, sous ce numéro"),
        N_("preuve du consentement (RGPD, art. 7.1)"),
        N_("aussi longtemps que les factures du contrat"),
    ),
    KeptColumns(
        ("payment_order.consumer_id", "payment_plan.consumer_id"),
        N_("les paiements et les échéanciers d’une facture, sous ce numéro"),
        N_("pièces comptables (C. com., art. L123-22)"),
        N_("dix ans"),
    ),
    KeptColumns(
        ("debit_mandate.consumer_id",),
        N_("vos mandats de prélèvement, avec le nom et le compte signés"),
        N_("preuve en cas de contestation d’un prélèvement (C. mon. fin., art. L133-24)"),
        N_("treize mois après leur fin, puis le nom et le compte sont effacés"),
    ),
    KeptColumns(
        (
            "enquiry.consumer_id",
            "stated_move.consumer_id",
            "holder_notice.asker_id",
            "delivery.person_id",
            "forward_address.consumer_id",
        ),
        N_("qu’une question a été posée ou qu’un courriel est parti, et quand, sans les mots ni l’adresse"),
        N_("preuve de ce qui a été fait (RGPD, art. 5.2 et 17.3.e)"),
    ),
    KeptColumns(
        ("heir.consumer_id",),
        N_("que vous avez été inscrit comme héritier d’un contrat, et le document présenté"),
        N_("preuve de qui pouvait voir les factures (RGPD, art. 5.2 et 17.3.e)"),
        N_("aussi longtemps que les factures du contrat"),
    ),
    KeptColumns(
        (),
        N_("les factures elles-mêmes, documents de l’émetteur, avec le nom et l’adresse qu’il y a mis"),
        N_("l’émetteur doit les garder (C. com., art. L123-22 ; CGI, art. 289 ; LPF, art. L102 B)"),
        N_("dix ans"),
    ),
)

"""Access policy: one line for each (endpoint, method) says who may call it and how often; one guard applies it.

HEAD follows GET. A visitor of the wrong audience is sent to their sign-in page; one of the right audience without the
rank gets 404.
"""

from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import WWWAuthenticate

from portal import app_context
from portal.access.current_user import Visitor, issuer_by_key, signed_in_user
from portal.access.rate_limiting import slow_down, slow_down_guesses
from portal.access.recent_proof import is_recent
from portal.access.required_factor import enrolment_due
from portal.access.second_factor import first_factor_given
from portal.form_input import typed_email

#: operator: runs the service; member: works for one issuer; staff: either; key: an issuer's program;
#: dev: anybody on this very machine, while mails go to the dev inbox.
Who = Literal["public", "consumer", "operator", "member", "staff", "key", "dev"]

#: RFC 6750: how a program is told to bring its key.
KEY_IS_ASKED: Final = WWWAuthenticate("bearer", {"realm": "facteur"})


class RoutePolicy(NamedTuple):
    """Who may call a route, and how often."""

    who: Who
    limit: str = ""  # so often, by visitor or client, and by the e-mail that is typed
    guesses: str = ""  # whose passwords are tried there, at the typed address: wrong ones are slowed down
    proofs: str = ""  # the same for passwords and codes of who is here, with a session or half-way to one
    fresh: str = ""  # how old the last proof of identity may be: `10 minutes`
    form: str = ""  # of a fresh POST: the endpoint of its form's page, unless that has the POST's own address


#: What is sensitive needs a password, a passkey or a code of the last ten minutes.
FRESH: Final = "10 minutes"

POLICY: Final[dict[tuple[str, str], RoutePolicy]] = {
    ("static", "GET"): RoutePolicy("public"),
    ("health.show", "GET"): RoutePolicy("public"),
    ("health.work", "GET"): RoutePolicy("public"),
    ("search_engines.robots", "GET"): RoutePolicy("public"),
    ("search_engines.icon", "GET"): RoutePolicy("public"),
    ("home.show", "GET"): RoutePolicy("public"),
    ("language.choose", "POST"): RoutePolicy("public"),
    ("large_print.choose", "POST"): RoutePolicy("public"),
    ("logo.show", "GET"): RoutePolicy("public"),
    ("inbox.show", "GET"): RoutePolicy("dev"),
    ("confirm_identity.show", "GET"): RoutePolicy("consumer"),
    ("confirm_identity.by_password", "POST"): RoutePolicy("consumer", proofs="consumer"),
    ("staff_confirm_identity.show", "GET"): RoutePolicy("staff"),
    ("staff_confirm_identity.by_password", "POST"): RoutePolicy("staff", proofs="staff"),
    ("confirm_identity.by_code", "POST"): RoutePolicy("consumer", proofs="consumer"),
    ("second_step.show", "GET"): RoutePolicy("public"),
    ("second_step.by_code", "POST"): RoutePolicy("public", proofs="consumer"),
    ("passkey_sign_in.enter_by_passkey", "POST"): RoutePolicy("public", "120/hour"),
    ("second_step.by_passkey", "POST"): RoutePolicy("public", proofs="consumer"),
    ("confirm_identity.by_passkey", "POST"): RoutePolicy("consumer", proofs="consumer"),
    ("passkeys.ask", "GET"): RoutePolicy("consumer", fresh=FRESH),
    ("passkeys.add", "POST"): RoutePolicy("consumer", "60/hour", fresh=FRESH),
    ("passkeys.rename", "POST"): RoutePolicy("consumer"),
    ("passkeys.remove", "POST"): RoutePolicy("consumer", fresh=FRESH, form="security.show"),
    ("staff_passkey_sign_in.enter_by_passkey", "POST"): RoutePolicy("public", "120/hour"),
    ("staff_second_step.by_passkey", "POST"): RoutePolicy("public", proofs="staff"),
    ("staff_confirm_identity.by_passkey", "POST"): RoutePolicy("staff", proofs="staff"),
    ("staff_passkeys.ask", "GET"): RoutePolicy("staff", fresh=FRESH),
    ("staff_passkeys.add", "POST"): RoutePolicy("staff", "60/hour", fresh=FRESH),
    ("staff_passkeys.rename", "POST"): RoutePolicy("staff"),
    ("staff_passkeys.remove", "POST"): RoutePolicy("staff", fresh=FRESH, form="staff_security.show"),
    ("security.show", "GET"): RoutePolicy("consumer"),
    ("lost_factor.show", "GET"): RoutePolicy("public"),
    ("lost_factor.send", "POST"): RoutePolicy("public", "10/day"),
    ("lost_factor.ask", "GET"): RoutePolicy("public"),
    ("lost_factor.begin", "POST"): RoutePolicy("public", "20/hour"),
    ("lost_factor.ask_to_keep", "GET"): RoutePolicy("public"),
    ("lost_factor.keep", "POST"): RoutePolicy("public", "60/hour"),
    ("lost_factor.cancel", "POST"): RoutePolicy("consumer"),
    ("authenticator_app.begin", "POST"): RoutePolicy("consumer", "20/hour", fresh=FRESH, form="security.show"),
    ("authenticator_app.show", "GET"): RoutePolicy("consumer", fresh=FRESH),
    ("authenticator_app.confirm", "POST"): RoutePolicy(
        "consumer", proofs="consumer", fresh=FRESH, form="authenticator_app.show"
    ),
    ("authenticator_app.remove", "POST"): RoutePolicy("consumer", fresh=FRESH, form="security.show"),
    ("recovery_codes.renew", "POST"): RoutePolicy("consumer", "20/day", fresh=FRESH, form="security.show"),
    ("staff_confirm_identity.by_code", "POST"): RoutePolicy("staff", proofs="staff"),
    ("staff_second_step.show", "GET"): RoutePolicy("public"),
    ("staff_second_step.by_code", "POST"): RoutePolicy("public", proofs="staff"),
    ("staff_security.show", "GET"): RoutePolicy("staff"),
    ("staff_authenticator_app.begin", "POST"): RoutePolicy("staff", "20/hour", fresh=FRESH, form="staff_security.show"),
    ("staff_authenticator_app.show", "GET"): RoutePolicy("staff", fresh=FRESH),
    ("staff_authenticator_app.confirm", "POST"): RoutePolicy(
        "staff", proofs="staff", fresh=FRESH, form="staff_authenticator_app.show"
    ),
    ("staff_authenticator_app.remove", "POST"): RoutePolicy("staff", fresh=FRESH, form="staff_security.show"),
    ("staff_recovery_codes.renew", "POST"): RoutePolicy("staff", "20/day", fresh=FRESH, form="staff_security.show"),
    ("phone.show", "GET"): RoutePolicy("consumer"),
    ("phone.send_code", "POST"): RoutePolicy("consumer", "10/day", fresh=FRESH),
    ("phone.confirm", "POST"): RoutePolicy("consumer", "30/hour"),
    ("phone.withdraw", "POST"): RoutePolicy("consumer", fresh=FRESH, form="phone.show"),
    ("inbox.mail", "GET"): RoutePolicy("dev"),
    ("sign_up.show", "GET"): RoutePolicy("public"),
    ("sign_up.send", "POST"): RoutePolicy("public", "20/hour"),
    ("sign_up.confirm_nothing", "GET"): RoutePolicy("public"),
    ("sign_up.confirm", "GET"): RoutePolicy("public"),
    ("sign_up.confirmed", "POST"): RoutePolicy("public"),
    ("sign_in.show", "GET"): RoutePolicy("public"),
    ("sign_in.enter", "POST"): RoutePolicy("public", guesses="consumer"),
    ("sign_in.leave", "POST"): RoutePolicy("consumer"),
    ("forgotten.show", "GET"): RoutePolicy("public"),
    ("forgotten.send", "POST"): RoutePolicy("public", "10/hour"),
    ("forgotten.choose_nothing", "GET"): RoutePolicy("public"),
    ("forgotten.choose", "GET"): RoutePolicy("public"),
    ("forgotten.chosen", "POST"): RoutePolicy("public", "20/hour"),
    ("bill.show", "GET"): RoutePolicy("consumer"),
    ("years.show", "GET"): RoutePolicy("consumer"),
    ("years.sheet", "GET"): RoutePolicy("consumer"),
    ("bill.pdf", "GET"): RoutePolicy("consumer"),
    ("bill.cii", "GET"): RoutePolicy("consumer"),
    ("bill.ubl", "GET"): RoutePolicy("consumer"),
    ("bill.json", "GET"): RoutePolicy("consumer"),
    ("bill.lines", "GET"): RoutePolicy("consumer"),
    ("proof_of_address.show", "GET"): RoutePolicy("consumer"),
    ("bill.attachment", "GET"): RoutePolicy("consumer"),
    ("tags_and_notes.tag", "POST"): RoutePolicy("consumer"),
    ("tags_and_notes.untag", "POST"): RoutePolicy("consumer"),
    ("tags_and_notes.write", "POST"): RoutePolicy("consumer"),
    ("bill.said_paid", "POST"): RoutePolicy("consumer"),
    ("ask_issuer.show", "GET"): RoutePolicy("consumer"),
    ("ask_issuer.ask", "POST"): RoutePolicy("consumer", "20/day"),
    ("enquiries.show_all", "GET"): RoutePolicy("consumer"),
    ("enquiries.show", "GET"): RoutePolicy("consumer"),
    ("enquiries.write", "POST"): RoutePolicy("consumer", "20/day"),
    ("enquiries.settle", "POST"): RoutePolicy("consumer"),
    ("page_pictures.show", "GET"): RoutePolicy("consumer"),
    ("page_pictures.ask", "POST"): RoutePolicy("consumer", "120/hour"),
    ("page_pictures.picture", "GET"): RoutePolicy("consumer"),
    ("add_documents.show", "GET"): RoutePolicy("consumer"),
    ("add_documents.add", "POST"): RoutePolicy("consumer", "60/hour"),
    ("asked_document.show", "GET"): RoutePolicy("consumer"),
    ("asked_document.answer", "POST"): RoutePolicy("consumer", "300/hour"),
    ("asked_document.remove", "POST"): RoutePolicy("consumer"),
    ("asked_document.picture", "GET"): RoutePolicy("consumer"),
    ("own_issuers.show", "GET"): RoutePolicy("consumer"),
    ("own_issuers.mend_name", "POST"): RoutePolicy("consumer"),
    ("own_issuers.join_to", "POST"): RoutePolicy("consumer"),
    ("own_issuers.is_on_board", "POST"): RoutePolicy("consumer"),
    ("own_issuers.remove", "POST"): RoutePolicy("consumer"),
    ("own_issuers.ask_to_remove", "GET"): RoutePolicy("consumer"),
    ("own_issuers.remove_own_bill", "POST"): RoutePolicy("consumer"),
    ("pay_online.begin", "POST"): RoutePolicy("consumer", "60/hour"),
    ("pay_online.show", "GET"): RoutePolicy("consumer"),
    ("payment_provider_events.take", "POST"): RoutePolicy("public"),
    ("sms_events.take", "POST"): RoutePolicy("public"),
    ("mail_hook.take", "POST"): RoutePolicy("public"),
    ("one_bill.show_nothing", "GET"): RoutePolicy("public"),
    ("one_bill.show", "GET"): RoutePolicy("public"),
    ("one_bill.look", "POST"): RoutePolicy("public", "600/hour"),
    ("one_bill.pdf", "GET"): RoutePolicy("public"),
    ("guest_payment.begin", "POST"): RoutePolicy("public", "600/hour"),
    ("guest_payment.come_back", "GET"): RoutePolicy("public"),
    ("guest_payment.show", "GET"): RoutePolicy("public"),
    ("claim_from_bill.show", "GET"): RoutePolicy("public"),
    ("claim_from_bill.claim", "POST"): RoutePolicy("public", "60/hour"),
    ("plan.show", "GET"): RoutePolicy("consumer"),
    ("plan.ask", "POST"): RoutePolicy("consumer", "30/hour"),
    ("plan.withdraw", "POST"): RoutePolicy("consumer"),
    ("mandate.show", "GET"): RoutePolicy("consumer"),
    ("mandate.sign", "POST"): RoutePolicy("consumer", "30/hour", fresh=FRESH),
    ("mandate.revoke", "POST"): RoutePolicy("consumer"),
    ("accounts.show", "GET"): RoutePolicy("consumer"),
    ("accounts.type_code", "GET"): RoutePolicy("public"),
    ("accounts.by_code", "GET"): RoutePolicy("public"),
    ("accounts.add", "GET"): RoutePolicy("consumer"),
    ("accounts.link", "POST"): RoutePolicy("consumer", "60/hour"),
    ("accounts.offer", "GET"): RoutePolicy("consumer"),
    ("accounts.paperless", "POST"): RoutePolicy("consumer"),
    ("accounts.paper", "POST"): RoutePolicy("consumer"),
    ("accounts.ask_to_leave", "GET"): RoutePolicy("consumer"),
    ("accounts.leave", "POST"): RoutePolicy("consumer"),
    ("contract_offers.take", "POST"): RoutePolicy("consumer", "30/hour"),
    ("contract_offers.ask", "POST"): RoutePolicy("consumer", "30/hour"),
    ("contract_offers.decline", "POST"): RoutePolicy("consumer", "30/hour"),
    ("suitability.show", "GET"): RoutePolicy("consumer"),
    ("suitability.suits", "POST"): RoutePolicy("consumer"),
    ("house_move.show", "GET"): RoutePolicy("consumer"),
    ("house_move.state", "POST"): RoutePolicy("consumer", "20/hour"),
    ("new_address.show", "GET"): RoutePolicy("consumer"),
    ("new_address.state", "POST"): RoutePolicy("consumer", "20/hour"),
    ("account_trail.show", "GET"): RoutePolicy("consumer"),
    ("objection.show_nothing", "GET"): RoutePolicy("public"),
    ("objection.show", "GET"): RoutePolicy("public"),
    ("objection.keep_paper", "POST"): RoutePolicy("public", "60/hour"),
    ("objection.keep_paper_here", "POST"): RoutePolicy("consumer"),
    ("stopped_mail.show_nothing", "GET"): RoutePolicy("public"),
    ("stopped_mail.show", "GET"): RoutePolicy("public"),
    ("stopped_mail.stop", "POST"): RoutePolicy("public"),  # programs of a provider share an address
    ("stopped_mail.resume", "POST"): RoutePolicy("public", "60/hour"),
    ("holders.show", "GET"): RoutePolicy("consumer"),
    ("holders.confirm", "POST"): RoutePolicy("consumer"),
    ("holders.suspend", "POST"): RoutePolicy("consumer"),
    ("holders.lift", "POST"): RoutePolicy("consumer", fresh=FRESH, form="holders.show"),
    ("holders.welcome", "POST"): RoutePolicy("consumer", fresh=FRESH, form="accounts.show"),
    ("my_readers.show", "GET"): RoutePolicy("consumer"),
    ("my_readers.revoke", "POST"): RoutePolicy("consumer"),
    ("invite_reader.show", "GET"): RoutePolicy("consumer"),
    ("invite_reader.invite", "POST"): RoutePolicy("consumer", "20/day", fresh=FRESH),
    ("shared_with_me.show", "GET"): RoutePolicy("consumer"),
    ("shared_with_me.accept", "POST"): RoutePolicy("consumer"),
    ("shared_with_me.decline", "POST"): RoutePolicy("consumer"),
    ("shared_with_me.give_back", "POST"): RoutePolicy("consumer"),
    ("shared_bills.show", "GET"): RoutePolicy("consumer"),
    ("shared_bill.show", "GET"): RoutePolicy("consumer"),
    ("shared_bill.pdf", "GET"): RoutePolicy("consumer"),
    ("shared_bill.cii", "GET"): RoutePolicy("consumer"),
    ("shared_bill.ubl", "GET"): RoutePolicy("consumer"),
    ("holders.ask", "POST"): RoutePolicy("consumer", "20/day"),
    ("notices.seen", "POST"): RoutePolicy("consumer"),
    ("notice_preference.show_everywhere", "GET"): RoutePolicy("consumer"),
    ("notice_preference.choose_everywhere", "POST"): RoutePolicy("consumer"),
    ("notice_preference.show", "GET"): RoutePolicy("consumer"),
    ("notice_preference.choose", "POST"): RoutePolicy("consumer"),
    ("notice_preference.as_everywhere", "POST"): RoutePolicy("consumer"),
    ("push_devices.service_worker", "GET"): RoutePolicy("public"),
    ("push_devices.add", "POST"): RoutePolicy("consumer", "60/hour"),
    ("push_devices.remove", "POST"): RoutePolicy("consumer"),
    ("calendar_file.show", "GET"): RoutePolicy("public"),  # limits itself: no session is looked at
    ("calendar_address.show", "GET"): RoutePolicy("consumer"),
    ("calendar_address.renew", "POST"): RoutePolicy("consumer", "20/hour", fresh=FRESH),
    ("calendar_address.end", "POST"): RoutePolicy("consumer"),
    ("identity_provider.begin", "GET"): RoutePolicy("public", "60/hour"),
    ("identity_provider.come_back", "GET"): RoutePolicy("public", "60/hour"),
    ("identity_provider.show_sign_up", "GET"): RoutePolicy("public"),
    ("identity_provider.sign_up", "POST"): RoutePolicy("public", "20/hour"),
    ("identities.show", "GET"): RoutePolicy("consumer"),
    ("identities.link", "POST"): RoutePolicy("consumer", "20/hour", fresh=FRESH, form="identities.show"),
    ("identities.unlink", "POST"): RoutePolicy("consumer", fresh=FRESH, form="identities.show"),
    ("unknown_device.show_nothing", "GET"): RoutePolicy("public"),
    ("unknown_device.show", "GET"): RoutePolicy("public"),
    ("unknown_device.end", "POST"): RoutePolicy("public", "60/hour"),
    ("staff_unknown_device.show_nothing", "GET"): RoutePolicy("public"),
    ("staff_unknown_device.show", "GET"): RoutePolicy("public"),
    ("staff_unknown_device.end", "POST"): RoutePolicy("public", "60/hour"),
    ("sessions.show", "GET"): RoutePolicy("consumer"),
    ("sessions.end", "POST"): RoutePolicy("consumer"),
    ("sessions.end_others", "POST"): RoutePolicy("consumer"),
    ("staff_sessions.show", "GET"): RoutePolicy("staff"),
    ("staff_sessions.end", "POST"): RoutePolicy("staff"),
    ("staff_sessions.end_others", "POST"): RoutePolicy("staff"),
    ("mail_in_address.show", "GET"): RoutePolicy("consumer"),
    ("mail_in_address.renew", "POST"): RoutePolicy("consumer", "20/hour", fresh=FRESH),
    ("mail_in_address.end", "POST"): RoutePolicy("consumer"),
    ("mail_in_address.choose_senders", "POST"): RoutePolicy("consumer", "60/hour"),
    ("forward_addresses.show", "GET"): RoutePolicy("consumer"),
    ("forward_addresses.ask", "POST"): RoutePolicy("consumer", "20/day", fresh=FRESH),
    ("forward_addresses.end", "POST"): RoutePolicy("consumer"),
    ("forward_recipient.show_nothing", "GET"): RoutePolicy("public"),
    ("forward_recipient.show_question", "GET"): RoutePolicy("public"),
    ("forward_recipient.accept", "POST"): RoutePolicy("public", "60/hour"),
    ("forward_recipient.show_stop", "GET"): RoutePolicy("public"),
    ("forward_recipient.stop", "POST"): RoutePolicy("public"),  # programs of a provider share an address
    ("personal_data.show", "GET"): RoutePolicy("consumer", "60/hour", fresh=FRESH),
    ("personal_data.file", "GET"): RoutePolicy("consumer", "60/hour", fresh=FRESH),
    ("bill_archive.show", "GET"): RoutePolicy("consumer"),
    ("bill_archive.ask", "POST"): RoutePolicy("consumer", "20/day", fresh=FRESH, form="bill_archive.show"),
    ("bill_archive.delete", "POST"): RoutePolicy("consumer"),
    ("bill_archive.download", "GET"): RoutePolicy("consumer", "600/hour"),
    ("profile.show", "GET"): RoutePolicy("consumer"),
    ("profile.change", "POST"): RoutePolicy("consumer"),
    ("profile.new_password", "POST"): RoutePolicy("consumer", "20/hour", fresh=FRESH, form="profile.show"),
    ("profile.confirm_again", "POST"): RoutePolicy("consumer", "10/hour"),
    ("email_change.show", "GET"): RoutePolicy("consumer"),
    ("email_change.ask", "POST"): RoutePolicy("consumer", "10/day", fresh=FRESH),
    ("email_change.give_up", "POST"): RoutePolicy("consumer"),
    ("email_change.confirm_nothing", "GET"): RoutePolicy("public"),
    ("email_change.confirm", "GET"): RoutePolicy("public"),
    ("email_change.confirmed", "POST"): RoutePolicy("public", "60/hour"),
    ("email_change.undo_nothing", "GET"): RoutePolicy("public"),
    ("email_change.undo", "GET"): RoutePolicy("public"),
    ("email_change.undone", "POST"): RoutePolicy("public", "60/hour"),
    ("closed_space.show", "GET"): RoutePolicy("consumer"),
    ("closed_space.close", "POST"): RoutePolicy("consumer", "20/hour", fresh=FRESH),
    ("closed_space.kept", "GET"): RoutePolicy("public"),
    ("staff_sign_in.show", "GET"): RoutePolicy("public"),
    ("staff_sign_in.enter", "POST"): RoutePolicy("public", guesses="staff"),
    ("staff_sign_in.leave", "POST"): RoutePolicy("staff"),
    ("invitation.show_nothing", "GET"): RoutePolicy("public"),
    ("staff_forgotten.show", "GET"): RoutePolicy("public"),
    ("staff_forgotten.send", "POST"): RoutePolicy("public", "10/hour"),
    ("staff_forgotten.choose_nothing", "GET"): RoutePolicy("public"),
    ("staff_forgotten.choose", "GET"): RoutePolicy("public"),
    ("staff_forgotten.chosen", "POST"): RoutePolicy("public", "20/hour"),
    ("staff_settings.show", "GET"): RoutePolicy("staff"),
    ("staff_settings.new_password", "POST"): RoutePolicy("staff", "20/hour", fresh=FRESH, form="staff_settings.show"),
    ("members.show", "GET"): RoutePolicy("staff"),
    ("members.ask_to_remove", "GET"): RoutePolicy("staff", fresh=FRESH),
    ("members.reset_factors", "POST"): RoutePolicy("operator", fresh=FRESH, form="members.ask_to_remove"),
    ("members.take_out", "POST"): RoutePolicy("staff", fresh=FRESH, form="members.ask_to_remove"),
    ("invitation.show", "GET"): RoutePolicy("public"),
    ("invitation.send_again", "POST"): RoutePolicy("public", "10/hour"),
    ("invitation.take_up", "POST"): RoutePolicy("public", "20/hour"),
    ("dashboard.show", "GET"): RoutePolicy("staff"),
    ("staff_feeds.show_all", "GET"): RoutePolicy("staff"),
    ("staff_feeds.show", "GET"): RoutePolicy("staff"),
    ("staff_items.show", "GET"): RoutePolicy("staff"),
    ("staff_items.sheet", "GET"): RoutePolicy("staff", "60/hour"),
    ("waiting.show", "GET"): RoutePolicy("staff"),
    ("waiting.decide", "POST"): RoutePolicy("operator"),
    ("waiting.retry", "POST"): RoutePolicy("operator"),
    ("conflicts.show_all", "GET"): RoutePolicy("staff"),
    ("conflicts.show", "GET"): RoutePolicy("staff"),
    ("conflicts.decide", "POST"): RoutePolicy("staff"),
    ("conflicts.decide_all", "POST"): RoutePolicy("staff"),
    ("customer_enquiries.show_all", "GET"): RoutePolicy("staff"),
    ("customer_enquiries.show", "GET"): RoutePolicy("staff"),
    ("customer_enquiries.answer", "POST"): RoutePolicy("member"),
    ("customer_enquiries.close", "POST"): RoutePolicy("member"),
    ("account_questions.show_all", "GET"): RoutePolicy("staff"),
    ("account_questions.show", "GET"): RoutePolicy("staff"),
    ("account_questions.decide", "POST"): RoutePolicy("staff"),
    ("account_decisions.show", "GET"): RoutePolicy("staff"),
    ("account_decisions.bereavement", "POST"): RoutePolicy("staff"),
    ("account_decisions.move", "POST"): RoutePolicy("staff"),
    ("account_decisions.address", "POST"): RoutePolicy("staff"),
    ("account_decisions.closing", "POST"): RoutePolicy("staff"),
    ("heirs.show", "GET"): RoutePolicy("staff"),
    ("heirs.record", "POST"): RoutePolicy("operator", "60/hour", fresh=FRESH, form="heirs.show"),
    ("heirs.end", "POST"): RoutePolicy("operator", fresh=FRESH, form="heirs.show"),
    ("heirs.document", "GET"): RoutePolicy("staff", fresh=FRESH),
    ("disputes.show_all", "GET"): RoutePolicy("staff"),
    ("disputes.decide", "POST"): RoutePolicy("staff", fresh=FRESH, form="disputes.show_all"),
    ("payment_plans.show_all", "GET"): RoutePolicy("staff"),
    ("payment_plans.answer", "POST"): RoutePolicy("staff"),
    ("returned_mails.show", "GET"): RoutePolicy("operator"),
    ("returned_mails.see_to", "POST"): RoutePolicy("operator"),
    ("payments.show_all", "GET"): RoutePolicy("staff"),
    ("payments.show", "GET"): RoutePolicy("staff"),
    ("payments.decide", "POST"): RoutePolicy("staff"),
    ("decisions.decide", "POST"): RoutePolicy("staff"),
    ("decisions.replay", "POST"): RoutePolicy("operator"),
    ("decisions.rehearse", "POST"): RoutePolicy("operator"),
    ("decisions.print_again", "POST"): RoutePolicy("operator"),
    ("letter_address.show", "GET"): RoutePolicy("staff"),
    ("letter_address.mend", "POST"): RoutePolicy("staff"),
    ("returned_letters.show", "GET"): RoutePolicy("staff"),
    ("returned_letters.scan", "POST"): RoutePolicy("staff"),
    ("returned_letters.by_hand", "POST"): RoutePolicy("staff"),
    ("returned_letters.upload", "POST"): RoutePolicy("staff", "60/hour"),
    ("batches.show_all", "GET"): RoutePolicy("staff"),
    ("batches.show", "GET"): RoutePolicy("staff"),
    ("batches.settle", "POST"): RoutePolicy("operator"),
    ("batches.manifest", "GET"): RoutePolicy("operator"),
    ("staff_adoption.show", "GET"): RoutePolicy("staff"),
    ("awaited_issuers.show", "GET"): RoutePolicy("operator"),
    ("quality.show", "GET"): RoutePolicy("staff"),
    ("brand.show", "GET"): RoutePolicy("member"),
    ("brand.try_out", "POST"): RoutePolicy("member", "60/hour"),
    ("brand.preview", "GET"): RoutePolicy("member"),
    ("brand.picture", "GET"): RoutePolicy("member"),
    ("brand.logo", "GET"): RoutePolicy("member"),
    ("brand.take", "POST"): RoutePolicy("member"),
    ("bill_trace.search", "GET"): RoutePolicy("staff"),
    ("bill_trace.show", "GET"): RoutePolicy("staff"),
    ("api.drop_feed", "POST"): RoutePolicy("key"),
    ("api.list_feeds", "GET"): RoutePolicy("key"),
    ("api.show_feed", "GET"): RoutePolicy("key"),
    ("api.list_items", "GET"): RoutePolicy("key"),
    ("api.list_accounts", "GET"): RoutePolicy("key"),
    ("api.show_account", "GET"): RoutePolicy("key"),
    ("api.put_account", "PUT"): RoutePolicy("key"),
    ("api.list_account_questions", "GET"): RoutePolicy("key"),
    ("api.decide_account_question", "POST"): RoutePolicy("key"),
    ("api.list_events", "GET"): RoutePolicy("key"),
    ("api.list_webhook_endpoints", "GET"): RoutePolicy("key"),
    ("api.add_webhook_endpoint", "POST"): RoutePolicy("key"),
    ("api.show_webhook_endpoint", "GET"): RoutePolicy("key"),
    ("api.change_webhook_endpoint", "PATCH"): RoutePolicy("key"),
    ("api.rotate_webhook_secret", "POST"): RoutePolicy("key"),
    ("api.test_webhook_endpoint", "POST"): RoutePolicy("key", "60/hour"),
    ("api.replay_webhooks", "POST"): RoutePolicy("key"),
    ("api.list_webhook_deliveries", "GET"): RoutePolicy("key"),
    ("api.list_mandates", "GET"): RoutePolicy("key"),
    ("api.list_payments", "GET"): RoutePolicy("key"),
    ("api.tell_payments", "POST"): RoutePolicy("key"),
    ("api.show_openapi", "GET"): RoutePolicy("public"),
    ("api_2.drop_feed", "POST"): RoutePolicy("key"),
    ("api_2.list_feeds", "GET"): RoutePolicy("key"),
    ("api_2.show_feed", "GET"): RoutePolicy("key"),
    ("api_2.list_items", "GET"): RoutePolicy("key"),
    ("api_2.list_accounts", "GET"): RoutePolicy("key"),
    ("api_2.show_account", "GET"): RoutePolicy("key"),
    ("api_2.put_account", "PUT"): RoutePolicy("key"),
    ("api_2.list_account_questions", "GET"): RoutePolicy("key"),
    ("api_2.decide_account_question", "POST"): RoutePolicy("key"),
    ("api_2.list_events", "GET"): RoutePolicy("key"),
    ("api_2.list_webhook_endpoints", "GET"): RoutePolicy("key"),
    ("api_2.add_webhook_endpoint", "POST"): RoutePolicy("key"),
    ("api_2.show_webhook_endpoint", "GET"): RoutePolicy("key"),
    ("api_2.change_webhook_endpoint", "PATCH"): RoutePolicy("key"),
    ("api_2.rotate_webhook_secret", "POST"): RoutePolicy("key"),
    ("api_2.test_webhook_endpoint", "POST"): RoutePolicy("key", "60/hour"),
    ("api_2.replay_webhooks", "POST"): RoutePolicy("key"),
    ("api_2.list_webhook_deliveries", "GET"): RoutePolicy("key"),
    ("api_2.list_mandates", "GET"): RoutePolicy("key"),
    ("api_2.list_payments", "GET"): RoutePolicy("key"),
    ("api_2.tell_payments", "POST"): RoutePolicy("key"),
    ("api_2.show_openapi", "GET"): RoutePolicy("public"),
}


def install(app: Flask) -> None:
    """Check every request by its line in POLICY, before its route is called."""
    app.before_request(_guard)


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # nothing is there: routing says so
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(404)  # no text of a row holds a NUL, and PostgreSQL refuses to look for one
    line = POLICY.get((request.endpoint, "GET" if request.method == "HEAD" else request.method))
    if line is None:
        abort(404)
    if (door := _admit(line.who)) is not None:
        return door
    if line.who != "public" and (page := enrolment_due()) is not None:
        return redirect(page, 303)
    if line.fresh and not is_recent(line.fresh):
        return _to_proof(line)
    if line.limit:
        slow_down(line.limit)
    if line.guesses:
        slow_down_guesses(line.guesses, typed_email())
    if line.proofs and (email := _email_of_who_is_here(line.proofs)):
        slow_down_guesses(line.proofs, email)
    return None


def _email_of_who_is_here(audience: str) -> str:
    """Returns the address of the visitor, or of who has given a first factor; "" where there is nobody."""
    if (known := signed_in_user()) is not None:
        return known.email
    given = first_factor_given(audience)
    return given[0].email if given is not None else ""


def _admit(who: Who) -> ResponseReturnValue | None:
    known = signed_in_user() if who not in {"public", "key", "dev"} else None
    match who:
        case "key":
            g.issuer = issuer_by_key()
            if g.issuer is None:
                abort(401, "give an API key that is valid: Authorization: Bearer fct_…", www_authenticate=KEY_IS_ASKED)
        case "dev" if not has_open_inbox():
            abort(404)
        case "consumer" if known is None or known.consumer is None:
            return _to_door("sign_in.show")
        case "operator" | "member" | "staff" if known is None or known.staff is None:
            return _to_door("staff_sign_in.show")
        case "operator" | "member" if not _has_rank(known, who):
            abort(404)
    return None


def _has_rank(known: Visitor | None, who: Who) -> bool:
    assert known is not None
    assert known.staff is not None
    return known.staff.is_operator == (who == "operator")


def _to_door(door: str) -> ResponseReturnValue:
    """Redirect to the sign-in page, which leads back to the page that was asked for."""
    going = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(door, suite=going), 303)


def _to_proof(line: RoutePolicy) -> ResponseReturnValue:
    """Redirect to the page that asks who the visitor is, and then leads back: to the page that was asked for, or to
    the form that was sent. The form is sent again by hand: what it said is not kept, and the visitor is told so."""
    page = "confirm_identity.show" if line.who == "consumer" else "staff_confirm_identity.show"
    if request.method == "GET":
        return redirect(url_for(page, suite=request.full_path.rstrip("?")), 303)
    return redirect(url_for(page, suite=_page_of_form(line.form or request.endpoint or ""), formulaire=1), 303)


def _page_of_form(endpoint: str) -> str:
    """Returns the address of the form's page, with those of the request's places that it has."""
    rule, given = next(current_app.url_map.iter_rules(endpoint)), request.view_args or {}
    return url_for(endpoint, **{name: given[name] for name in rule.arguments})


def has_open_inbox() -> bool:
    """Returns whether the dev inbox may be read here: only on a portal that serves this machine alone."""
    config = app_context.config()
    return config.has_dev_inbox and urlsplit(config.public_url).hostname in {"127.0.0.1", "::1", "localhost"}

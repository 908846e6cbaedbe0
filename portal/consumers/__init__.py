"""Consumers' pages: signing up and in, the bills, the contracts, the settings."""

from typing import Final

from portal.consumers import dev_inbox, notices, public_issuer_logo
from portal.consumers.accounts import (
    account_holders,
    account_trail,
    accounts,
    contract_offers,
    direct_debit_mandate,
    house_move,
    new_address,
    objection,
    suitability,
)
from portal.consumers.bill_forwarding import forward_addresses, forward_recipient
from portal.consumers.bills import bill, home, page_pictures, proof_of_address, tags_and_notes, years
from portal.consumers.calendar import calendar_address, calendar_file
from portal.consumers.enquiries import ask_issuer, enquiries
from portal.consumers.imports import add_documents, asked_document, own_issuers
from portal.consumers.invitations import invitation_page
from portal.consumers.mail_in import mail_in_address
from portal.consumers.one_bill import claim_from_bill, guest_payment, one_bill_page
from portal.consumers.paying import pay_online, payment_plan
from portal.consumers.settings import (
    closed_space,
    email_change,
    identities,
    language,
    large_print,
    notice_preference,
    phone,
    profile,
    push_devices,
    sessions,
    stopped_mail,
)
from portal.consumers.shared_bills import invite_reader, my_readers, shared_bill, shared_bills, shared_with_me
from portal.consumers.sign_in import forgotten_password, identity_provider, sign_in, sign_up, unknown_device
from portal.consumers.take_away import bill_archive, personal_data

BLUEPRINTS: Final = tuple(
    each.pages
    for each in (
        home,
        years,
        sign_up,
        sign_in,
        forgotten_password,
        unknown_device,
        identity_provider,
        identities,
        bill,
        proof_of_address,
        ask_issuer,
        enquiries,
        page_pictures,
        add_documents,
        asked_document,
        own_issuers,
        tags_and_notes,
        pay_online,
        one_bill_page,
        guest_payment,
        claim_from_bill,
        payment_plan,
        direct_debit_mandate,
        accounts,
        contract_offers,
        account_holders,
        account_trail,
        house_move,
        my_readers,
        invite_reader,
        shared_with_me,
        shared_bills,
        shared_bill,
        new_address,
        notices,
        suitability,
        notice_preference,
        push_devices,
        objection,
        stopped_mail,
        profile,
        sessions,
        closed_space,
        email_change,
        phone,
        calendar_address,
        calendar_file,
        forward_addresses,
        forward_recipient,
        invitation_page,
        bill_archive,
        mail_in_address,
        personal_data,
        language,
        large_print,
        public_issuer_logo,
        dev_inbox,
    )
)

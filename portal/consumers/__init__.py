"""Consumers' pages: signing up and in, the bills, the contracts, the settings."""

from typing import Final

from portal.consumers import (
    account_holders,
    account_trail,
    accounts,
    bill,
    dev_inbox,
    direct_debit_mandate,
    forgotten_password,
    home,
    language,
    new_address,
    notice_preference,
    notices,
    objection,
    pay_online,
    payment_plan,
    phone,
    profile,
    public_issuer_logo,
    push_devices,
    sign_in,
    sign_up,
    stopped_mail,
    suitability,
)
from portal.consumers.one_bill import claim_from_bill, guest_payment, one_bill_page

BLUEPRINTS: Final = tuple(
    each.pages
    for each in (
        home,
        sign_up,
        sign_in,
        forgotten_password,
        bill,
        pay_online,
        one_bill_page,
        guest_payment,
        claim_from_bill,
        payment_plan,
        direct_debit_mandate,
        accounts,
        account_holders,
        account_trail,
        new_address,
        notices,
        suitability,
        notice_preference,
        push_devices,
        objection,
        stopped_mail,
        profile,
        phone,
        language,
        public_issuer_logo,
        dev_inbox,
    )
)

"""Import all table models, so that Alembic and the checks see every table."""

from store import (  # noqa: F401
    archive_check_progress,
    delivery,
    e_report,
    heard_mail,
    issuer,
    job,
    print_answer,
    print_batch,
    public_id,
    rate_limit,
    staff_member,
)
from store.access_grants import access_grant  # noqa: F401
from store.accounts import (  # noqa: F401
    account_notice,
    account_question,
    address_suppression,
    consent,
    consumer,
    customer_account,
    holder_dispute,
    joint_holder_notice,
    letter_hold,
    notice_preference,
    one_bill_device,
    phone,
    push_subscription,
    shown_wording,
    sign_up,
    stated_move,
    stopped_mail,
    suitability_event,
)
from store.adoption_plans import kept_forecast, plan_version  # noqa: F401
from store.base import Base
from store.bill_archives import bill_archive  # noqa: F401
from store.bill_forwarding import forward_address, forwarded_bill  # noqa: F401
from store.bills import (  # noqa: F401
    bill,
    bill_enquiry,
    bill_note,
    bill_tag,
    channel_choice,
    page_pictures,
    references_between_bills,
)
from store.campaigns import (  # noqa: F401
    campaign,
    campaign_invitation,
    household_arm,
    stopped_contact,
)
from store.customers import (  # noqa: F401
    customer_reference,
    declined_offer,
    household,
)
from store.db import (  # noqa: F401
    event,
    heartbeat,
    periodic_task,
    work_tally,
)
from store.due_date_calendar import due_date_entry  # noqa: F401
from store.facts import (  # noqa: F401
    account_journey,
    counted_contribution,
    daily_fact,
    monthly_fact,
    recount_queue,
)
from store.feeds import (  # noqa: F401
    chunk,
    conflict,
    feed,
    item,
)
from store.heirs import heir  # noqa: F401
from store.imports import (  # noqa: F401
    imported_document,
    private_issuer,
)
from store.issuer_keys import issuer_key, sftp_credential  # noqa: F401
from store.issuer_profiles import profile_sample, profile_version  # noqa: F401
from store.leaving import email_change, space_closing  # noqa: F401
from store.outbox import (  # noqa: F401
    outbox_event,
    webhook_delivery,
    webhook_endpoint,
)
from store.payments import (  # noqa: F401
    bill_key,
    debit_mandate,
    payment,
    payment_allocation,
    payment_key,
    payment_order,
    payment_plan,
    payment_provider,
    payment_request,
)
from store.received_mail import received_mail  # noqa: F401
from store.search import search_entry  # noqa: F401
from store.secret_addresses import secret_address  # noqa: F401
from store.sign_in import (  # noqa: F401
    authenticator_app,
    factor_removal,
    passkey,
    provider_identity,
    recovery_code,
    sign_in_session,
    used_challenge,
)
from store.vault import (  # noqa: F401
    attachment_staging,
    push_signing_key,
)

__all__ = ["Base"]
from store.test_sides import side_customer, side_message  # noqa: F401

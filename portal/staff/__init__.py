"""Pages for the staff's own accounts: sign-in, invitations, passwords, members."""

from flask import Blueprint

from portal.issuers.brand_editor import pages as brand
from portal.issuers.keys.api_keys import pages as api_keys
from portal.issuers.keys.sftp_keys import pages as sftp_keys
from portal.issuers.payment_provider import pages as payment_provider
from portal.issuers.policy_page import pages as policy
from portal.issuers.profile_studio.map_sample import pages as profile_studio
from portal.issuers.profile_studio.show_profile import pages as issuer_profile
from portal.issuers.webhooks.endpoint_form import pages as webhook_form
from portal.issuers.webhooks.endpoints import pages as webhook_pages
from portal.operators.account_decisions import pages as account_decisions
from portal.operators.account_questions import pages as account_questions
from portal.operators.adoption.curve_pages import pages as adoption
from portal.operators.adoption.measure_lists import pages as adoption_measure
from portal.operators.adoption.measures_page import pages as measures
from portal.operators.adoption.month_lists import pages as adoption_month
from portal.operators.adoption.plan_pages import pages as adoption_plan
from portal.operators.awaited_issuers import pages as awaited_issuers
from portal.operators.batch_letters import pages as batch_letters
from portal.operators.bills import pages as bill_trace
from portal.operators.campaigns.campaign_accounts import pages as campaign_accounts
from portal.operators.campaigns.campaign_form import pages as campaign_form
from portal.operators.campaigns.campaign_pages import pages as campaigns
from portal.operators.conflicts import pages as conflicts
from portal.operators.customer_enquiries import pages as customer_enquiries
from portal.operators.dashboard import pages as dashboard
from portal.operators.feed_and_letter_decisions import pages as decisions
from portal.operators.feeds.feed_findings import pages as findings
from portal.operators.feeds.feed_items import pages as items
from portal.operators.feeds.feed_pages import pages as feeds
from portal.operators.feeds.feed_upload import pages as feed_upload
from portal.operators.heirs import pages as heirs
from portal.operators.holder_disputes import pages as disputes
from portal.operators.journeys.cohort_page import pages as cohorts
from portal.operators.journeys.contract_list import pages as contract_list
from portal.operators.journeys.funnel_page import pages as funnel
from portal.operators.journeys.paper_page import pages as paper
from portal.operators.letter_address import pages as letter_address
from portal.operators.payment_plans import pages as payment_plans
from portal.operators.payments import pages as payments
from portal.operators.pending_decisions import pages as waiting
from portal.operators.print_batches import pages as batches
from portal.operators.quality.data_quality import pages as quality
from portal.operators.returned_letters import pages as returned_letters
from portal.operators.returned_mails import pages as returned_mails
from portal.operators.room.audit_trail import pages as audit_trail
from portal.operators.room.issuers import pages as room_issuers
from portal.operators.room.people import pages as people
from portal.operators.room.silent_bills import pages as silent_bills
from portal.operators.room.tonight import pages as tonight
from portal.operators.room.workers import pages as workers
from portal.staff.forgotten_password import pages as forgotten
from portal.staff.invitation import pages as invitation
from portal.staff.invite_member import pages as invite_member
from portal.staff.member_role import pages as member_role
from portal.staff.members import pages as members
from portal.staff.password_settings import pages as settings
from portal.staff.sessions import pages as sessions
from portal.staff.sign_in import pages as sign_in
from portal.staff.team_second_factor import pages as team_second_factor
from portal.staff.unknown_device import pages as unknown_device
from portal.test_sides.test_side import pages as test_side

BLUEPRINTS: tuple[Blueprint, ...] = (
    sign_in,
    forgotten,
    invitation,
    unknown_device,
    settings,
    sessions,
    members,
    dashboard,
    tonight,
    silent_bills,
    workers,
    room_issuers,
    people,
    audit_trail,
    waiting,
    customer_enquiries,
    conflicts,
    account_questions,
    account_decisions,
    heirs,
    disputes,
    payment_plans,
    payments,
    returned_mails,
    returned_letters,
    feeds,
    feed_upload,
    findings,
    items,
    decisions,
    letter_address,
    batches,
    batch_letters,
    adoption,
    funnel,
    cohorts,
    paper,
    measures,
    contract_list,
    adoption_plan,
    adoption_measure,
    adoption_month,
    campaign_accounts,
    campaigns,
    campaign_form,
    awaited_issuers,
    quality,
    bill_trace,
    brand,
    invite_member,
    member_role,
    team_second_factor,
    api_keys,
    sftp_keys,
    webhook_pages,
    webhook_form,
    payment_provider,
    issuer_profile,
    profile_studio,
    test_side,
    policy,
)

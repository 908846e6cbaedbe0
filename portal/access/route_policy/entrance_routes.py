"""Access policy of the pages that say who and what may enter for an issuer: its team, keys, webhooks,
and the provider that its customers pay at."""

from typing import Final

from portal.access.route_policy.policy_line import FRESH, RoutePolicy

ENTRANCE: Final[dict[tuple[str, str], RoutePolicy]] = {
    ("members.show", "GET"): RoutePolicy("staff"),
    ("members.ask_to_remove", "GET"): RoutePolicy("staff", fresh=FRESH, role="admin"),
    ("members.reset_factors", "POST"): RoutePolicy("operator", fresh=FRESH, form="members.ask_to_remove", role="admin"),
    ("members.take_out", "POST"): RoutePolicy("staff", fresh=FRESH, form="members.ask_to_remove", role="admin"),
    ("invite_member.show", "GET"): RoutePolicy("staff", fresh=FRESH, role="admin"),
    ("invite_member.invite", "POST"): RoutePolicy("staff", "60/hour", fresh=FRESH, role="admin"),
    ("member_role.show", "GET"): RoutePolicy("staff", fresh=FRESH, role="admin"),
    ("member_role.change", "POST"): RoutePolicy("staff", fresh=FRESH, role="admin"),
    ("team_second_factor.choose", "POST"): RoutePolicy("staff", fresh=FRESH, form="members.show", role="admin"),
    ("program_keys.show_all", "GET"): RoutePolicy("staff"),
    ("program_keys.show", "GET"): RoutePolicy("staff"),
    ("program_keys.ask", "GET"): RoutePolicy("staff", fresh=FRESH, role="admin"),
    ("program_keys.make", "POST"): RoutePolicy("staff", "60/hour", fresh=FRESH, role="admin"),
    ("program_keys.rotate", "POST"): RoutePolicy(
        "staff", "60/hour", fresh=FRESH, form="program_keys.show", role="admin"
    ),
    ("program_keys.revoke", "POST"): RoutePolicy("staff", form="program_keys.show", role="admin"),
    ("sftp_keys.ask", "GET"): RoutePolicy("staff", fresh=FRESH, role="admin"),
    ("sftp_keys.add", "POST"): RoutePolicy("staff", "60/hour", fresh=FRESH, role="admin"),
    ("sftp_keys.set_password", "POST"): RoutePolicy(
        "staff", "60/hour", fresh=FRESH, form="sftp_keys.ask", role="admin"
    ),
    ("sftp_keys.ask_to_revoke", "GET"): RoutePolicy("staff", role="admin"),
    ("sftp_keys.revoke", "POST"): RoutePolicy("staff", role="admin"),
    ("webhook_pages.show_all", "GET"): RoutePolicy("staff"),
    ("webhook_pages.show", "GET"): RoutePolicy("staff"),
    ("webhook_pages.delivery", "GET"): RoutePolicy("staff"),
    ("webhook_pages.test", "POST"): RoutePolicy("staff", "60/hour"),
    ("webhook_pages.replay", "POST"): RoutePolicy("staff"),
    ("webhook_pages.replay_all_failed", "POST"): RoutePolicy("staff"),
    ("webhook_pages.rotate", "POST"): RoutePolicy(
        "staff", "60/hour", fresh=FRESH, form="webhook_pages.show", role="admin"
    ),
    ("webhook_pages.disable", "POST"): RoutePolicy("staff", role="admin"),
    ("webhook_pages.enable", "POST"): RoutePolicy("staff", role="admin"),
    ("payment_provider.show", "GET"): RoutePolicy("staff"),
    ("payment_provider.ask", "GET"): RoutePolicy("staff", fresh=FRESH, role="admin"),
    ("payment_provider.change", "POST"): RoutePolicy("staff", "60/hour", fresh=FRESH, role="admin"),
    ("webhook_form.ask", "GET"): RoutePolicy("staff", fresh=FRESH, role="admin"),
    ("webhook_form.add", "POST"): RoutePolicy("staff", "60/hour", fresh=FRESH, role="admin"),
    ("webhook_form.show", "GET"): RoutePolicy("staff", fresh=FRESH, role="admin"),
    ("webhook_form.change", "POST"): RoutePolicy("staff", "60/hour", fresh=FRESH, role="admin"),
}

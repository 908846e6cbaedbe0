"""Access policy of second factors and fresh proofs, of people and of staff."""

from typing import Final

from portal.access.route_policy.policy_line import FRESH, RoutePolicy

SECOND_FACTORS: Final[dict[tuple[str, str], RoutePolicy]] = {
    ("confirm_identity.show", "GET"): RoutePolicy("consumer"),
    ("confirm_identity.by_password", "POST"): RoutePolicy("consumer", proofs="consumer"),
    ("staff_confirm_identity.show", "GET"): RoutePolicy("staff"),
    ("staff_confirm_identity.by_password", "POST"): RoutePolicy("staff", proofs="staff", role="reader"),
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
    ("staff_confirm_identity.by_passkey", "POST"): RoutePolicy("staff", proofs="staff", role="reader"),
    ("staff_passkeys.ask", "GET"): RoutePolicy("staff", fresh=FRESH),
    ("staff_passkeys.add", "POST"): RoutePolicy("staff", "60/hour", fresh=FRESH, role="reader"),
    ("staff_passkeys.rename", "POST"): RoutePolicy("staff", role="reader"),
    ("staff_passkeys.remove", "POST"): RoutePolicy("staff", fresh=FRESH, form="staff_security.show", role="reader"),
    ("security.show", "GET"): RoutePolicy("consumer"),
    ("authenticator_app.begin", "POST"): RoutePolicy("consumer", "20/hour", fresh=FRESH, form="security.show"),
    ("authenticator_app.show", "GET"): RoutePolicy("consumer", fresh=FRESH),
    ("authenticator_app.confirm", "POST"): RoutePolicy(
        "consumer", proofs="consumer", fresh=FRESH, form="authenticator_app.show"
    ),
    ("authenticator_app.remove", "POST"): RoutePolicy("consumer", fresh=FRESH, form="security.show"),
    ("recovery_codes.renew", "POST"): RoutePolicy("consumer", "20/day", fresh=FRESH, form="security.show"),
    ("staff_confirm_identity.by_code", "POST"): RoutePolicy("staff", proofs="staff", role="reader"),
    ("staff_second_step.show", "GET"): RoutePolicy("public"),
    ("staff_second_step.by_code", "POST"): RoutePolicy("public", proofs="staff"),
    ("staff_security.show", "GET"): RoutePolicy("staff"),
    ("staff_authenticator_app.begin", "POST"): RoutePolicy(
        "staff", "20/hour", fresh=FRESH, form="staff_security.show", role="reader"
    ),
    ("staff_authenticator_app.show", "GET"): RoutePolicy("staff", fresh=FRESH),
    ("staff_authenticator_app.confirm", "POST"): RoutePolicy(
        "staff", proofs="staff", fresh=FRESH, form="staff_authenticator_app.show", role="reader"
    ),
    ("staff_authenticator_app.remove", "POST"): RoutePolicy(
        "staff", fresh=FRESH, form="staff_security.show", role="reader"
    ),
    ("staff_recovery_codes.renew", "POST"): RoutePolicy(
        "staff", "20/day", fresh=FRESH, form="staff_security.show", role="reader"
    ),
    ("lost_factor.show", "GET"): RoutePolicy("public"),
    ("lost_factor.send", "POST"): RoutePolicy("public", "10/day"),
    ("lost_factor.ask", "GET"): RoutePolicy("public"),
    ("lost_factor.begin", "POST"): RoutePolicy("public", "20/hour"),
    ("lost_factor.ask_to_keep", "GET"): RoutePolicy("public"),
    ("lost_factor.keep", "POST"): RoutePolicy("public", "60/hour"),
    ("lost_factor.cancel", "POST"): RoutePolicy("consumer"),
}

"""One guard applies the access policy (`portal.access.route_policy`) to every request, before its route is called.

A visitor of the wrong audience is sent to their sign-in page; one of the right audience without the rank or the role
gets 404, a key without the scope 403.
"""

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access.current_user import signed_in_user
from portal.access.key_allowance import spend_allowance
from portal.access.monitor import is_monitor, serves_this_machine_alone
from portal.access.program_key import admit_program
from portal.access.rate_limiting import slow_down, slow_down_guesses
from portal.access.recent_proof import is_recent
from portal.access.required_factor import enrolment_due
from portal.access.route_policy import POLICY, RoutePolicy
from portal.access.second_factor import first_factor_given
from portal.access.side_customer import refuse_for_side_customer
from portal.access.staff_role import admits
from portal.form_input import typed_email


def install(app: Flask) -> None:
    """Check every request by its line in POLICY, before its route is called."""
    app.before_request(_guard)


def policy_line() -> RoutePolicy | None:
    """Returns the policy's line for this request; None if it has none."""
    return POLICY.get((request.endpoint or "", "GET" if request.method == "HEAD" else request.method))


def may_enter() -> ResponseReturnValue | None:
    """Returns None if whoever asks may call the route, or else a way to where they may. Reads no body. Aborts with 401
    or 404."""
    line = policy_line()
    if line is None or _names_nothing(line):
        abort(404)
    method = "GET" if request.method == "HEAD" else request.method
    if (door := _admit(line, method)) is not None:
        return door
    if (way_back := refuse_for_side_customer()) is not None:
        return way_back
    if line.who != "public" and (page := enrolment_due()) is not None:
        return redirect(page, 303)
    if line.fresh and not is_recent(line.fresh):
        return _to_proof(line)
    return None


def _names_nothing(line: RoutePolicy) -> bool:
    """Whether the address holds a NUL: no text of a row does, and PostgreSQL refuses to look for one. What programs
    ask for by a query is read by the API, which says what is wrong with it."""
    read_here = () if line.who == "key" else request.args.values()
    return any("\0" in each for each in (request.path, *read_here))


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # nothing is there: routing says so
    if (door := may_enter()) is not None:
        return door
    _count()
    return None


def _count() -> None:
    """Count this request by the limits of its line. Aborts with 429 over one of them."""
    line = policy_line()
    assert line is not None
    if line.limit:
        slow_down(line.limit)
    if line.guesses:
        slow_down_guesses(line.guesses, typed_email())
    if line.proofs and (email := _email_of_who_is_here(line.proofs)):
        slow_down_guesses(line.proofs, email)


def _email_of_who_is_here(audience: str) -> str:
    """Returns the address of the visitor, or of who has given a first factor; "" where there is nobody."""
    if (known := signed_in_user()) is not None:
        return known.email
    given = first_factor_given(audience)
    return given[0].email if given is not None else ""


def _admit(line: RoutePolicy, method: str) -> ResponseReturnValue | None:
    known = signed_in_user() if line.who not in {"public", "key", "dev", "monitor"} else None
    match line.who:
        case "key":
            admit_program(line.scopes_for(method))
            spend_allowance(g.key)
        case "dev" if not has_open_inbox():
            abort(404)
        case "monitor" if not is_monitor():
            abort(404)
        case "consumer" if known is None or known.consumer is None:
            return _to_door("sign_in.show")
        case "operator" | "member" | "staff":
            if known is None or known.staff is None:
                return _to_door("staff_sign_in.show")
            if not admits(known.staff, line, method):
                abort(404)
    return None


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
    return app_context.config().has_dev_inbox and serves_this_machine_alone()

"""Who may enter where, and how often. Every (endpoint, method) has one line; one guard keeps them all.

HEAD goes where GET goes. Somebody of the wrong audience is shown their door; somebody of the right audience without
the right rank is told what everybody is told about a page that is not there.
"""

from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import WWWAuthenticate

from portal import here
from portal.throttle import slow_down, slow_down_guesses
from portal.visitor import Visitor, issuer_by_key, visitor

#: operator: runs the service; member: works for one issuer; staff: either; key: an issuer's program;
#: dev: anybody on this very machine, while mails go to the dev inbox.
Who = Literal["public", "consumer", "operator", "member", "staff", "key", "dev"]

#: RFC 6750: how a program is told to bring its key.
KEY_IS_ASKED: Final = WWWAuthenticate("bearer", {"realm": "facteur"})


class Line(NamedTuple):
    who: Who
    limit: str = ""  # so often, by visitor or client, and by the e-mail that is typed
    guesses: str = ""  # whose passwords are tried there: wrong ones are slowed down


POLICY: Final[dict[tuple[str, str], Line]] = {
    ("static", "GET"): Line("public"),
    ("static", "OPTIONS"): Line("public"),
    ("health.show", "GET"): Line("public"),
    ("health.work", "GET"): Line("public"),
    ("home.show", "GET"): Line("public"),
    ("language.choose", "POST"): Line("public"),
    ("logo.show", "GET"): Line("public"),
    ("inbox.show", "GET"): Line("dev"),
    ("inbox.mail", "GET"): Line("dev"),
    ("sign_up.show", "GET"): Line("public"),
    ("sign_up.send", "POST"): Line("public", "20/hour"),
    ("sign_up.confirm_nothing", "GET"): Line("public"),
    ("sign_up.confirm", "GET"): Line("public"),
    ("sign_up.confirmed", "POST"): Line("public"),
    ("sign_in.show", "GET"): Line("public"),
    ("sign_in.enter", "POST"): Line("public", guesses="consumer"),
    ("sign_in.leave", "POST"): Line("consumer"),
    ("forgotten.show", "GET"): Line("public"),
    ("forgotten.send", "POST"): Line("public", "10/hour"),
    ("forgotten.choose_nothing", "GET"): Line("public"),
    ("forgotten.choose", "GET"): Line("public"),
    ("forgotten.chosen", "POST"): Line("public", "20/hour"),
    ("bill.show", "GET"): Line("consumer"),
    ("bill.pdf", "GET"): Line("consumer"),
    ("bill.attachment", "GET"): Line("consumer"),
    ("bill.said_paid", "POST"): Line("consumer"),
    ("accounts.show", "GET"): Line("consumer"),
    ("accounts.type_code", "GET"): Line("public"),
    ("accounts.by_code", "GET"): Line("public"),
    ("accounts.add", "GET"): Line("consumer"),
    ("accounts.link", "POST"): Line("consumer", "60/hour"),
    ("accounts.offer", "GET"): Line("consumer"),
    ("accounts.paperless", "POST"): Line("consumer"),
    ("accounts.paper", "POST"): Line("consumer"),
    ("accounts.ask_to_leave", "GET"): Line("consumer"),
    ("accounts.leave", "POST"): Line("consumer"),
    ("holders.show", "GET"): Line("consumer"),
    ("holders.suspend", "POST"): Line("consumer"),
    ("holders.lift", "POST"): Line("consumer"),
    ("holders.welcome", "POST"): Line("consumer"),
    ("holders.ask", "POST"): Line("consumer"),
    ("notices.seen", "POST"): Line("consumer"),
    ("profile.show", "GET"): Line("consumer"),
    ("profile.change", "POST"): Line("consumer"),
    ("profile.new_password", "POST"): Line("consumer", "20/hour"),
    ("profile.confirm_again", "POST"): Line("consumer", "10/hour"),
    ("staff_sign_in.show", "GET"): Line("public"),
    ("staff_sign_in.enter", "POST"): Line("public", guesses="staff"),
    ("staff_sign_in.leave", "POST"): Line("staff"),
    ("invitation.show_nothing", "GET"): Line("public"),
    ("staff_forgotten.show", "GET"): Line("public"),
    ("staff_forgotten.send", "POST"): Line("public", "10/hour"),
    ("staff_forgotten.choose_nothing", "GET"): Line("public"),
    ("staff_forgotten.choose", "GET"): Line("public"),
    ("staff_forgotten.chosen", "POST"): Line("public", "20/hour"),
    ("staff_settings.show", "GET"): Line("staff"),
    ("staff_settings.new_password", "POST"): Line("staff", "20/hour"),
    ("members.show", "GET"): Line("staff"),
    ("members.ask_to_remove", "GET"): Line("staff"),
    ("members.take_out", "POST"): Line("staff"),
    ("invitation.show", "GET"): Line("public"),
    ("invitation.send_again", "POST"): Line("public", "10/hour"),
    ("invitation.take_up", "POST"): Line("public", "20/hour"),
    ("tonight.show", "GET"): Line("staff"),
    ("staff_feeds.show_all", "GET"): Line("staff"),
    ("staff_feeds.show", "GET"): Line("staff"),
    ("staff_items.show", "GET"): Line("staff"),
    ("staff_items.sheet", "GET"): Line("staff", "60/hour"),
    ("waiting.show", "GET"): Line("staff"),
    ("waiting.decide", "POST"): Line("operator"),
    ("waiting.retry", "POST"): Line("operator"),
    ("conflicts.show_all", "GET"): Line("staff"),
    ("conflicts.show", "GET"): Line("staff"),
    ("conflicts.decide", "POST"): Line("staff"),
    ("conflicts.decide_all", "POST"): Line("staff"),
    ("account_questions.show_all", "GET"): Line("staff"),
    ("account_questions.show", "GET"): Line("staff"),
    ("account_questions.decide", "POST"): Line("staff"),
    ("disputes.show_all", "GET"): Line("staff"),
    ("disputes.decide", "POST"): Line("staff"),
    ("decisions.decide", "POST"): Line("staff"),
    ("decisions.replay", "POST"): Line("operator"),
    ("decisions.rehearse", "POST"): Line("operator"),
    ("decisions.print_again", "POST"): Line("operator"),
    ("batches.show_all", "GET"): Line("staff"),
    ("batches.manifest", "GET"): Line("operator"),
    ("staff_adoption.show", "GET"): Line("staff"),
    ("quality.show", "GET"): Line("staff"),
    ("brand.show", "GET"): Line("member"),
    ("brand.try_out", "POST"): Line("member", "60/hour"),
    ("brand.preview", "GET"): Line("member"),
    ("brand.picture", "GET"): Line("member"),
    ("brand.logo", "GET"): Line("member"),
    ("brand.take", "POST"): Line("member"),
    ("fate.search", "GET"): Line("staff"),
    ("fate.show", "GET"): Line("staff"),
    ("api.drop_feed", "POST"): Line("key"),
    ("api.list_feeds", "GET"): Line("key"),
    ("api.show_feed", "GET"): Line("key"),
    ("api.list_items", "GET"): Line("key"),
    ("api.list_account_questions", "GET"): Line("key"),
    ("api.decide_account_question", "POST"): Line("key"),
    ("api.show_openapi", "GET"): Line("public"),
}


def install(app: Flask) -> None:
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
    if line.limit:
        slow_down(line.limit)
    if line.guesses:
        slow_down_guesses(line.guesses)
    return None


def _admit(who: Who) -> ResponseReturnValue | None:
    known = visitor() if who not in {"public", "key", "dev"} else None
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
    """To the sign-in page, and from there to where they were going."""
    going = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(door, suite=going), 303)


def has_open_inbox() -> bool:
    """Whether anybody here may look into the dev inbox: only on a portal that serves this machine alone."""
    config = here.config()
    return config.has_dev_inbox and urlsplit(config.public_url).hostname in {"127.0.0.1", "::1", "localhost"}

"""Sets response headers, session cookie, CSRF protection and size limits of the portal."""

from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Final, cast

from flask import Flask, Response, current_app, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer
from markupsafe import Markup

from config import Config
from portal.access.content_security_policy import content_security_policy
from portal.access.route_policy.policy_line import LARGEST_FORM
from store.vault.key_ring import SESSIONS, KeyRing

#: What every answer bears that does not say otherwise.
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
}
_WANTED: Final = [(name.lower(), name, value) for name, value in HEADERS.items()]
_POLICY: Final = "content-security-policy"
#: The name of the fields that an app has drawn.
_DRAWN: Final = "csrf_fields"

csrf: Final = CSRFProtect()


class _SessionCookies(SecureCookieSessionInterface):
    """Flask's, with the one signer of this app: its keys stay the same as long as it runs."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _signer(self) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(self._app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:  # noqa: ARG002
        return self._signer


def install(app: Flask, config: Config, keys: KeyRing) -> None:
    """Cookies and forms are signed with the present root; those of an older one are still read."""
    is_https = config.public_url.startswith("https://")
    signing = keys.keys(SESSIONS)
    app.config.update(
        SECRET_KEY=signing[-1],
        SECRET_KEY_FALLBACKS=signing[:-1],
        WTF_CSRF_SECRET_KEY=signing,
        SESSION_COOKIE_NAME="__Host-facteur" if is_https else "facteur",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,  # once a day is enough (`current_user`)
        MAX_CONTENT_LENGTH=LARGEST_FORM,  # a line of the policy may say another (`body_guard`)
        PROVIDE_AUTOMATIC_OPTIONS=False,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: people leave a page open
        WTF_CSRF_SSL_STRICT=False,  # it would ask for the referrer, which our pages do not send
    )
    app.session_interface = _SessionCookies(app)
    app.extensions[_DRAWN] = lru_cache(4096)(_draw_csrf_field)
    app.jinja_env.globals["csrf_field"] = csrf_field
    csrf.init_app(app)
    app.after_request(_add_headers)
    if is_https:
        app.after_request(_stay_on_https)


def demand_token() -> None:
    """Abort with 400 unless the request bears the token of its page. For a route that is exempt, so that its form is
    read only once the guard has let the visitor in."""
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()


def csrf_field() -> Markup:
    """Returns the hidden field by which a form of this page is known as ours."""
    if (field := g.get("csrf_field")) is None:
        secret = session.get("csrf_token")
        draw = _draw_csrf_field if secret is None else current_app.extensions[_DRAWN]
        field = g.csrf_field = draw(secret)
    return cast("Markup", field)


def _draw_csrf_field(_secret: str | None) -> Markup:
    """The field of a session, by its secret: signed once, since nothing limits its time but the session."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _add_headers(response: Response) -> Response:
    """Add the headers that the answer does not have."""
    given = {name.lower() for name, _ in response.headers}
    if _POLICY not in given:
        response.headers.add("Content-Security-Policy", content_security_policy())
    for lower, name, value in _WANTED:
        if lower not in given:
            response.headers.add(name, value)
    return response


def _stay_on_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response

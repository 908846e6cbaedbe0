"""Builds the web application from a store, a configuration and a clock."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, request

from config import Config
from portal import (
    app_context,
    error_pages,
    page_address,
    public_id_converter,
    row_id,
    search_engines,
    static_files,
    translation,
)
from portal.access import (
    body_guard,
    current_user,
    identity_providers,
    key_allowance,
    route_guard,
    security_headers_and_csrf,
    side_customer,
    staff_role,
    staff_side,
)
from portal.access.content_security_policy import page_script
from portal.access.trusted_proxies import TrustedProxies
from portal.api import BLUEPRINTS as API
from portal.api.blueprint import pages as api
from portal.api.contract.row_ids_outside import VERSION_2
from portal.consumers import BLUEPRINTS as CONSUMERS
from portal.consumers import notices
from portal.consumers.accounts import new_address, objection, suitability
from portal.consumers.enquiries import enquiries_on_bill
from portal.consumers.mail_in import mail_in_address
from portal.consumers.presenters import places
from portal.consumers.settings import large_print
from portal.consumers.shared_bills import shared_with_me
from portal.health_check import pages as health
from portal.monitoring import metrics, request_log
from portal.operators.presenters import batch_day, finding_text
from portal.presenters import (
    amounts_and_dates,
    issuer_badge,
    labelled_account_number,
    marked_words,
    page_frame,
    reason_text,
)
from portal.second_factors import BLUEPRINTS as FACTORS
from portal.second_factors import lost_factor
from portal.second_factors.audience_pages import STAFF as STAFF_PAGES
from portal.second_factors.audience_pages import there
from portal.second_factors.passkey_ceremony import offers_passkeys, request_options
from portal.staff import BLUEPRINTS as STAFF
from store import Store

log = logging.getLogger(__name__)


class _Portal(Flask):
    """Flask, none of whose functions is a coroutine: it need not look at each of them, a dozen times a page."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def log_exception(self, exc_info: Any) -> None:
        """Tell of an error by the route: its address may hold a link's secret."""
        log.error("request %s %s failed", request.method, request.endpoint or "nothing", exc_info=exc_info)


def make_app(store: Store, config: Config, clock: app_context.Clock = lambda: datetime.now(UTC)) -> Flask:
    """Returns the Flask app. *clock* returns business time, aware."""
    app = _Portal("portal", root_path=str(app_context.FOLDER), static_folder=None)
    app.wsgi_app = TrustedProxies(app.wsgi_app, config.trusted_proxies)  # type: ignore[method-assign]
    app_context.install(app, store, config, clock)
    request_log.install(app)
    metrics.install(app)  # before all that may refuse a request
    row_id.install(app)
    body_guard.install(app)  # before the token of a form is looked for, which reads its body
    security_headers_and_csrf.install(app, config, store.keys)
    current_user.install(app)
    identity_providers.install(app, config)
    key_allowance.install(app)
    route_guard.install(app)
    public_id_converter.install(app, store.public_ids)
    static_files.install(app)
    error_pages.install(app)
    page_address.install(app)
    page_frame.install(app)
    search_engines.install(app)
    _teach(app)
    for pages in (health, metrics.pages, *CONSUMERS, *STAFF, *API):
        app.register_blueprint(pages)
    app.register_blueprint(api, name=VERSION_2, url_prefix="/v2")
    app.register_blueprint(lost_factor.pages)
    for pages in FACTORS:
        app.register_blueprint(pages)
        app.register_blueprint(pages, name=f"{STAFF_PAGES}{pages.name}", url_prefix="/equipe")
    return app


def _teach(app: Flask) -> None:
    """Register the templates' filters and globals: translation, amounts, dates, the visitor, an issuer's badge."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "money": amounts_and_dates.money,
        "difference": amounts_and_dates.difference,
        "day": amounts_and_dates.day,
        "exact_day": amounts_and_dates.exact_day,
        "day_of": amounts_and_dates.day_of,
        "typed_amount": amounts_and_dates.typed_amount,
        "moment": amounts_and_dates.moment,
        "batch_day": batch_day.batch_day,
        "month": amounts_and_dates.month,
        "number": amounts_and_dates.number,
        "waiting_number": amounts_and_dates.waiting_number,
        "percent": amounts_and_dates.share,
        "size": amounts_and_dates.size,
        "short_month": amounts_and_dates.short_month,
        "address": amounts_and_dates.address,
        "mark": issuer_badge.issuer_badge,
        "drawn": issuer_badge.drawn,
        "reason": reason_text.reason_text,
        "sought": marked_words.sought,
        "said": finding_text.message,
        "place": finding_text.place,
    }
    app.jinja_env.globals |= {
        "_": translation.say,
        "holder_notices": notices.unseen,
        "address_questions": new_address.asked,
        "suitability_questions": suitability.unanswered,
        "default_notices": objection.running,
        "unread_answers": enquiries_on_bill.unread,
        "has_shared_bills": shared_with_me.has_shared_bills,
        "numbered": labelled_account_number.numbered,
        "numbered_within": labelled_account_number.numbered_within,
        "script": page_script,
        "consumer_places": places.consumer_places,
        "language": translation.language,
        "large_print": large_print.large_print,
        "page_languages": translation.page_languages,
        "other_languages": translation.other_languages,
        "visitor": current_user.signed_in_user,
        "identity_providers": lambda: app_context.config().oidc_providers,
        "print_houses": app_context.print_houses,
        "mail_in_domain": mail_in_address.mail_in_domain,
        "may": staff_role.may,
        "has_open_inbox": route_guard.has_open_inbox,
        "offers_passkeys": offers_passkeys,
        "passkey_options": request_options,
        "there": there,
        "test_side": staff_side.test_side,
        "is_side_customer": side_customer.is_side_customer,
    }
    app.jinja_env.globals["parts"] = parts = app.jinja_env.get_template("macros.html").module
    app.jinja_env.globals["stamp"] = parts.icon("stamp")  # type: ignore[attr-defined]

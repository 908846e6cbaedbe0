"""The web application: made from a store, a configuration and a clock, and from nothing else."""

from datetime import UTC, datetime

from flask import Flask

from config import Config
from portal import account_number, errors, figures, here, issuer_mark, policy, row_number, security, visitor, words
from portal.api import BLUEPRINTS as API
from portal.consumers import BLUEPRINTS as CONSUMERS
from portal.consumers import notices
from portal.health import pages as health
from portal.staff import BLUEPRINTS as STAFF
from portal.staff import findings
from portal.trusted_proxies import TrustedProxies
from store import Store


def make_app(store: Store, config: Config, clock: here.Clock = lambda: datetime.now(UTC)) -> Flask:
    """The portal. *clock* says what time it is in business time; it is aware."""
    app = Flask("portal", root_path=str(here.FOLDER))
    app.wsgi_app = TrustedProxies(app.wsgi_app, config.trusted_proxies)  # type: ignore[method-assign]
    here.install(app, store, config, clock)
    row_number.install(app)
    security.install(app, config)
    visitor.install(app)
    policy.install(app)
    errors.install(app)
    _teach(app)
    for pages in (health, *CONSUMERS, *STAFF, *API):
        app.register_blueprint(pages)
    return app


def _teach(app: Flask) -> None:
    """What the templates know: our words, figures and days, the visitor, an issuer's mark."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "money": figures.money,
        "difference": figures.difference,
        "day": figures.day,
        "exact_day": figures.exact_day,
        "day_of": figures.day_of,
        "moment": figures.moment,
        "month": figures.month,
        "number": figures.number,
        "waiting_number": figures.waiting_number,
        "percent": figures.share,
        "size": figures.size,
        "short_month": figures.short_month,
        "address": figures.address,
        "mark": issuer_mark.mark_of,
        "said": findings.message,
        "place": findings.place,
    }
    app.jinja_env.globals |= {
        "_": words.say,
        "holder_notices": notices.unseen,
        "numbered": account_number.numbered,
        "language": words.language,
        "visitor": visitor.visitor,
        "has_open_inbox": policy.has_open_inbox,
    }

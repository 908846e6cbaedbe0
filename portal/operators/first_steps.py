"""The first steps of a new issuer: what its members do before its first bills are out, and what is done of it."""

from datetime import date, datetime
from typing import Any, Final, NamedTuple

from flask import url_for
from sqlalchemy.orm import Session

from issuers.registry import profile_of
from portal.access import current_user
from portal.access.staff_role import may
from portal.translation import say
from staff.list_and_remove_members import team
from store.feeds.feed import Feed, latest_feeds, released_feeds_since
from store.issuer import Issuer
from store.issuer_keys.issuer_key import keys_of
from store.issuer_keys.sftp_credential import sftp_keys_of
from store.issuer_profiles.profile_sample import samples_of

#: Before any feed.
_EVER: Final = date(1970, 1, 1)
#: So many of the latest feeds show how the issuer's files are read.
_LOOKED_AT: Final = 5
#: Formats that say themselves what their fields are, as feeds name them.
_READ_ALONE: Final = frozenset({"UBL", "CII", "Factur-X", "ZUGFeRD 1.0", "EDIFACT", "XML batch"})


class FirstStep(NamedTuple):
    """A step: its name and what it is for; *url* is "" for whoever may not take it."""

    name: str
    about: str
    url: str
    is_done: bool


def first_steps(session: Session, issuer: Issuer, now: datetime) -> list[FirstStep]:
    """Returns the steps in the order in which they are taken; none once bills of the issuer were released. A test
    side's team is its issuer's."""
    if released_feeds_since(session, issuer.id, _EVER, 1):
        return []
    fed = latest_feeds(session, issuer.id, _LOOKED_AT)
    is_mapped = issuer.profile_version > 1 or _has_layout(issuer) or any(map(_needs_no_layout, fed))
    return [
        FirstStep(
            say("Une clé"),
            say("Pour vos programmes ou pour SFTP ; elle n’est montrée qu’une fois. Sans elle, la console suffit."),
            _url("program_keys.show_all", issuer_id=issuer.id), _has_key(session, issuer, now),
        ),
        FirstStep(
            say("Un exemple de vos fichiers"), say("Il est lu pour vous, à part, et effacé après un jour."),
            _url("issuer_profile.show"), is_mapped or bool(samples_of(session, issuer.id)),
        ),
        FirstStep(
            say("Votre profil"),
            say("Ce que sont vos colonnes. UBL, CII, Factur-X et EDIFACT se lisent sans rien régler."),
            _url("issuer_profile.show"), is_mapped,
        ),
        FirstStep(
            say("Un premier flux"), say("Rien n’est publié avant d’avoir été lu jusqu’au bout."),
            _url("feed_upload.show"), bool(fed),
        ),
        FirstStep(
            say("Votre équipe"), say("Qui répond aux clients quand vous n’êtes pas là ?"),
            _url("invite_member.show"), len(team(session, current_user.staff().issuer_id)) > 1,
        ),
    ]  # fmt: skip


def _url(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values) if may(endpoint) else ""


def _has_key(session: Session, issuer: Issuer, now: datetime) -> bool:
    return any(each.is_live(now) for each in keys_of(session, issuer.id)) or any(
        each.revoked_at is None for each in sftp_keys_of(session, issuer.id)
    )


def _needs_no_layout(feed: Feed) -> bool:
    """Whether a feed shows that the issuer's files are read without columns that somebody has mapped."""
    return feed.state == "held" or feed.format in _READ_ALONE


def _has_layout(issuer: Issuer) -> bool:
    profile = profile_of(issuer)
    return any((profile.delimited, profile.records, profile.json.columns, profile.xml))

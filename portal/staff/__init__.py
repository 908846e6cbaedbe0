"""Staff's pages: operators see everything, an issuer's members the same pages for their issuer alone."""

from flask import Blueprint

from portal.staff.account_questions import pages as account_questions
from portal.staff.adoption import pages as adoption
from portal.staff.batches import pages as batches
from portal.staff.brand import pages as brand
from portal.staff.conflicts import pages as conflicts
from portal.staff.decisions import pages as decisions
from portal.staff.disputes import pages as disputes
from portal.staff.fate import pages as fate
from portal.staff.feeds import pages as feeds
from portal.staff.forgotten import pages as forgotten
from portal.staff.invitation import pages as invitation
from portal.staff.items import pages as items
from portal.staff.members import pages as members
from portal.staff.quality import pages as quality
from portal.staff.settings import pages as settings
from portal.staff.sign_in import pages as sign_in
from portal.staff.tonight import pages as tonight
from portal.staff.waiting import pages as waiting

BLUEPRINTS: tuple[Blueprint, ...] = (
    sign_in, forgotten, invitation, settings, members, tonight, waiting, conflicts, account_questions, disputes, feeds,
    items, decisions, batches, adoption, quality, fate, brand,
)  # fmt: skip

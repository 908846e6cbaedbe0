"""A feed's items: every one with its outcome, place and reasons, on pages and as a sheet."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from issuers.amount_text import amount_text
from portal import here
from portal.row_number import row_number
from portal.sheet import Cell, as_sheet
from portal.staff import findings, scope, wording
from portal.words import say
from store.feed_tally import feed_tallies
from store.item import OUTCOMES
from store.outcome import WAITING, Found, all_items, items_after

pages = Blueprint("staff_items", __name__, url_prefix="/equipe/flux/<int:feed_id>/articles")

ITEMS_A_PAGE: Final = 50
#: Rows of a sheet that are fetched at once.
_GROUP: Final = 500


@pages.get("")
def show(feed_id: int) -> ResponseReturnValue:
    feed = scope.feed(feed_id)
    outcome, rule = _asked()
    after = row_number(request.args.get("suite", "")) or 0
    found = items_after(here.reading(), feed.id, after, ITEMS_A_PAGE + 1, outcome, rule)
    shown = found[:ITEMS_A_PAGE]
    is_more = len(found) > ITEMS_A_PAGE

    def there(page: str, after: int | None = None) -> str:
        return url_for(page, feed_id=feed.id, sort=outcome, regle=rule, suite=after)

    return render_template(
        "staff/items.html",
        feed=feed,
        issuer=scope.issuers()[feed.issuer_id],
        found=shown,
        outcome=outcome,
        rule=rule,
        tallies=feed_tallies(here.reading(), [feed])[feed.id],
        outcomes=(*OUTCOMES, WAITING),
        first=there(".show") if after else None,
        following=there(".show", shown[-1].item.seq) if is_more else None,
        sheet=there(".sheet"),
        wording=wording,
    )


@pages.get("/feuille.csv")
def sheet(feed_id: int) -> ResponseReturnValue:
    """All of them as CSV, written as it is fetched."""
    feed = scope.feed(feed_id)
    outcome, rule = _asked()
    head = [
        say("Article"), say("Facture"), say("Sort"), say("Montant"), say("Devise"), say("Règles"), say("Constats"),
        say("Place"),
    ]  # fmt: skip

    def rows() -> Iterator[list[Cell]]:
        with here.store().reading() as session:
            yield from (_row(each) for each in all_items(session, feed.id, _GROUP, outcome, rule))

    answer = Response(stream_with_context(as_sheet(head, rows())), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"flux-{feed.id}.csv")
    return answer


def _row(found: Found) -> list[Cell]:
    item = found.item
    return [
        item.seq,
        item.number,
        say(wording.OUTCOME[item.outcome or WAITING][0]),
        None if item.payable is None else Decimal(amount_text(item.payable, item.currency or "")),
        item.currency,
        " ".join(dict.fromkeys(each.rule for each in found.findings)),
        " ; ".join(findings.message(each) for each in found.findings),
        findings.place(item.place),
    ]


def _asked() -> tuple[str | None, str | None]:
    """The outcome and the rule that are asked for; what is none of them asks for nothing."""
    outcome, rule = request.args.get("sort", ""), request.args.get("regle", "")[:60]
    return outcome if outcome in {*OUTCOMES, WAITING} else None, rule or None

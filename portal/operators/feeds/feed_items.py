"""A feed's items with outcome, place and findings: pages, and a CSV export."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from bill.decimal_text import amount_text
from export.saved_files.csv_table import Cell
from export.saved_files.file_name import file_name
from portal import app_context
from portal.access import staff_scope
from portal.operators.presenters import finding_text
from portal.presenters.csv_export import csv_response
from portal.row_id import row_id
from portal.translation import say
from store.feeds.feed_outcome_counts import feed_tallies
from store.feeds.item import CUSTOMER_OUTCOMES, ENTRY_OUTCOMES, OUTCOMES, outcomes_of
from store.feeds.items_by_outcome import WAITING, ItemFindings, all_items, items_after
from words import state_names

pages = Blueprint("staff_items", __name__, url_prefix="/equipe/flux/<row(feed):feed_id>/articles")

ITEMS_A_PAGE: Final = 50
#: Rows of a sheet that are fetched at once.
_GROUP: Final = 500


@pages.get("")
def show(feed_id: int) -> ResponseReturnValue:
    feed = staff_scope.feed(feed_id)
    outcome, rule = _asked()
    after = row_id(request.args.get("suite", "")) or 0
    found = items_after(app_context.reading(), feed.id, after, ITEMS_A_PAGE + 1, outcome, rule)
    shown = found[:ITEMS_A_PAGE]
    is_more = len(found) > ITEMS_A_PAGE

    def there(page: str, after: int | None = None) -> str:
        return url_for(page, feed_id=feed.id, sort=outcome, regle=rule, suite=after and str(after))

    return render_template(
        "operators/feeds/feed_items.html",
        feed=feed,
        issuer=staff_scope.issuers()[feed.issuer_id],
        found=shown,
        outcome=outcome,
        rule=rule,
        tallies=feed_tallies(app_context.reading(), [feed])[feed.id],
        outcomes=(*outcomes_of(feed.content), WAITING),
        first=there(".show") if after else None,
        following=there(".show", shown[-1].item.seq) if is_more else None,
        sheet=there(".sheet"),
        wording=state_names,
    )


@pages.get("/feuille.csv")
def sheet(feed_id: int) -> ResponseReturnValue:
    """Streams all items as CSV."""
    feed = staff_scope.feed(feed_id)
    outcome, rule = _asked()
    head = [
        say("Article"), say("Facture"), say("Sort"), say("Montant"), say("Devise"), say("Règles"), say("Constats"),
        say("Place"),
    ]  # fmt: skip

    def rows() -> Iterator[list[Cell]]:
        with app_context.store().reading() as session:
            yield from (_row(each) for each in all_items(session, feed.id, _GROUP, outcome, rule))

    answer = Response(stream_with_context(csv_response(head, rows())), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(f"{feed.name}.csv"))
    return answer


def _row(found: ItemFindings) -> list[Cell]:
    item = found.item
    return [
        item.seq,
        item.number,
        say(state_names.OUTCOME[item.outcome or WAITING][0]),
        None if item.payable is None else Decimal(amount_text(item.payable, item.currency or "")),
        item.currency,
        " ".join(dict.fromkeys(each.rule for each in found.findings)),
        f"{say(' ;')} ".join(finding_text.message(each) for each in found.findings),
        finding_text.place(item.place),
    ]


def _asked() -> tuple[str | None, str | None]:
    """Returns the outcome and the rule of the query's filter; an unknown one is no filter."""
    outcome, rule = request.args.get("sort", ""), request.args.get("regle", "")[:60]
    return outcome if outcome in {*OUTCOMES, *ENTRY_OUTCOMES, *CUSTOMER_OUTCOMES, WAITING} else None, rule or None

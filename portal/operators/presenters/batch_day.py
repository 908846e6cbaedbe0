"""The day that a print batch is called by on pages."""

from typing import Literal

from markupsafe import Markup

from portal.presenters.amounts_and_dates import moment
from portal.translation import say
from store.print_batch import PrintBatch


def batch_day(
    batch: PrintBatch, of: Literal["cut_off_at", "handed_over_at"] = "cut_off_at", *, with_house: bool = False
) -> Markup:
    """Returns the moment of a batch's cut-off (or handover), with its number if the cut-off has several. *with_house*:
    with its print house, unless that is the everyday one."""
    told = moment(getattr(batch, of))
    if batch.part > 1:
        told = Markup(say("{day}, n° {n}", day=told, n=batch.part))  # noqa: S704 -- a moment's markup and a number
    return told + f", {batch.house}" if with_house and batch.house != "main" else told

"""Hold a customer file that would do what no customer file does: move or close many accounts, or say much less than the
one before. Pure."""

from collections.abc import Iterator

from bill import Finding, warning
from customers.customer_survey import CustomerSurvey
from issuers.customer_layout import CustomerLayout
from store.feeds.feed_counts_as_read import FeedCounts


def customer_file_hold_reasons(
    survey: CustomerSurvey, read: FeedCounts, before: FeedCounts | None, layout: CustomerLayout
) -> Iterator[Finding]:
    """Reasons why a person must decide on a customer file. *read* counts its records, *before* those of the one before
    it, if there is one."""
    limits = layout.limits
    if not limits.on:
        return
    for rule, part, limit, whole, sentence in (
        ("CUSTOMERS-MOVED", survey.addresses, limits.addresses, survey.known,
         "{part} of {count} known accounts would get their letters at another address ({share})"),
        ("CUSTOMERS-RENAMED", survey.names, limits.names, survey.known,
         "{part} of {count} known accounts would have a holder of another name ({share})"),
        ("CUSTOMERS-CLOSED", survey.closed, limits.closed, survey.known,
         "{part} of {count} known accounts would be closed, or their holder dead ({share})"),
        ("CUSTOMERS-QUESTIONS", survey.questions, limits.questions, survey.known + survey.questions,
         "{part} of {count} known account numbers come with another name and another address ({share})"),
        ("CUSTOMERS-REJECTED", read.refused, limits.rejects, read.items,
         "{part} of {count} records are refused ({share})"),
    ):  # fmt: skip
        if part >= limits.least and part > limit * whole:
            yield warning(rule, sentence, part=part, count=whole, share=_percent(part, whole))
    if layout.extent == "whole" and before is not None:
        missing = before.items - read.items
        if missing >= limits.least and missing > limits.shorter * before.items:
            sentence = "{count} records, and {before} in the file before ({share} less): is it whole?"
            share = _percent(missing, before.items)
            yield warning("CUSTOMERS-SHORTER", sentence, count=read.items, before=before.items, share=share)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.0f} %"

"""All issuers of a reader as a list beside their bills, drawn at once like a bill's row (docs/fast-paths.md)."""

from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup, escape

from portal.consumers.presenters.bill_list.issuers_at_a_glance import IssuerAtAGlance
from portal.presenters.amounts_and_dates import day, money
from portal.presenters.issuer_badge import drawn, named
from portal.translation import say

#: So many are shown; the others are folded away.
_SHOWN: Final = 8


def issuers_list(issuers: Sequence[IssuerAtAGlance]) -> Markup:
    """Returns the section of these issuers, each of which leads to its bills; nothing where there is only one."""
    if len(issuers) < 2:
        return Markup()
    return Markup(  # noqa: S704 -- what others wrote is escaped, each piece where it is set
        '<section class="stack" aria-labelledby="emetteurs">\n'
        f'  <h2 id="emetteurs" class="small-heading">{escape(say("Vos émetteurs"))}</h2>\n'
        f'  <ul class="rows">\n{_rows(issuers[:_SHOWN])}  </ul>\n{_folded(issuers[_SHOWN:])}</section>'
    )


def _folded(others: Sequence[IssuerAtAGlance]) -> str:
    if not others:
        return ""
    words = escape(say("{n} autre émetteur|{n} autres émetteurs", n=len(others)))
    return (
        f'  <details>\n    <summary>{words}</summary>\n    <ul class="rows">\n{_rows(others)}    </ul>\n  </details>\n'
    )


def _rows(issuers: Iterable[IssuerAtAGlance]) -> str:
    return "".join([_row(each) for each in issuers])


def _row(each: IssuerAtAGlance) -> str:
    return (
        f'<li>\n  <a class="row compact{" done" if each.is_calm else ""}" href="{escape(each.url)}">\n'
        f'    {drawn(each.badge)}\n    <span><span class="name">{named(each.badge)}</span>{_waiting(each)}</span>\n'
        f"{_to_pay(each)}  </a>\n</li>\n"
    )


def _waiting(each: IssuerAtAGlance) -> str:
    """What is new, and what the issuer asks."""
    told = [f'<span class="chip ask">{escape(words)}</span>' for words in each.questions]
    if each.new:
        told.insert(0, f"<b>{escape(say('{n} nouvelle|{n} nouvelles', n=each.new))}</b>")
    return f' <span class="about">{" · ".join(told)}</span>' if told else ""


def _to_pay(each: IssuerAtAGlance) -> str:
    if not each.to_pay:
        return ""
    sums = "".join([f"{money(total.amount, total.currency)} " for total in each.to_pay])
    if each.is_past:
        when = escape(say("échéance passée"))
    else:
        when = day(each.soonest, "by", short=True) if each.soonest else escape(say("à payer"))
    return f'<span class="value">{sums}<span class="about">{when}</span></span>'

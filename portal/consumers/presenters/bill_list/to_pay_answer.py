"""The answer that a home page begins with, drawn at once (docs/fast-paths.md): what is to pay, in each currency; else
that nothing is."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from portal.consumers.presenters.bill_list.total_to_pay import TotalToPay
from portal.page_address import bill_addresses, url_for
from portal.presenters.amounts_and_dates import day, money
from portal.translation import say


def to_pay_answer(owed: Sequence[TotalToPay], name: str, unheard: int) -> Markup:
    """Returns the answer for the reader of this *name*: the totals that they owe, the largest first. Where they owe
    nothing, *unheard* is how many bills are long past due and not said to be paid (`past_without_a_word`)."""
    greeting = f"<p>{escape(say('Bonjour {name}', name=name))}</p>"
    if not owed:
        return _nothing(greeting, unheard)
    first, *others = owed
    answers = [
        _total(first, f"{greeting}  ", say("À payer")),
        *(_total(each, "  ", say("À payer aussi")) for each in others),
    ]
    return Markup("".join(answers))  # noqa: S704 -- what others wrote is escaped, each piece where it is set


def _total(total: TotalToPay, before: str, heading: str) -> str:
    return (
        f'<div class="hero stack">\n{before}<p class="quiet">{escape(heading)}</p>\n'
        f"  <p>{money(total.amount, total.currency)}</p>\n"
        f"  <p>\n    {escape(say('{n} facture|{n} factures', n=total.bills))}{_when(total)}  </p>\n"
        f'  <p><a class="button ask" href="{escape(bill_addresses())}{total.soonest.row.uid}">'
        f"{escape(say('Voir et payer'))}</a></p>\n</div>\n"
    )


def _when(total: TotalToPay) -> str:
    """How many of the bills are past due; else when the first of them is."""
    if total.past:
        words = escape(say("dont {n} à l’échéance passée", n=total.past))
        return f', <span class="chip ask">{words}</span>'
    due = total.soonest.due.due
    if due is None:
        return ""
    when = day(due, "by")
    return f", {escape(say('la première {when}', when=when)) if total.bills > 1 else when}"


def _nothing(greeting: str, unheard: int) -> Markup:
    calm, waiting = say("Rien à payer."), ""
    if unheard:
        calm = say("Aucune échéance à venir.")
        words = say(
            "Une facture a passé son échéance, et personne ne nous a dit si elle est payée."
            "|Des factures ont passé leur échéance, et personne ne nous a dit si elles sont payées.",
            n=unheard,
        )
        them = f'<a href="{escape(url_for("home.show", impayees=1))}">{escape(say("Les voir"))}</a>'
        waiting = f'  <p class="quiet">{escape(words)} {them}</p>\n'
    later = escape(say("Nous vous prévenons à la prochaine facture."))
    return Markup(  # noqa: S704 -- words are escaped where they are set
        f'<div class="hero stack">\n  {greeting}\n  <p class="calm">{escape(calm)}</p>\n{waiting}'
        f'  <p class="quiet">{later}</p>\n</div>\n'
    )

"""Why a bill changed: one cause gives one kind of part, and the parts always add up to the difference."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from bill import AllowanceCharge, Bill, Identifier, Line, Period, Totals, VatBreakdown
from bill.change import Explanation, explain
from bill.change.explain_change import MOST_LINES
from tests.bill.change.bills_of_alice import FEBRUARY, JANUARY, MARCH, a_bill, a_line

TWO_DAYS_MORE = Period(start=date(2026, 1, 1), end=date(2026, 2, 2))


def told(explanation: Explanation) -> list[tuple[str, Decimal]]:
    assert sum(part.amount for part in explanation.parts) == explanation.difference
    return [(part.kind, part.amount) for part in explanation.parts]


def test_a_price_rise_alone_is_only_a_price() -> None:
    old, new = a_bill(a_line(price="0.1358")), a_bill(a_line(price="0.1441"), number="G")
    assert told(explain(new, old)) == [("price", Decimal("1.99"))]
    [part] = explain(new, old).parts
    assert (part.before, part.now) == (Decimal("0.1358"), Decimal("0.1441"))


def test_27_kwh_more_at_the_same_price_is_only_a_quantity() -> None:
    explanation = explain(a_bill(a_line(quantity=227)), a_bill(a_line(quantity=200)))
    assert told(explanation) == [("quantity", Decimal("4.86"))]
    assert (explanation.used_before, explanation.used, explanation.unit) == (Decimal(200), Decimal(227), "KWH")


def test_two_days_more_at_the_same_pace_are_only_days() -> None:
    longer = a_bill(
        a_line(quantity=330, period=TWO_DAYS_MORE), a_line("Abonnement", 33, "0.40", "DAY"), period=TWO_DAYS_MORE
    )
    explanation = explain(longer, a_bill(a_line(quantity=310), a_line("Abonnement", 31, "0.40", "DAY")))
    assert told(explanation) == [("days", Decimal("3.60")), ("days", Decimal("0.96"))]
    assert {(part.before, part.now) for part in explanation.parts} == {(Decimal(31), Decimal(33))}


def test_days_are_told_only_where_both_periods_are_known() -> None:
    unknown = a_bill(a_line(quantity=310), period=None)
    assert [kind for kind, _ in told(explain(a_bill(a_line(quantity=330), period=TWO_DAYS_MORE), unknown))] == [
        "quantity"
    ]


def test_more_a_day_in_fewer_days_are_both_told() -> None:
    explanation = explain(a_bill(a_line(quantity=308), period=FEBRUARY), a_bill(a_line(quantity=310), period=JANUARY))
    assert told(explanation) == [("days", Decimal("-5.67")), ("quantity", Decimal("5.31"))]
    quantity = explanation.parts[1]
    assert (quantity.before, quantity.now, quantity.is_daily) == (Decimal(10), Decimal(11), True)


def test_another_rate_of_vat_alone_is_only_tax() -> None:
    explanation = explain(a_bill(a_line(rate="20")), a_bill(a_line(rate="5.5")))
    assert told(explanation) == [("tax", Decimal("4.35"))]
    assert (explanation.parts[0].before, explanation.parts[0].now) == (Decimal("5.5"), Decimal(20))


def test_price_and_quantity_share_what_they_do_together() -> None:
    """100 x 0.10 becomes 200 x 0.20: 30 more, 15 each, in whatever order they changed."""
    explanation = explain(
        a_bill(a_line(quantity=200, price="0.20", rate="0")), a_bill(a_line(quantity=100, price="0.10", rate="0"))
    )
    assert told(explanation) == [("quantity", Decimal("15.00")), ("price", Decimal("15.00"))]


def test_lines_that_one_bill_alone_has_are_new_and_gone() -> None:
    plan, calls, sms = (
        a_line("Forfait", 1, "10.83", "MON"),
        a_line("Appels", 10, "0.19", "MIN"),
        a_line("SMS", 2, "0.5", "C62"),
    )
    explanation = explain(a_bill(plan, calls), a_bill(sms, plan))
    assert told(explanation) == [("new", Decimal("2.28")), ("gone", Decimal("-1.20"))]
    assert [part.name for part in explanation.parts] == ["Appels", "SMS"]


def test_reordered_renumbered_and_renamed_lines_are_the_same() -> None:
    first = [a_line("Abonnement du 01/01 au 31/01", 1, "12", "MON", id="1"), a_line("Accise", 200, "0.03", id="2"),
             a_line("Énergie", 200, "0.15", id="3", seller_item_id="E1")]  # fmt: skip
    second = [a_line("ENERGIE verte", 200, "0.15", id="1", seller_item_id="E1"), a_line("Accise", 200, "0.03", id="2"),
              a_line("Abonnement du 01/02 au 28/02", 1, "12", "MON", id="3")]  # fmt: skip
    assert told(explain(a_bill(*second), a_bill(*first))) == []


def test_an_item_under_a_new_name_alone_is_the_same_item() -> None:
    """What it costs did not change, so that its name explains nothing: no `new` that a `gone` takes back."""
    old, new = a_line("Énergie", 200, "0.15"), a_line("Kilowattheures", 200, "0.15")
    fee = a_line("Frais", 1, "5", "C62")
    assert told(explain(a_bill(new, fee), a_bill(old))) == [("new", Decimal("6.00"))]
    options = [a_line(name, 1, "5", "C62") for name in ("Sport", "Cinéma", "Séries")]
    assert [kind for kind, _ in told(explain(a_bill(options[0]), a_bill(*options[1:])))] == ["new", "gone", "gone"]


def test_a_bill_whose_vat_comes_to_nothing_is_taxed_as_its_lines_are() -> None:
    """A corrected bill takes back as much as it charges: its rate is no new one."""
    line, back = a_line(quantity=200), a_line("Déjà facturé", -200)
    assert told(explain(a_bill(a_line(quantity=300), back), a_bill(line, back))) == [("quantity", Decimal("18.00"))]


def test_a_price_that_changed_within_a_bill_is_one_item_with_its_day() -> None:
    half = Period(start=date(2026, 2, 1), end=date(2026, 2, 14)), Period(start=date(2026, 2, 15), end=date(2026, 2, 28))
    now = a_bill(
        a_line(quantity=100, period=half[0]), a_line(quantity=100, price="0.1700", period=half[1]), period=FEBRUARY
    )
    before = a_bill(a_line(quantity=200, period=Period(start=date(2026, 1, 4), end=date(2026, 1, 31))))
    explanation = explain(now, before)
    assert told(explanation) == [("price", Decimal("2.40"))]
    assert explanation.parts[0].since == date(2026, 2, 15)


def test_a_new_price_has_its_day_only_where_the_bills_follow_each_other() -> None:
    dear = a_line(price="0.1700")
    days = [
        part.since
        for period in (FEBRUARY, MARCH)
        for part in explain(a_bill(dear, period=period), a_bill(a_line())).parts
        if part.kind == "price"
    ]
    assert days == [date(2026, 2, 1), None]


def test_two_meters_are_two_items() -> None:
    one, two = Identifier(value="METER-1"), Identifier(value="METER-2")
    old = a_bill(a_line(quantity=100, object_id=one), a_line(quantity=100, object_id=two))
    new = a_bill(a_line(quantity=90, object_id=two), a_line(quantity=120, object_id=one))
    assert told(explain(new, old)) == [("quantity", Decimal("-1.80")), ("quantity", Decimal("3.60"))]


def test_groups_information_and_sub_lines_are_counted_once() -> None:
    group = Line(id="1", name="Énergie", kind="GROUP", net_amount=Decimal("33.00"))
    info = a_line("Pour mémoire", 5, "1", id="9", kind="INFORMATION")
    old = a_bill(group, a_line(id="2", parent="1"), info)
    new = a_bill(group, a_line(id="2", parent="1", quantity=220), info)
    assert told(explain(new, old)) == [("quantity", Decimal("3.60"))]
    part = a_line("dont heures creuses", 50, "0.10", id="1.1", parent="1")
    whole = a_line(id="1", quantity=220, parts=(part,))
    assert told(explain(a_bill(whole), a_bill(a_line(id="1", parts=(part,))))) == [("quantity", Decimal("3.60"))]


def test_allowances_and_charges_are_told_apart_from_what_they_are_taken_off() -> None:
    off = AllowanceCharge(amount=Decimal("5.00"), vat_category="S", vat_rate=Decimal(20), reason="Remise fidélité")
    fee = AllowanceCharge(
        amount=Decimal("3.00"), is_charge=True, vat_category="S", vat_rate=Decimal(20), reason="Frais"
    )
    assert told(explain(a_bill(a_line(), extras=[off, fee]), a_bill(a_line()))) == [
        ("allowance", Decimal("-6.00")), ("charge", Decimal("3.60")),
    ]  # fmt: skip
    cheaper = replace(a_line(), net_amount=Decimal("25.00"), allowances_charges=(off,))
    assert told(explain(a_bill(cheaper), a_bill(a_line()))) == [("allowance", Decimal("-6.00"))]


def test_a_balance_and_payments_are_told_where_the_amount_to_pay_is_compared() -> None:
    def due(payable: str, **more: Decimal) -> Bill:
        return a_bill(a_line(), totals=Totals(payable=Decimal(payable), vat=Decimal("6.00"), **more))

    carried = due("58.00", previous_balance=Decimal("40.00"), payments=Decimal("18.00"))
    assert told(explain(carried, due("36.00"))) == [("balance", Decimal("40.00")), ("payments", Decimal("-18.00"))]
    assert told(explain(due("26.00", paid=Decimal("10.00")), due("36.00"))) == [("payments", Decimal("-10.00"))]


def test_payments_are_no_cause_where_totals_with_vat_are_compared() -> None:
    half_paid = a_bill(
        a_line(),
        totals=Totals(payable=Decimal("16.00"), gross=Decimal("36.00"), vat=Decimal("6.00"), paid=Decimal("20.00")),
    )
    assert told(explain(half_paid, a_bill(a_line()))) == []


def test_fractions_that_bills_rounded_are_no_cause_of_their_own() -> None:
    """34 and 44 minutes at 0.1917: rounded by line and by VAT they differ by 2.29, not 2.3004."""
    plan = a_line("Forfait", 1, "8.33", "MON")
    calls = [a_line("Appels", minutes, "0.1917", "MIN") for minutes in (44, 34)]
    assert told(explain(a_bill(plan, calls[1]), a_bill(plan, calls[0]))) == [("quantity", Decimal("-2.29"))]
    one_cent = a_bill(a_line(), totals=Totals(payable=Decimal("36.01"), gross=Decimal("36.01"), vat=Decimal("6.00")))
    assert told(explain(one_cent, a_bill(a_line()))) == [("rounding", Decimal("0.01"))]


def test_what_does_not_add_up_is_said_as_the_rest() -> None:
    odd = a_bill(a_line(), totals=Totals(payable=Decimal("41.50"), gross=Decimal("41.50"), vat=Decimal("6.00")))
    assert told(explain(odd, a_bill(a_line()))) == [("rest", Decimal("5.50"))]


def test_vat_that_the_lines_do_not_tell_is_vat() -> None:
    def bill_of(net: str, vat: str) -> Bill:
        lines = (
            Line(name="Eau", net_amount=Decimal(net), vat_category="S"),
            Line(name="Égout", net_amount=Decimal(10), vat_category="S"),
        )
        rates = (
            VatBreakdown(category="S", rate=Decimal("5.5"), vat=Decimal(vat)),
            VatBreakdown(category="S", rate=Decimal(10), vat=Decimal(1)),
        )
        gross = Decimal(net) + 10 + Decimal(vat) + 1
        return Bill(
            number="E",
            issue_date=date(2026, 1, 1),
            currency="EUR",
            lines=lines,
            vat=rates,
            totals=Totals(payable=gross, gross=gross),
        )

    assert told(explain(bill_of("200", "11.00"), bill_of("100", "5.50"))) == [
        ("amount", Decimal("100.00")),
        ("vat", Decimal("5.50")),
    ]


def test_without_lines_there_is_no_detail_and_one_part() -> None:
    bare = a_bill(a_line())
    explanation = explain(replace(bare, lines=()), a_bill(a_line(quantity=100)))
    assert told(explanation) == [("undetailed", Decimal("18.00"))]
    assert not explanation.is_detailed


def test_a_bill_of_very_many_lines_is_explained_as_a_whole() -> None:
    calls = a_bill(*[a_line(f"Appel {n}", 1, "0.10", "MIN") for n in range(MOST_LINES + 1)])
    assert told(explain(calls, a_bill(a_line()))) == [("lines", Decimal("84.12"))]


def test_another_currency_is_not_explained() -> None:
    explanation = explain(a_bill(a_line(), currency="CHF"), a_bill(a_line()))
    assert not explanation.is_comparable
    assert explanation.difference == 0
    assert explanation.parts == ()


def test_a_credit_note_counts_as_negative() -> None:
    explanation = explain(a_bill(a_line(), type_code="381"), a_bill(a_line()))
    assert explanation.difference == Decimal("-72.00")
    assert told(explanation) == [("quantity", Decimal("-72.00"))]
    assert told(explain(a_bill(a_line(quantity=-200)), a_bill(a_line()))) == [("quantity", Decimal("-72.00"))]


def test_yen_have_no_cents_and_a_third_decimal_is_kept() -> None:
    def priced(total: str, currency: str) -> Bill:
        return Bill(
            number="Y", issue_date=date(2026, 1, 1), currency=currency,
            lines=(Line(name="A", net_amount=Decimal(total)),),
            totals=Totals(payable=Decimal(total), gross=Decimal(total)),
        )  # fmt: skip

    assert told(explain(priced("1200", "JPY"), priced("1000", "JPY"))) == [("amount", Decimal(200))]
    assert told(explain(priced("12.345", "EUR"), priced("10", "EUR"))) == [("amount", Decimal("2.345"))]

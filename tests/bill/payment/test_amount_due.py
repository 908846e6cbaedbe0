"""What Alice has to pay now: one answer, from her bill, what refers to it, what was paid, and the day."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bill import (
    AmountDue,
    Bill,
    CreditTransfer,
    DocumentAmount,
    Instalment,
    Paid,
    Party,
    Payment,
    Reference,
    Totals,
    amount_due,
    as_issued,
    document_amount_of,
    payment_means_of,
    spell_payment_means,
)

BEFORE = date(2026, 11, 10)
IBAN = "FR7630006000011234567890189"
THREE = tuple(
    Instalment(amount=Decimal(40), due=day) for day in (date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31))
)


def a_bill(number: str = "B-1", amount: str = "120", names: tuple[str, ...] = (), **terms: object) -> Bill:
    """120 € by transfer, to be paid by 15 December."""
    standard: dict[str, object] = {
        "issue_date": date(2026, 11, 2), "currency": "EUR", "due_date": date(2026, 12, 15),
        "totals": Totals(payable=Decimal(amount), gross=Decimal(amount)), "seller": Party(name="Lumière"),
        "payment": Payment(means_code="30", transfers=(CreditTransfer(iban=IBAN),)),
        "preceding": tuple(Reference(number=each) for each in names),
    }  # fmt: skip
    return Bill(number=number, **(standard | terms))  # type: ignore[arg-type]


def after(number: str, type_code: str, amount: str, *names: str, **terms: object) -> DocumentAmount:
    """Another document of Alice's account, that names these bills."""
    return document_amount_of(a_bill(number, amount, names, type_code=type_code, issue_date=date(2026, 11, 3), **terms))


def told(due: AmountDue) -> tuple[str, Decimal]:
    return due.kind, due.amount


def test_a_bill_asks_its_amount_by_its_day() -> None:
    due = amount_due(a_bill(), today=BEFORE)
    assert told(due) == ("asks", Decimal(120))
    assert (due.due, due.left, due.is_past, due.instalments) == (date(2026, 12, 15), Decimal(120), False, ())


def test_past_its_day_without_a_word_it_is_past_due_and_no_more() -> None:
    assert amount_due(a_bill(), today=date(2026, 12, 15)).is_past is False
    due = amount_due(a_bill(), today=date(2026, 12, 16))
    assert (due.kind, due.is_past) == ("asks", True)
    assert due.is_current(date(2027, 1, 14), date(2026, 11, 2))
    assert not due.is_current(date(2027, 1, 15), date(2026, 11, 2))


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("120.005", "EUR", "120.01"), ("120.004", "EUR", "120.00"), ("120.5", "JPY", "121"), ("1.2345", "TND", "1.235")],
)  # fmt: skip
def test_half_cents_go_up(amount: str, currency: str, rounded: str) -> None:
    assert as_issued(a_bill(amount=amount, currency=currency)).amount == Decimal(rounded)


def test_what_was_paid_before_is_not_asked_again() -> None:
    paid = Totals(payable=Decimal(0), gross=Decimal(120), paid=Decimal(120))
    assert told(as_issued(a_bill(totals=paid))) == ("nothing", Decimal(0))
    half = Totals(payable=Decimal(60), gross=Decimal(120), paid=Decimal(60))
    assert told(as_issued(a_bill(totals=half))) == ("asks", Decimal(60))


# -- what refers to it


def test_a_credit_note_takes_all_of_it_whichever_came_first() -> None:
    due = amount_due(a_bill(), [after("B-2", "381", "120", "B-1")], today=BEFORE)
    assert told(due) == ("credited", Decimal(0))
    assert ([each.number for each in due.by], due.credited, due.left) == (["B-2"], Decimal(120), Decimal(0))
    earlier = after("B-2", "381", "120", "B-1")._replace(issue_date=date(2026, 10, 1))
    assert amount_due(a_bill(), [earlier]).kind == "credited"


def test_credits_in_part_leave_the_rest() -> None:
    two = [after("B-2", "381", "24", "B-1"), after("B-3", "381", "16", "B-1")]
    due = amount_due(a_bill(), two)
    assert (told(due), due.credited) == (("asks", Decimal(80)), Decimal(40))
    assert [each.number for each in due.by] == ["B-2", "B-3"]


def test_a_credit_of_more_than_the_bill_leaves_nothing_to_pay() -> None:
    assert told(amount_due(a_bill(), [after("B-2", "381", "150", "B-1")])) == ("credited", Decimal(0))


def test_a_credit_that_was_paid_back_already_credits_the_bill_all_the_same() -> None:
    back = Totals(payable=Decimal(0), gross=Decimal(120), paid=Decimal(120))
    assert amount_due(a_bill(), [after("B-2", "381", "0", "B-1", totals=back)]).kind == "credited"


def test_a_corrective_stands_for_the_bill() -> None:
    wrong, right = a_bill("A-1"), a_bill("A-3", "96", ("A-1",), type_code="384")
    replaced = amount_due(wrong, [document_amount_of(right)])
    assert told(replaced) == ("replaced", Decimal(0))
    assert [each.number for each in replaced.by] == ["A-3"]
    assert told(amount_due(right, [document_amount_of(wrong)])) == ("asks", Decimal(96))


def test_of_two_correctives_of_one_bill_the_later_stands() -> None:
    one = after("A-3", "384", "96", "A-1")
    other = one._replace(number="A-4", payable=Decimal(90), gross=Decimal(90), issue_date=date(2026, 11, 9))
    first = document_amount_of(a_bill("A-1"))
    assert amount_due(first, [one, other]).kind == "replaced"
    assert amount_due(one, [first, other]).kind == "replaced"
    assert told(amount_due(other, [first, one])) == ("asks", Decimal(90))


def test_a_corrective_is_credited_as_any_bill() -> None:
    wrong, right = document_amount_of(a_bill("A-1")), after("A-3", "384", "96", "A-1")
    credit = after("A-4", "381", "96", "A-3")
    assert amount_due(wrong, [right, credit]).kind == "replaced"
    assert amount_due(right, [wrong, credit]).kind == "credited"


def test_a_corrective_in_the_negative_is_a_credit() -> None:
    assert told(amount_due(a_bill(), [after("B-2", "384", "-24", "B-1")])) == ("asks", Decimal(96))


def test_a_credit_of_a_credit_note_goes_on_to_its_bill() -> None:
    chain = [after("B-2", "381", "50", "B-1"), after("B-3", "381", "30", "B-2")]
    assert told(amount_due(a_bill(), chain)) == ("asks", Decimal(40))


def test_a_corrected_credit_note_takes_what_its_corrective_says() -> None:
    chain = [after("B-2", "381", "120", "B-1"), after("B-3", "384", "-20", "B-2")]
    assert told(amount_due(a_bill(), chain)) == ("asks", Decimal(100))


def test_one_credit_note_of_two_bills_is_taken_off_each_in_its_order() -> None:
    other, credit = document_amount_of(a_bill("B-9", "80")), after("B-2", "381", "150", "B-1", "B-9")
    assert told(amount_due(a_bill(), [other, credit])) == ("credited", Decimal(0))
    assert told(amount_due(other, [document_amount_of(a_bill()), credit])) == ("asks", Decimal(50))


def test_another_customers_credit_or_of_another_currency_touches_nothing_and_is_told() -> None:
    theirs = after("B-2", "381", "120", "B-1")._replace(account="another")
    dollars = after("B-3", "381", "120", "B-1", currency="USD")
    due = amount_due(a_bill(), [theirs, dollars])
    assert told(due) == ("asks", Decimal(120))
    assert ([each.number for each in due.ignored], due.by) == (["B-2", "B-3"], ())


def test_documents_that_name_each_other_leave_one_that_stands() -> None:
    one, other = a_bill("A-1", names=("A-2",), type_code="384"), after("A-2", "384", "96", "A-1")
    assert amount_due(one, [other]).kind == "replaced"
    assert told(amount_due(other, [document_amount_of(one)])) == ("asks", Decimal(96))
    assert told(amount_due(a_bill(names=("B-1",)), [])) == ("asks", Decimal(120))


def test_a_later_invoice_that_names_it_takes_nothing_off() -> None:
    assert told(amount_due(a_bill(), [after("B-2", "380", "50", "B-1")])) == ("asks", Decimal(120))


@pytest.mark.parametrize(("type_code", "amount"), [("381", "120"), ("380", "-120"), ("384", "-120"), ("396", "120")])
def test_in_the_customers_favour_is_one_thing(type_code: str, amount: str) -> None:
    due = as_issued(a_bill(amount=amount, type_code=type_code))
    assert (told(due), due.favour) == (("credit", Decimal(0)), Decimal(120))
    assert told(amount_due(a_bill(), [after("B-2", type_code, amount, "B-1")])) == ("credited", Decimal(0))


def test_a_negative_credit_note_takes_a_credit_back_it_is_a_demand() -> None:
    back = a_bill("B-3", "-50", ("B-2",), type_code="381")
    assert told(as_issued(back)) == ("asks", Decimal(50))
    chain = [after("B-2", "381", "50", "B-1"), document_amount_of(back)]
    assert told(amount_due(a_bill(), chain)) == ("asks", Decimal(70))


# -- instalments


def test_each_instalment_by_its_date() -> None:
    bill = a_bill(instalments=THREE, due_date=date(2026, 11, 30))
    due = amount_due(bill, today=BEFORE)
    assert (told(due), due.due, due.left) == (("asks", Decimal(40)), date(2026, 11, 30), Decimal(120))
    assert due.instalments == THREE
    later = amount_due(bill, today=date(2026, 12, 1))
    assert (later.amount, later.due, later.is_past) == (Decimal(40), date(2026, 12, 31), False)
    assert (later.past, later.instalments) == (THREE[:1], THREE[1:])
    last = amount_due(bill, today=date(2027, 2, 1))
    assert (last.amount, last.due, last.is_past, last.left) == (Decimal(40), date(2027, 1, 31), True, Decimal(120))


def test_halves_of_a_cent_are_rounded_up_first_and_come_to_what_is_asked() -> None:
    halves = tuple(Instalment(amount=Decimal("50.005"), due=day) for day in (date(2026, 11, 30), date(2026, 12, 31)))
    due = amount_due(a_bill("B-1", "100.01", instalments=halves), today=BEFORE)
    assert [each.amount for each in due.instalments] == [Decimal("50.01"), Decimal("50.00")]
    assert due.left == Decimal("100.01")


def test_what_was_said_paid_takes_the_first_what_was_credited_the_last() -> None:
    bill = a_bill(instalments=THREE)
    paid = amount_due(bill, paid=[Paid(BEFORE, Decimal(40))], today=BEFORE)
    assert (paid.due, paid.instalments) == (date(2026, 12, 31), THREE[1:])
    credited = amount_due(bill, [after("B-2", "381", "50", "B-1")], today=BEFORE)
    assert (credited.due, credited.left) == (date(2026, 11, 30), Decimal(70))
    assert [each.amount for each in credited.instalments] == [Decimal(40), Decimal(30)]
    assert amount_due(bill, paid=[Paid(BEFORE)], today=BEFORE).kind == "said_paid"


def test_instalments_that_are_not_the_whole() -> None:
    prepaid = Totals(payable=Decimal(90), gross=Decimal(120), paid=Decimal(30))
    assert [each.amount for each in as_issued(a_bill(totals=prepaid, instalments=THREE)).instalments] == [10, 40, 40]
    more = as_issued(a_bill(amount="150", instalments=THREE))
    assert (more.left, more.instalments[-1]) == (Decimal(150), Instalment(amount=Decimal(30)))


# -- what was paid


def test_who_says_that_it_was_paid() -> None:
    assert amount_due(a_bill(), paid=[Paid(BEFORE)]).kind == "said_paid"
    assert amount_due(a_bill(), paid=[Paid(BEFORE, Decimal(120), "bank")]).kind == "paid"
    assert told(amount_due(a_bill(), paid=[Paid(BEFORE, Decimal(20), "issuer")])) == ("asks", Decimal(100))


def test_the_rest_that_a_customer_says_to_have_paid_is_not_what_the_bank_tells() -> None:
    by_bank, by_customer = Paid(BEFORE, Decimal(80), "bank", told_at=at(1)), Paid(BEFORE, told_at=at(2))
    assert amount_due(a_bill(), paid=[by_bank, by_customer]).kind == "said_paid"
    assert amount_due(
        a_bill(), paid=[by_bank, by_customer._replace(amount=Decimal(39))], tolerance=Decimal(2)
    ).kind == ("said_paid")
    two_parts = [by_bank, by_customer._replace(amount=Decimal(40))]
    assert amount_due(a_bill(instalments=THREE), paid=two_parts, today=BEFORE).kind == "said_paid"
    in_full = by_bank._replace(amount=Decimal(119))
    assert amount_due(a_bill(), paid=[in_full], tolerance=Decimal(2)).kind == "paid"
    came_back = [in_full._replace(amount=Decimal(120)), Paid(BEFORE, Decimal(120), "bank", "returned", told_at=at(1))]
    assert amount_due(a_bill(), paid=[*came_back, by_customer]).kind == "said_paid"


def at(hour: int) -> datetime:
    return datetime(2026, 11, 2, hour, tzinfo=UTC)


# -- how


def test_a_mandate_anywhere_means_collected() -> None:
    transfer = Payment(means_code="30", transfers=(CreditTransfer(iban=IBAN),))
    for first, second in [(transfer, Payment(means_code="59", mandate="RUM1")), (Payment(mandate="RUM1"), transfer)]:
        due = as_issued(a_bill(payment=first, payments=(second,)))
        assert told(due) == ("collected", Decimal(120))
        assert due.how is not None
        assert (due.how.ways, due.how.mandate) == (("debit",), "RUM1")


def test_only_a_sound_account_is_offered() -> None:
    broken, sound = CreditTransfer(iban="GB00BAD"), CreditTransfer(iban="DE89 3704 0044 0532 0130 00")
    how = as_issued(a_bill(payment=Payment(means_code="58", transfers=(broken, sound)))).how
    assert how is not None
    assert how.account is not None
    assert how.account.iban == "DE89370400440532013000"
    alone = as_issued(a_bill(payment=Payment(means_code="58", transfers=(broken,)))).how
    assert alone is not None
    assert alone.account is not None
    assert (alone.account.iban, alone.account.number, alone.account.is_wrong) == ("", "GB00BAD", True)


@pytest.mark.parametrize(
    ("code", "transfer", "scheme"),
    [
        ("30", CreditTransfer(iban="5050-1055", bic="SE:BANKGIRO"), "Bankgiro"),
        ("30", CreditTransfer(iban="4-2", bic="SE:PLUSGIRO"), "PlusGiro"),
        ("56", CreditTransfer(iban="5050-1055"), "Bankgiro"),
        ("42", CreditTransfer(iban="1234 5678901"), ""),
    ],
)
def test_a_domestic_account_is_said_as_given(code: str, transfer: CreditTransfer, scheme: str) -> None:
    how = as_issued(a_bill(payment=Payment(means_code=code, transfers=(transfer,)))).how
    assert how is not None
    assert how.account is not None
    assert (how.account.number, how.account.scheme, how.account.iban) == (transfer.iban, scheme, "")


def test_to_whom() -> None:
    named = Payment(means_code="30", transfers=(CreditTransfer(iban=IBAN, name="Lumière Encaissement"),))
    factor = Party(name="Affacturage du Nord")
    for bill, payee in [
        (a_bill(), "Lumière"), (a_bill(payee=factor), "Affacturage du Nord"),
        (a_bill(payee=factor, payment=named), "Lumière Encaissement"),
    ]:  # fmt: skip
        due = as_issued(bill)
        assert due.how is not None
        assert (due.how.payee, due.how.remittance) == (payee, "B-1")


@pytest.mark.parametrize(
    ("code", "words"),
    [("10", "en espèces"), ("20", "par chèque"), ("48", "par carte"), ("68", "en ligne"), ("60", "par billet à ordre"),
     ("97", "par compensation"), ("ZZZ", ""), ("", "")],
)  # fmt: skip
def test_other_means_are_said_in_words(code: str, words: str) -> None:
    due = as_issued(a_bill(payment=Payment(means_code=code)))
    assert due.how is not None
    assert spell_payment_means(due.how.means) == words
    assert due.kind == "asks"


def test_every_code_of_untdid_4461_has_words_in_every_language_or_says_nothing() -> None:
    codes = [str(n) for n in (*range(1, 71), 74, 75, 76, 77, 78, *range(91, 99))]
    silent = {code for code in codes if not payment_means_of(code)}
    assert silent == {"1"}  # not defined
    for language in ("fr", "en", "de", "nl", "es"):
        assert all(spell_payment_means(payment_means_of(code), language) for code in codes if code not in silent)


@pytest.mark.parametrize("type_code", ["380", "381", "384"])
@pytest.mark.parametrize("amount", ["84.20", "0", "-12.005", "0.004"])
@pytest.mark.parametrize("due", [None, date(2026, 11, 9), date(2026, 11, 10), date(2026, 12, 1)])
@pytest.mark.parametrize("is_collected", [False, True])
def test_a_bill_of_which_nothing_was_told_is_told_at_once_what_it_is_step_by_step(
    type_code: str, amount: str, due: date | None, is_collected: bool
) -> None:
    """An iterator, empty as it is, takes the long way."""
    demand = DocumentAmount(
        number="B-1", type_code=type_code, issue_date=date(2026, 11, 1), currency="EUR", payable=Decimal(amount),
        gross=Decimal(amount), is_collected=is_collected, due=due,
    )  # fmt: skip
    for today in (None, date(2026, 11, 10)):
        assert amount_due(demand, (), (), today) == amount_due(demand, iter(()), (), today)

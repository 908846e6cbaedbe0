"""What the API answers and takes, as its document says it: written by `make client-types`.

A text that is one of several is told as text: what a later version of the service adds is read, too.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

ItemOutcome = Literal[
    "bill",
    "duplicate",
    "conflict",
    "rejected",
    "waiting_parent",
    "taken",
    "known",
    "created",
    "changed",
    "unchanged",
    "older",
    "waiting",
]
BillState = Literal["released", "failed", "recalled", "superseded", "rendered", "chosen"]
BillChannel = Literal["portal", "paper"]
XmlSyntax = Literal["cii", "ubl"]
EnquiryState = Literal["answered", "closed", "open"]
EnquirySubject = Literal["address", "amount", "meter", "other"]
PaymentOutcome = Literal["matched", "part", "waiting", "ignored", "duplicate"]
DeliveryState = Literal["waiting", "attempting", "delivered", "failed"]


class FindingReport(Struct, frozen=True, kw_only=True):
    """A rule that was broken, and where."""

    #: What is wrong, in English, always in the same words; staff's pages say it in their reader's language.
    message: str
    #: The bill, where it is known.
    number: str | None
    #: The line, the row or the XPath, in the file.
    place: str
    #: The official id where there is one, such as `BR-CO-15`.
    rule: str
    #: `fatal`: the item is rejected.
    severity: str


class RuleCount(Struct, frozen=True, kw_only=True):
    """How often a rule was broken in a feed."""

    #: Exact, however many of the findings are kept.
    count: int
    rule: str
    severity: str


class FeedReport(Struct, frozen=True, kw_only=True):
    """What became of a feed so far."""

    #: What the file holds; found out when it is read.
    content: str
    #: Items by outcome. A feed of bills: `bill` (released bills), `duplicate`, `conflict`, `rejected`,
    #: `waiting_parent`. Payments: `taken`, `known` (told before), `rejected`. Customers: `created`, `changed`,
    #: `unchanged`, `older`, `rejected`.
    counts: dict[str, int]
    #: The feed; null in the answer beside a file that was refused at the door.
    feed: str | None
    #: What the issuer calls the file.
    file: str
    #: All of them, unless one rule was broken more than 10,000 times; `rules` counts every one.
    findings: list[FindingReport]
    #: Found out when it is read.
    format: str | None
    #: The issuer's short name.
    issuer: str
    rules: list[RuleCount]
    #: Of the bytes as they came.
    sha256: str | None
    state: str
    #: Payable amounts of the released bills, or what the entries taken amount to, by currency.
    totals: dict[str, Decimal]


class FeedLine(Struct, frozen=True, kw_only=True):
    """A feed in the list of feeds."""

    feed: str
    file: str
    sha256: str
    #: In bytes.
    size: int
    state: str
    format: str | None
    received_at: dt.datetime


class FeedsPage(Struct, frozen=True, kw_only=True):
    """A page of feeds, newest first."""

    feeds: list[FeedLine]
    #: The next page; null on the last.
    next: str | None


class ConflictReport(Struct, frozen=True, kw_only=True):
    """Other content that came under a used number, and what a person decided."""

    decided_by: str | None
    reason: str | None
    settled_at: dt.datetime | None
    since: dt.datetime
    #: `open`: it waits for a person; `kept`: the first bill stays and this content is refused; `replaced`: this
    #: content is the bill; `known`: it says what the bill says by now.
    state: str


class NamingBill(Struct, frozen=True, kw_only=True):
    """A bill that names another one."""

    number: str
    #: BT-3, such as `381` for a credit note.
    type_code: str


class HowToPay(Struct, frozen=True, kw_only=True):
    """How and to whom a bill is paid."""

    account: str | None
    bank: str | None
    bic: str | None
    iban: str | None
    mandate: str | None
    payee: str | None
    remittance: str | None
    scheme: str | None
    ways: list[str]


class InstalmentDue(Struct, frozen=True, kw_only=True):
    """A part of a bill with a day of its own."""

    amount: Decimal
    due: dt.date | None


class PaymentTold(Struct, frozen=True, kw_only=True):
    """What was told of a payment of a bill."""

    #: null where the customer says that all is paid.
    amount: Decimal | None
    by: str
    kind: str
    on: dt.date
    #: The ISO 20022 code of a return or refusal.
    reason: str | None


class DueNow(Struct, frozen=True, kw_only=True):
    """What is due of a bill today."""

    #: Asked or collected next.
    amount: Decimal
    by: list[NamingBill]
    credited: Decimal
    currency: str
    due: dt.date | None
    #: How and to whom it is paid, where the whole bill was asked for.
    how: HowToPay | None
    #: They name the bill and do not touch it: of another customer, or in another currency.
    ignored: list[NamingBill]
    #: What the document itself says you owe the customer.
    in_favour: Decimal
    instalments: list[InstalmentDue]
    #: That day has passed without a word of payment.
    is_past: bool
    #: So little is left after a payment (`policy.least_reminded`) that nobody is reminded.
    is_trifle: bool
    #: Two correctives name a bill that was paid: until a person says for which one the payment counts, nobody is
    #: reminded.
    is_undecided: bool
    #: `asks`: to be paid by hand; `collected`: you collect it; `credit`: in the customer's favour; `nothing`: it
    #: asks nothing; `credited`, `replaced`: by the bills of `by`; `paid`; `said_paid`: as the customer says;
    #: `set_off`, `refunded`: all of a credit note was deducted from a payment, or paid back.
    kind: str
    #: All that is still asked.
    left: Decimal
    #: What was paid more than it asks and was not paid back.
    overpaid: Decimal
    #: What was paid of it, as bank, you or the customer tell.
    paid: Decimal
    past_instalments: list[InstalmentDue]
    #: What was told of its payments, oldest first.
    payments: list[PaymentTold]


class ItemReport(Struct, frozen=True, kw_only=True):
    """What became of one item of a feed."""

    #: Payable, as you sent it; null where it could not be read.
    amount: Decimal | None
    #: null where nothing else came under the number.
    conflict: ConflictReport | None
    currency: str | None
    #: What is due of the released bill today, beside the credit notes and correctives that name it; null for every
    #: other item.
    due_now: DueNow | None
    findings: list[FindingReport]
    #: Its place in the order of the file, from 1.
    item: int
    #: The bill's number, or the entry's id.
    number: str | None
    #: null: none yet.
    outcome: str | None
    place: str


class ItemsPage(Struct, frozen=True, kw_only=True):
    """A page of items, in the order of the file."""

    items: list[ItemReport]
    #: The next page; null on the last.
    next: str | None


class BillLine(Struct, frozen=True, kw_only=True):
    """A bill in a list of bills."""

    #: The bill's id here; it is called by its number.
    bill: str
    #: BT-1.
    number: str
    #: BT-3, such as `380` for an invoice or `381` for a credit note.
    type_code: str
    #: The feed that it came in.
    feed: str
    #: The customer's account.
    account: str
    #: As you wrote it; null where you gave none.
    account_number: str | None
    #: BT-44, at most 300 characters.
    buyer_name: str
    issue_date: dt.date
    #: The first, where it is paid in several parts.
    due_date: dt.date | None
    currency: str
    #: BT-112.
    gross: Decimal | None
    #: BT-115; of a credit note below zero.
    payable: Decimal
    #: `released` from its feed, `rendered` as a PDF, `chosen`: its channel is. `failed`: set apart for a person.
    #: `recalled` by you. `superseded`: another bill has its number.
    state: str
    #: null until it is chosen.
    channel: str | None
    #: When a customer first looked at it.
    viewed_at: dt.datetime | None
    #: When a letter of it was first handed over to the print house.
    posted_at: dt.datetime | None
    #: When state, channel, views, posting or payment last changed.
    changed_at: dt.datetime | None


class BillsPage(Struct, frozen=True, kw_only=True):
    """A page of bills."""

    bills: list[BillLine]
    #: The next page; null on the last. A page may hold fewer bills than its limit, or none, and lead on.
    next: str | None
    #: Where to go on with `changed_since`, once you have read the last page.
    cursor: dt.datetime


class Reached(Struct, frozen=True, kw_only=True):
    """How a bill has reached its customer: from then on it is not recalled, but corrected by a credit note."""

    #: `seen`; `presented`: in the space of whoever holds the account; `mailed`: a message about it was tried;
    #: `printing`: its letter is in a closed batch; `posted`.
    how: str
    at: dt.datetime | None


class FateReason(Struct, frozen=True, kw_only=True):
    """Why, as a code and in words."""

    #: Such as `printed_if_unread`; `words` where a person gave the reason.
    code: str
    #: In English, or in the words of whoever decided.
    text: str


class FateStep(Struct, frozen=True, kw_only=True):
    """One step of a bill's fate, past or expected."""

    #: When it happened, or when it is expected; null: not known yet.
    at: dt.datetime | None
    #: What happened, such as `letter.posted`. New codes may come.
    code: str
    #: The same in English.
    text: str
    #: By which channel a person is or was reached; null of other steps.
    channel: str | None = None
    reason: FateReason | None = None
    #: The named person who decided; null where nobody did.
    by: str | None = None


class BillReport(Struct, frozen=True, kw_only=True):
    """A bill, what is due of it now, and its fate from the feed to the letter box."""

    #: The bill's id here; it is called by its number.
    bill: str
    #: BT-1.
    number: str
    #: BT-3, such as `380` for an invoice or `381` for a credit note.
    type_code: str
    #: The feed that it came in.
    feed: str
    #: The customer's account.
    account: str
    #: As you wrote it; null where you gave none.
    account_number: str | None
    #: BT-44, at most 300 characters.
    buyer_name: str
    issue_date: dt.date
    #: The first, where it is paid in several parts.
    due_date: dt.date | None
    currency: str
    #: BT-112.
    gross: Decimal | None
    #: BT-115; of a credit note below zero.
    payable: Decimal
    #: `released` from its feed, `rendered` as a PDF, `chosen`: its channel is. `failed`: set apart for a person.
    #: `recalled` by you. `superseded`: another bill has its number.
    state: str
    #: null until it is chosen.
    channel: str | None
    #: When a customer first looked at it.
    viewed_at: dt.datetime | None
    #: When a letter of it was first handed over to the print house.
    posted_at: dt.datetime | None
    #: When state, channel, views, posting or payment last changed.
    changed_at: dt.datetime | None
    line_count: int
    #: Of the archived PDF; null before there is one.
    pdf_sha256: str | None
    #: In bytes.
    pdf_size: int | None
    #: null: it has reached nobody, and may be recalled.
    reached: Reached | None
    due_now: DueNow
    #: What happened to it, oldest first.
    steps: list[FateStep]
    #: What is expected next, unless something else happens before; null: nothing.
    expected: FateStep | None


class AccountChange(Struct, frozen=True, kw_only=True):
    """A change of an account: what, when, who made it, and what its event says of it (section `webhooks`)."""

    #: Who made it: somebody who holds the account, you, or a named person of yours or of this service.
    actor: str | None
    #: The address by its parts (EN 16931).
    address: dict[str, str | None] | None = None
    at: dt.datetime
    #: Its sequence among your events.
    change: int | None
    closed_on: dt.date | None = None
    died_on: dt.date | None = None
    #: The first day at the new address.
    from_: dt.date | None = field(name="from", default=None)
    #: How many people follow the account now.
    holders: int | None = None
    #: Whether letters use a stated address already.
    state: str | None = None
    #: The type of its event, such as `account.address_mended`.
    what: str


class HolderReport(Struct, frozen=True, kw_only=True):
    """A person who follows an account."""

    #: Where you have stated this very address, and it is confirmed; another is not told.
    email: str | None
    email_confirmed_at: dt.datetime | None
    #: As they gave it.
    name: str
    since: dt.datetime


class ListedAccount(Struct, frozen=True, kw_only=True):
    """An account in a list, and what was changed here since."""

    account: str
    #: Where letters go, by its parts (EN 16931): as mended here, else as you sent it.
    address: dict[str, str]
    #: When it was mended here; null: it is yours.
    address_mended_at: dt.datetime | None
    changes: list[AccountChange]
    #: What bills go by.
    channel: str
    #: The name on letters.
    holder: str
    #: Who follows the account here.
    holders: list[HolderReport]
    #: The account number, as you write it.
    number: str
    paperless: bool
    paperless_since: dt.datetime | None
    #: By what happened: the twelve states are told in docs/promises.md.
    relationship: str
    #: A moment, or a day where only that is known; null: since ever.
    relationship_since: str | None
    scheme: str
    #: `own`: it holds its number.
    standing: str
    #: What you have said; of an address all statements that may still count, the newest last.
    stated: dict[str, Any]
    stated_as_of: dt.datetime | None
    #: The EN 16931 term that the number comes from, such as `BT-46`.
    term: str


class AccountsPage(Struct, frozen=True, kw_only=True):
    """A page of accounts."""

    accounts: list[ListedAccount]
    #: Where to go on with `changed_since`.
    cursor: int
    #: The next page; null on the last.
    next: str | None


class AccountWithRelationship(Struct, frozen=True, kw_only=True):
    """An account: what its letters bear, who follows it, what you have said of its customer, and how it stands
    between paper and portal."""

    account: str
    #: Where letters go, by its parts (EN 16931): as mended here, else as you sent it.
    address: dict[str, str]
    #: When it was mended here; null: it is yours.
    address_mended_at: dt.datetime | None
    #: What bills go by.
    channel: str
    #: The name on letters.
    holder: str
    #: Who follows the account here.
    holders: list[HolderReport]
    #: The account number, as you write it.
    number: str
    paperless: bool
    paperless_since: dt.datetime | None
    #: By what happened: the twelve states are told in docs/promises.md.
    relationship: str
    #: A moment, or a day where only that is known; null: since ever.
    relationship_since: str | None
    scheme: str
    #: `own`: it holds its number.
    standing: str
    #: What you have said; of an address all statements that may still count, the newest last.
    stated: dict[str, Any]
    stated_as_of: dt.datetime | None
    #: The EN 16931 term that the number comes from, such as `BT-46`.
    term: str


class RefusedFinding(Struct, frozen=True, kw_only=True):
    """A rule that a request breaks."""

    rule: str
    severity: str
    place: str
    message: str


class CustomerOutcome(Struct, frozen=True, kw_only=True):
    """What became of a customer record."""

    outcome: str
    findings: list[RefusedFinding]
    #: As it is now.
    account: AccountWithRelationship | None


class LatestBill(Struct, frozen=True, kw_only=True):
    """A bill of an account, in short."""

    currency: str
    issue_date: dt.date
    number: str
    payable: Decimal


class AccountHolder(Struct, frozen=True, kw_only=True):
    """A person who signs in for an account."""

    #: As they gave it.
    name: str
    since: dt.datetime


class AccountSideReport(Struct, frozen=True, kw_only=True):
    """An account, with the name and address it had when it was asked; its latest bills, and who signs in for it."""

    account: str
    #: By its parts (EN 16931), without those that are absent.
    address: dict[str, str]
    bill_count: int
    #: The latest of them.
    bills: list[LatestBill]
    held_by: list[AccountHolder]
    holder: str
    number: str
    paperless: bool
    scheme: str | None


class AccountQuestionReport(Struct, frozen=True, kw_only=True):
    """A question whose an account number is: both accounts, and what was decided."""

    asked_at: dt.datetime
    decided_at: dt.datetime | None
    decided_by: str | None
    feed: str | None
    held: AccountSideReport
    issuer: str
    #: `reuse`: another name and another address under the number; `split`: two accounts have one number, written
    #: differently.
    kind: str
    #: The account number, as the bill that asked writes it.
    number: str
    other: AccountSideReport
    question: str
    reason: str | None
    state: str


class AccountQuestionsPage(Struct, frozen=True, kw_only=True):
    """A page of questions that wait, oldest first."""

    questions: list[AccountQuestionReport]
    #: The next page; null on the last.
    next: str | None


class EnquiryLine(Struct, frozen=True, kw_only=True):
    """A question about a bill."""

    enquiry: str
    bill: str
    bill_number: str
    account: str
    account_number: str | None
    #: The name of the person who asks, as they wrote it.
    asker: str
    #: What it is about.
    subject: str
    #: `open`: it waits for you; `answered`: you had the last word; `closed`. A further word of the person opens it
    #: again.
    state: str
    #: The person disputes the amount, which stays due.
    disputed: bool
    #: How many words were written in it, by both: say it when you answer.
    entries: int
    asked_at: dt.datetime
    #: The person's first word without an answer.
    waiting_since: dt.datetime
    answered_at: dt.datetime | None
    closed_at: dt.datetime | None


class EnquiriesPage(Struct, frozen=True, kw_only=True):
    """A page of questions."""

    enquiries: list[EnquiryLine]
    #: The next page; null on the last.
    next: str | None


class EnquiryWord(Struct, frozen=True, kw_only=True):
    """What one of the two wrote."""

    #: Who wrote it.
    by: str
    #: The member of yours who answered, as the person reads it; null of a customer.
    name: str | None
    #: Plain text, with line breaks.
    words: str
    at: dt.datetime


class EnquiryReport(Struct, frozen=True, kw_only=True):
    """A question about a bill, with all that was written."""

    enquiry: str
    bill: str
    bill_number: str
    account: str
    account_number: str | None
    #: The name of the person who asks, as they wrote it.
    asker: str
    #: What it is about.
    subject: str
    #: `open`: it waits for you; `answered`: you had the last word; `closed`. A further word of the person opens it
    #: again.
    state: str
    #: The person disputes the amount, which stays due.
    disputed: bool
    #: How many words were written in it, by both: say it when you answer.
    entries: int
    asked_at: dt.datetime
    #: The person's first word without an answer.
    waiting_since: dt.datetime
    answered_at: dt.datetime | None
    closed_at: dt.datetime | None
    #: First to last.
    words: list[EnquiryWord]


class PaidBill(Struct, frozen=True, kw_only=True):
    """What a payment pays of a bill."""

    amount: Decimal
    #: Who or what has matched it.
    by: str
    number: str
    since: dt.datetime


class MatchedPayment(Struct, frozen=True, kw_only=True):
    """A payment and the bills it is of."""

    amount: Decimal
    bills: list[PaidBill]
    currency: str
    decided_by: str | None
    #: The source's own id.
    id: str | None
    issuer: str
    kind: str
    on: dt.date
    #: `part`: some of it is of no bill; `waiting`: a person decides; `duplicate`: another one tells the same.
    outcome: str
    payment: str
    #: What is of no bill: the account's, in favour.
    rest: Decimal
    told_by: str
    #: What was paid beyond what a bill asks, as far as nobody decided otherwise: the rest or, of a payment that
    #: waits since its bill is settled, all of it.
    too_much: Decimal
    #: The number of that bill.
    too_much_of: str | None
    #: By what it was matched, or why it waits: a code.
    why: str | None


class TakenPayments(Struct, frozen=True, kw_only=True):
    """The payments that were told, as they are now."""

    payments: list[MatchedPayment]


class PaymentsPage(Struct, frozen=True, kw_only=True):
    """A page of payments, newest first."""

    payments: list[MatchedPayment]
    #: The next page; null on the last.
    next: str | None


class MandateReport(Struct, frozen=True, kw_only=True):
    """A SEPA direct debit mandate."""

    mandate: str
    account: str
    account_number: str
    #: `revoked` by the signer; `ended` by itself, as `reason` says: collect nothing under either.
    state: str
    reason: str | None
    #: The unique mandate reference (AT-01).
    umr: str
    #: The creditor identifier (AT-02), as it was when it was signed.
    creditor_id: str
    #: Your name and address, as the signer read them.
    creditor: str
    #: The name of the bank account's holder.
    holder: str
    #: The account to debit.
    iban: str
    signed_at: dt.datetime
    #: The date of signature (AT-25) for your direct debits: the day where the portal is.
    signed_on: dt.date
    #: The name that was typed to sign.
    signed_name: str
    #: The version of the text that was signed, such as `sepa-core-1`; with the days of pre-notification that it
    #: agrees on, such as `sepa-core-1 5 days`.
    wording: str
    #: The language it was read in.
    language: str
    #: When it was revoked or ended.
    revoked_at: dt.datetime | None


class MandatesPage(Struct, frozen=True, kw_only=True):
    """A page of mandates, oldest first."""

    mandates: list[MandateReport]
    #: The next page; null on the last.
    next: str | None


class MeasureReport(Struct, frozen=True, kw_only=True):
    """A figure of adoption with its definition."""

    #: Its code, which stays.
    measure: str
    name: str
    #: What is counted, over what.
    formula: str
    #: `level`: contracts as they stand when the last day ends. `issued`: of the bills issued on the days, whatever
    #: day things happen to them. `act`: what was done on the days.
    kind: str
    #: `share` is from 0 to 1, `g` grams of CO2.
    unit: str
    #: Whose definition it is; null where it is a plain count.
    source: str | None
    #: Null where nothing can be said: a share of no bills.
    value: float | None
    #: Each reason apart, by its code, of what is counted by reason; else null.
    parts: dict[str, int] | None


class AdoptionReport(Struct, frozen=True, kw_only=True):
    """Every measure of some days. Those whose bills may still be read, paid or printed are not final."""

    from_: dt.date = field(name="from")
    to: dt.date
    #: In the order of the documentation.
    measures: list[MeasureReport]


class EventMessage(Struct, frozen=True, kw_only=True):
    """What happened: the same object as a webhook's body. `webhooks`, in this document, has the data of each type."""

    data: dict[str, Any]
    id: str
    #: Counts the issuer's events without a gap.
    sequence: int | None
    #: When it happened.
    timestamp: dt.datetime
    type: str


class EventsPage(Struct, frozen=True, kw_only=True):
    """A page of events, oldest first."""

    events: list[EventMessage]
    #: What comes after these: ask it at once while there are events, later when there are none.
    next: str


class ResetReport(Struct, frozen=True, kw_only=True):
    """A reset of the test side."""

    #: `failed`: something is wrong here, and was noted; ask once more.
    state: str
    #: Rows that were found when it began; 0 until then.
    rows: int
    #: Rows deleted so far.
    deleted: int
    asked_at: dt.datetime


class EndpointReport(Struct, frozen=True, kw_only=True):
    """An endpoint that webhooks are sent to."""

    #: When it last accepted a message.
    accepted_at: dt.datetime | None
    endpoint: str
    #: Messages that were given up.
    failed: int
    failing_since: dt.datetime | None
    made_at: dt.datetime
    #: Why it is disabled.
    reason: str | None
    state: str
    #: The types of events wanted; none: all.
    types: list[str]
    url: str
    waiting: int


class EndpointsPage(Struct, frozen=True, kw_only=True):
    """All endpoints."""

    endpoints: list[EndpointReport]


class NewEndpoint(Struct, frozen=True, kw_only=True):
    """An endpoint that was registered just now, with its secret."""

    #: When it last accepted a message.
    accepted_at: dt.datetime | None
    endpoint: str
    #: Messages that were given up.
    failed: int
    failing_since: dt.datetime | None
    made_at: dt.datetime
    #: Why it is disabled.
    reason: str | None
    #: It signs what is sent (Standard Webhooks). Shown this once.
    secret: str
    state: str
    #: The types of events wanted; none: all.
    types: list[str]
    url: str
    waiting: int


class WebhookAttemptReport(Struct, frozen=True, kw_only=True):
    """One try to deliver an event."""

    at: dt.datetime
    #: What went wrong, where nothing was answered.
    failure: str | None
    #: null: it is under way.
    outcome: str | None
    #: The status code that was answered.
    status: int | None


class WebhookDeliveryReport(Struct, frozen=True, kw_only=True):
    """An event on its way to an endpoint."""

    attempts: list[WebhookAttemptReport]
    #: When it is tried next.
    due_at: dt.datetime | None
    #: The event's id.
    event: str
    sequence: int | None
    state: str
    type: str


class DeliveriesPage(Struct, frozen=True, kw_only=True):
    """The latest deliveries, newest first."""

    deliveries: list[WebhookDeliveryReport]


class ReplayedEvents(Struct, frozen=True, kw_only=True):
    """How many are sent again."""

    events: int


class NewSecret(Struct, frozen=True, kw_only=True):
    """The new secret."""

    #: It signs what is sent (Standard Webhooks). Shown this once.
    secret: str


class SentTest(Struct, frozen=True, kw_only=True):
    """It is on its way; its outcome will be among the endpoint's deliveries."""

    #: The event's id.
    event: str


class AddressStatement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An address, by its parts (EN 16931), and its first and last day: a first day to come is a move."""

    line1: str | int | UnsetType | None = UNSET
    line2: str | int | UnsetType | None = UNSET
    line3: str | int | UnsetType | None = UNSET
    postcode: str | int | UnsetType | None = UNSET
    city: str | int | UnsetType | None = UNSET
    subdivision: str | int | UnsetType | None = UNSET
    country: str | int | UnsetType | None = UNSET
    from_: dt.date | UnsetType | None = field(name="from", default=UNSET)
    until: dt.date | UnsetType | None = UNSET


class CustomerStatement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What you know of one customer. A term that is absent is not said, `null` removes."""

    #: Of the account's number: BT-46 (usual), BT-12, BT-10, BT-18.
    term: str | UnsetType = UNSET
    scheme: str | int | UnsetType | None = UNSET
    #: Your own clock: when this was last changed.
    as_of: dt.datetime | UnsetType = UNSET
    names: list[str] | UnsetType | None = UNSET
    #: Where letters go.
    postal_address: AddressStatement | UnsetType | None = UNSET
    #: Where the service is delivered.
    delivery_address: AddressStatement | UnsetType | None = UNSET
    #: What you know: nobody is enrolled by it.
    email: str | UnsetType | None = UNSET
    phone: str | int | UnsetType | None = UNSET
    #: ISO 639-1.
    language: str | UnsetType | None = UNSET
    large_print: bool | str | UnsetType | None = UNSET
    #: `yes`, or `exempt`, `guardian`, `vulnerable`.
    paper_by_right: str | bool | UnsetType | None = UNSET
    closed_on: dt.date | UnsetType | None = UNSET
    died_on: dt.date | UnsetType | None = UNSET
    #: Your own id of it.
    household: str | int | UnsetType | None = UNSET


class ToldShare(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a payment; negative for a credit note."""

    reference: str
    amount: Decimal


class ToldPayment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payment as you tell it."""

    #: Your id of this movement.
    id: str
    kind: Literal["announced", "collected", "received", "refund_returned", "refunded", "refused", "returned"]
    amount: Decimal
    currency: str
    date: dt.date
    #: Bill numbers or structured references (RF).
    references: list[str] | str | UnsetType | None = UNSET
    #: How it is divided between documents.
    shares: list[ToldShare] | ToldShare | UnsetType | None = UNSET
    text: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    iban: str | UnsetType | None = UNSET
    creditor_iban: str | UnsetType | None = UNSET
    end_to_end_id: str | UnsetType | None = UNSET
    mandate_id: str | UnsetType | None = UNSET
    original_id: str | UnsetType | None = UNSET
    #: ISO 20022 code of a return or refusal.
    reason: str | UnsetType | None = UNSET
    creditor_id: str | UnsetType | None = UNSET
    sequence_type: str | UnsetType | None = UNSET

"""An issuer's profile: the TOML file with its identity, file layouts, brand, delivery policy and hold limits.

An unusable profile raises ProfileError, which names the key and says what to do.
"""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import inf
from pathlib import Path
from typing import Final, Literal

import msgspec

from bill import (
    GROUP,
    PLATFORMS_SINCE,
    SANS,
    SECTIONS,
    TYPEFACES,
    ZERO,
    Brand,
    Identifier,
    PagePart,
    Party,
    PostalAddress,
    country_language,
)
from bill.payment.creditor_identifier import is_creditor_id
from issuers.customer_layout import CustomerLayout, check_customers
from issuers.data_quality_costs import LETTER, MINUTE
from issuers.data_quality_rules import QualityRule
from issuers.e_reporting_terms import EReportingTable, check_e_reporting
from issuers.file_layouts import (
    DelimitedLayout,
    JsonLayout,
    RecordsLayout,
    XmlLayout,
    check_delimited,
    check_json,
    check_records,
)
from issuers.helpline import HelplineTable, check_helpline
from issuers.logo import clean_logo
from issuers.profile_section import ProfileError, Section
from store.accounts.email_address import NoAddress, wire_form

#: The longest label, in characters: as wide as a column of the bill.
LONGEST_LABEL: Final = 30
#: The most parts of a payment plan, and the most days that a profile gives for one.
MOST_PLAN_PARTS: Final = 36
MOST_PLAN_DAYS: Final = 366
#: The most days and months of the clocks that a profile may set within the law.
MOST_AGREED_DAYS: Final = 366
#: The highest price of a letter or a minute, in EUR.
MOST_PRICE: Final = 1000


class OwnPagesTable(Section, frozen=True):
    """The issuer's own PDF pages: a feed is an archive of an index (files of any format that we read) and PDFs, and
    people see the issuer's own pages.

    *by* says how a bill finds its pages: a `file` of its own, named by the term `pages.file` or else by the pattern
    *file*; or some pages of one print stream, by the `index` (terms `pages.first` and `pages.count`), by its
    `bookmarks`, or by `marks` in the pages' text. The regular expression *mark* finds the bill's number in a bookmark's
    title or a page's text: its first group, or all of it.
    """

    by: Literal["file", "index", "bookmarks", "marks"] = "file"
    file: str = "{number}.pdf"
    mark: str = ""


class BrandTable(Section, frozen=True):
    """The issuer's brand settings (the source of `bill.Brand`). *logo* is a file beside the profile."""

    colour: str = "#1f4e5a"
    logo: str = ""
    #: Of the fixed words; "seller": of the seller's country (`bill.label_language`).
    language: Literal["seller", "fr", "en", "de", "nl", "es"] = "seller"
    tagline: str = ""
    help_lines: tuple[str, ...] = ()
    legal_text: str = ""
    message: str = ""
    units: dict[str, str] = msgspec.field(default_factory=dict)
    sections: tuple[PagePart, ...] = SECTIONS  # of the page, in their order
    grouped_by: str = GROUP  # what lines are grouped by: an item attribute (BT-160), "BT-128", or ""
    typeface: str = SANS  # one of TYPEFACES

    @property
    def own_language(self) -> str:
        """The language that the issuer chose; "" if the seller's country tells it."""
        return "" if self.language == "seller" else self.language


class Sender(Section, frozen=True):
    """The sender on envelopes and in the bill's head."""

    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    legal_id: str = ""  # SIREN
    vat_id: str = ""
    email: str = ""  # who reads the answers to mails sent for the issuer


class Policy(Section, frozen=True, omit_defaults=True):
    """The issuer's delivery policy, within what the law of its sector allows (`issuers.sector_law_check`) and the
    bounds of `issuers.policy_bounds`.
    Packed beside each choice, without what is at its default."""

    remind_after_days: tuple[int, ...] = (2, 5)  # working days after the first notice, each by another channel
    least_days_to_pay: int = 10  # days from the letter box to the due date
    post_days: int | None = None  # working days from handover to the letter box; None: as the postage class has it
    default_on: bool = False  # accounts go without paper by notice, unless their customers object
    notice_months: int | None = None  # from that notice to the first bill without paper; None: as the law has it
    tolerance: Decimal = ZERO  # a bill is paid if no more than this is left of it after a payment
    least_reminded: Decimal = Decimal(1)  # of less that is left after a payment nobody is reminded
    paper_fee: Decimal = ZERO  # asked for a bill on paper
    back_to_paper: bool = True  # whether customers may have paper again
    paper_again_days: int | None = None  # working days from their request; None: as the law has it
    prenotification_days: int | None = None  # days before a direct debit is due; None: as the law has it
    postage: Literal["economy", "green"] = "economy"  # the class of letters (`delivery/calendar/post_days.toml`)
    dispute_stops_reminders: bool = True  # while a customer disputes the amount and waits for the issuer's answer
    dispute_days: int = 60  # for so long at most, from the first word on


class InvitationTable(Section, frozen=True):
    """The issuer's word that it may write to the addresses and phones that it knows of its customers, to invite them to
    follow their bills on line (`adoption.campaigns`): it told them so, and they did not object."""

    by: tuple[Literal["email", "sms"], ...] = ()


class PlanTable(Section, frozen=True):
    """Requests to pay a bill in several parts, which the issuer's members answer. Nothing is ever charged for them."""

    on: bool = True
    most_parts: int = 12
    most_days_to_first: int = 60  # from the request to the first part
    answer_days: int = 10  # for so long, the bill is not reminded of while the request waits


class DirectDebitTable(Section, frozen=True):
    """SEPA direct debit mandates that account holders sign here, for the issuer to collect by."""

    creditor_id: str  # of the issuer, as its bank gave it
    agreed_prenotification_days: int | None = None  # where its mandates agree on fewer days than the rulebook's


class Quality(Section, frozen=True):
    """Data quality rules to ignore, whether to report those that our envelopes correct (`MENDED_HERE`), and what faults
    are reckoned by, in EUR."""

    ignore: tuple[QualityRule, ...] = ()
    mended: bool = False
    letter_price: Decimal = LETTER  # of a letter, postage and printing
    minute_price: Decimal = MINUTE  # of a person's minute


class DriftTable(Section, frozen=True):
    """Limits beyond which a feed unlike the issuer's others is held (`feeds.holds.drift_check`)."""

    on: bool = True
    history: int = 12  # the number of latest feeds to compare with
    least_feeds: int = 4  # no check with fewer feeds
    least_bills: int = 5  # no check of feeds with fewer bills
    volume: float = 2.0  # factor above or below the usual number of bills
    mean_amount: float = 3.0  # factor above or below the usual mean amount
    new_accounts: float = 0.2  # points of the share of bills of new accounts above the usual (0.2: twenty points)
    rejects: float = 0.2  # points of the share of refused bills above the usual
    account_questions: float = 0.05  # share of known accounts that come with another name and another address
    least_questions: int = 4  # fewer of them never hold a feed
    shared_numbers: int = 1  # number of shared account numbers that holds a feed; 0: never


class Profile(Section, frozen=True):
    """The whole profile. Every table may be absent: standard XML formats need no settings."""

    name: str = ""  # as people know the issuer; `issuer add --name` wins
    trade: Literal["electricity", "gas", "water", "telecom", "bank", "insurance", "town", "other"] = "other"
    #: SIREN, VAT identifier: a seller of another identifier is refused; empty accepts any.
    legal_ids: list[str] = msgspec.field(default_factory=list)
    acceptance: Literal["usable", "en16931"] = "usable"
    tolerance: Literal["some", "none"] = "some"  # "none": one refused item holds the whole feed
    #: Where the account number is; None tries all terms.
    account_term: Literal["BT-46", "BT-12", "BT-10", "BT-18"] | None = None
    account_label: str = ""  # the label of that number, if customers know it by another
    pay_url: str = ""  # https://…; {number}, {amount} and {account} are filled in
    control_totals: Literal["optional", "required"] = "optional"  # required: a feed without any is held
    delimited: DelimitedLayout | None = None
    records: RecordsLayout | None = None
    json: JsonLayout = JsonLayout()
    xml: XmlLayout | None = None  # the issuer's own XML
    pages: OwnPagesTable | None = None
    facturx_pages: Literal["ours", "theirs"] = "ours"  # whose pages of a Factur-X PDF people see
    brand: BrandTable = BrandTable()
    sender: Sender = Sender()
    policy: Policy = Policy()
    invitations: InvitationTable = InvitationTable()
    plans: PlanTable = PlanTable()
    direct_debit: DirectDebitTable | None = None  # without it no mandate is offered
    helpline: HelplineTable | None = None  # where customers call
    quality: Quality = Quality()
    platforms_since: date = PLATFORMS_SINCE  # its invoices to companies go through a platform since then
    breaker: DriftTable = DriftTable()
    customers: CustomerLayout = CustomerLayout()  # the customer reference file
    e_reporting: EReportingTable | None = None  # without it nothing is declared for the issuer

    @property
    def own_ids(self) -> list[str]:
        """Its legal identifiers, as the profile has them."""
        return [*([self.sender.legal_id] if self.sender.legal_id else []), *self.legal_ids]


def read_profile(text: str) -> Profile:
    """Parse a profile's TOML text; raises ProfileError, which names the wrong key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError("", "this is not TOML: {reason}", reason=error) from error
    try:
        profile = msgspec.convert(table, Profile)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        raise ProfileError(place.strip("`$.") or "top", "{reason}", reason=message) from error
    _check(profile)
    return profile


def read_logo(folder: Path, name: str) -> bytes:
    """The logo file beside the profile, cleaned (`issuers.logo`); raises ProfileError if it cannot be used."""
    path = folder / name
    if Path(name).name != name:
        raise ProfileError("brand.logo", "name a file beside the profile, without folders")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProfileError("brand.logo", "{name} cannot be read: {reason}", name=name, reason=error.strerror) from error
    clean_logo(content)
    return content


def brand_of(profile: Profile, name: str, logo: bytes | None, bill_language: str = "") -> Brand:
    """The brand that `render` compiles, from this profile. *bill_language* is used where the profile names no language;
    without either it is that of the sender's country."""
    sender = profile.sender
    legal_id = Identifier(value=sender.legal_id, scheme="0002") if sender.legal_id else None
    address = PostalAddress(
        line1=sender.line1, line2=sender.line2, postcode=sender.postcode, city=sender.city, country=sender.country
    )
    return Brand(
        name=name,
        colour=profile.brand.colour,
        logo=logo,
        language=profile.brand.own_language or bill_language or country_language(address),
        sender=Party(name=name, legal_id=legal_id, vat_id=sender.vat_id, address=address),
        tagline=profile.brand.tagline,
        help_lines=profile.brand.help_lines,
        legal_text=profile.brand.legal_text,
        message=profile.brand.message,
        pay_url=profile.pay_url,
        unit_names=tuple(sorted(profile.brand.units.items())),
        platforms_since=profile.platforms_since,
        sections=profile.brand.sections,
        grouped_by=profile.brand.grouped_by,
        typeface=profile.brand.typeface,
        account_term=profile.account_term or "",
        account_label=profile.account_label,
    )


def _check(profile: Profile) -> None:
    _check_addresses(profile)
    check_account_label(profile.account_label)
    check_colour(profile.brand.colour)
    check_sections(profile.brand.sections)
    check_typeface(profile.brand.typeface)
    _check_policy(profile.policy)
    _check_plans(profile.plans)
    if profile.direct_debit is not None and not is_creditor_id(profile.direct_debit.creditor_id):
        raise ProfileError("direct_debit.creditor_id", "give a SEPA creditor identifier, such as FR72ZZZ123456")
    if profile.helpline is not None:
        check_helpline(profile.helpline)
    agreed = profile.direct_debit.agreed_prenotification_days if profile.direct_debit else None
    if not 0 <= (agreed or 0) <= MOST_AGREED_DAYS:
        raise ProfileError(
            "direct_debit.agreed_prenotification_days", "give a number of days from 0 to {most}", most=MOST_AGREED_DAYS
        )
    _check_breaker(profile.breaker)
    _check_prices(profile.quality)
    if profile.delimited is not None:
        check_delimited(profile.delimited)
    if profile.records is not None:
        check_records(profile.records)
    if profile.delimited is not None and profile.records is not None:
        raise ProfileError("records", "a text file is read by [delimited] or by [records]: keep one of them")
    check_json(profile.json)
    if profile.xml is not None:
        check_json(profile.xml, "xml")
    check_customers(profile.customers)
    if profile.pages is not None:
        _check_pages(profile.pages)
    if profile.e_reporting is not None:
        check_e_reporting(profile.e_reporting, profile.own_ids)


def _check_addresses(profile: Profile) -> None:
    if profile.pay_url and not profile.pay_url.startswith("https://"):
        raise ProfileError("pay_url", "a page where people pay begins with https://")
    try:
        if profile.sender.email:
            wire_form(profile.sender.email)
    except NoAddress as error:
        raise ProfileError("sender.email", "give an e-mail address that a person reads") from error


def _check_policy(policy: Policy) -> None:
    days = policy.remind_after_days
    if list(days) != sorted(set(days)) or any(day < 1 for day in days):
        raise ProfileError("policy.remind_after_days", "give working days after the first notice, the soonest first")
    for name in ("paper_fee", "tolerance", "least_reminded"):
        amount: Decimal = getattr(policy, name)
        if not amount.is_finite() or amount < 0:
            raise ProfileError(f"policy.{name}", "give a number that is not negative")


def _check_plans(plans: PlanTable) -> None:
    if not 2 <= plans.most_parts <= MOST_PLAN_PARTS:
        raise ProfileError("plans.most_parts", "give a number of parts from 2 to {most}", most=MOST_PLAN_PARTS)
    for name in ("most_days_to_first", "answer_days"):
        if not 0 <= getattr(plans, name) <= MOST_PLAN_DAYS:
            raise ProfileError(f"plans.{name}", "give a number of days from 0 to {most}", most=MOST_PLAN_DAYS)


def _check_prices(quality: Quality) -> None:
    for name in ("letter_price", "minute_price"):
        price: Decimal = getattr(quality, name)
        if not price.is_finite() or not 0 <= price <= MOST_PRICE:
            raise ProfileError(f"quality.{name}", "give a price in euros from 0 to {most}", most=MOST_PRICE)


def _check_breaker(breaker: DriftTable) -> None:
    for name in ("volume", "mean_amount"):
        if not 1 < getattr(breaker, name) < inf:
            raise ProfileError(f"breaker.{name}", "give a ratio above 1: 2.0 holds what is twice, or half, the usual")
    for name in ("new_accounts", "rejects"):
        if not 0 <= getattr(breaker, name) <= 1:
            raise ProfileError(f"breaker.{name}", "give a share from 0 to 1: 0.2 is twenty points above the usual")
    if not 0 <= breaker.account_questions <= 1:
        raise ProfileError("breaker.account_questions", "give a share from 0 to 1: 0.05 is one account of twenty")
    if breaker.least_questions < 1 or breaker.shared_numbers < 0:
        raise ProfileError("breaker.least_questions", "give at least 1; and `shared_numbers` at least 0")
    if not 1 <= breaker.least_feeds <= breaker.history <= 100:
        raise ProfileError("breaker.history", "give at most 100 feeds, and at least `least_feeds`, which is at least 1")


def _check_pages(pages: OwnPagesTable) -> None:
    try:
        re.compile(pages.mark)
    except re.error as error:
        raise ProfileError("pages.mark", "this is no regular expression: {reason}", reason=error) from error
    if pages.by == "marks" and not pages.mark:
        raise ProfileError("pages.mark", "say how a bill's number looks on its pages, such as Facture n° *([A-Z0-9-]+)")
    if pages.by == "file" and "{number}" not in pages.file:
        raise ProfileError(
            "pages.file", "a pattern names a file by the bill's number, such as {example}", example="{number}.pdf"
        )


def check_account_label(label: str) -> None:
    """Raise ProfileError unless this is one line no wider than a column of the bill."""
    if len(label) > LONGEST_LABEL or not label.isprintable() or label != label.strip():
        raise ProfileError(
            "account_label", "give at most {most} characters in one line, without blanks around", most=LONGEST_LABEL
        )


def check_colour(text: str) -> None:
    """Raise ProfileError unless this is a colour, `#rrggbb`."""
    if not (len(text) == 7 and text[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in text[1:])):
        raise ProfileError("brand.colour", "{colour!r} is no colour: write #rrggbb", colour=text)


def check_sections(sections: Sequence[str]) -> None:
    """Raise ProfileError unless a page with these sections has the bill's lines: CGI annexe II, art. 242 nonies A."""
    if "lines" not in sections:
        raise ProfileError("brand.sections", "a bill says what it is for: give lines their place")
    if len(set(sections)) < len(sections):
        raise ProfileError("brand.sections", "each part stands once on a page")


def check_typeface(name: str) -> None:
    """Raise ProfileError unless this is one of the typefaces."""
    if name not in TYPEFACES:
        raise ProfileError(
            "brand.typeface",
            "{name!r} is no type of ours: choose one of {known}",
            name=name,
            known=", ".join(TYPEFACES),
        )

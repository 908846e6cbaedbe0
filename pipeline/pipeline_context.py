"""What the steps of the pipeline share: store, configuration, and the tools to draw, seal, send and print bills.
Opened once for each worker."""

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Self

import msgspec
from sqlalchemy import ColumnElement, literal, select

import delivery
from config import Config
from delivery import MailTransport, PrintHouses, PrintRoom, ProviderHealth, PushRoute, SmsRoute, SmsSettings
from delivery.calendar.postal_calendar import Calendar
from delivery.feedback.bounces.bounce_mailbox import open_mailbox
from delivery.feedback.bounces.hear_mailbox import MailboxHearing
from delivery.feedback.returns.outbox_returns import OutboxReturns
from issuers.pdf_e_seal import ESealCertificates
from pipeline.compiled_templates import CompiledTemplates
from pipeline.letter_printer import PdfLetterPrinter
from store import Store
from store.blobs.mounted_folder_check import mark
from store.print_batch import TEST_HOUSE
from untrusted.endpoints.endpoint_url import EndpointRules


@dataclass
class PipelineContext:
    """One worker's store and tools. `relay` remembers for how long the mail relay is left alone; `sms` is how SMS
    leave, `push` how notifications do."""

    store: Store
    config: Config
    post: MailTransport
    relay: ProviderHealth
    sms: SmsRoute
    push: PushRoute
    calendar: Calendar
    templates: CompiledTemplates
    e_seals: ESealCertificates
    houses: PrintHouses
    print_rooms: dict[str, PrintRoom]  # by the house's slug
    returns: OutboxReturns
    bounces: MailboxHearing | None = None  # None where no mailbox is configured

    @classmethod
    def open(cls, store: Store, config: Config, post: MailTransport) -> Self:
        """Raises PrintHouseError if the print houses cannot be used. Makes the outbox folders' marks."""
        houses = delivery.read_print_houses(config.print_house, config.home, config.time_zone, config.print_postcode)
        for outbox in houses.outboxes.values():
            mark(outbox)
        printer = PdfLetterPrinter()
        print_rooms = {
            house.slug: PrintRoom(
                printer=printer, house=house.equipment, outbox=house.outbox, public_url=config.public_url,
                carrier=delivery.carrier_of(house),
            )
            for house in houses.houses
        }  # fmt: skip
        return cls(
            store, config, delivery.SideTransport(store, post), ProviderHealth(),
            _sms_route(config), _push_route(config), houses.planning_calendar,
            CompiledTemplates(store), ESealCertificates(config.e_seals, config.tsa_url), houses, print_rooms,
            OutboxReturns(houses.outboxes, houses.planning_calendar),
            MailboxHearing(open_mailbox(config.bounces_url)) if config.bounces_url else None,
        )  # fmt: skip

    def print_room(self, house: str) -> PrintRoom:
        """The room of this house; for a test side's batches one whose outbox nobody collects. Raises KeyError."""
        if not house.startswith(TEST_HOUSE):
            return self.print_rooms[house]
        outbox = self.config.test_outbox / house
        mark(outbox)
        return msgspec.structs.replace(self.print_rooms[self.houses.default.slug], outbox=outbox, carrier=None)

    def is_any(self, *conditions: ColumnElement[bool]) -> bool:
        """Whether a row meets the conditions. Steps ask this first: it needs no writing transaction."""
        with self.store.reading() as session:
            return session.scalar(select(literal(1)).where(*conditions).limit(1)) is not None


def _push_route(config: Config) -> PushRoute:
    rules = EndpointRules(config.webhook_loopback, config.webhook_ca_file)
    return PushRoute(delivery.PushClient(rules, parseaddr(config.sender)[1]), ProviderHealth())


def _sms_route(config: Config) -> SmsRoute:
    settings = SmsSettings(url=config.sms_url, sender=config.sms_sender, callback=f"{config.public_url}/v1/hooks/sms")
    provider = delivery.open_sms_provider(settings, config.sms_folder)
    return SmsRoute(provider, config.sms_price, ProviderHealth())

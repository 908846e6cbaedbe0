"""What the steps of the pipeline share: store, configuration, and the tools to draw, seal, send and print bills.
Opened once for each worker."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, literal, select

import delivery
from config import Config
from delivery import MailTransport, PrintRoom, ProviderHealth
from delivery.calendar.postal_calendar import Calendar, calendar_of
from issuers.pdf_e_seal import ESealCertificates
from pipeline.compiled_templates import CompiledTemplates
from pipeline.letter_printer import PdfLetterPrinter
from store import Store
from store.blobs.mounted_folder_check import mark


@dataclass
class PipelineContext:
    """One worker's store and tools. `relay` remembers for how long the mail relay is left alone."""

    store: Store
    config: Config
    post: MailTransport
    relay: ProviderHealth
    calendar: Calendar
    templates: CompiledTemplates
    e_seals: ESealCertificates
    print_room: PrintRoom

    @classmethod
    def open(cls, store: Store, config: Config, post: MailTransport) -> Self:
        """Raises PrintHouseError if the print house's profile cannot be used. Makes the outbox folder's mark."""
        mark(config.outbox)
        print_room = PrintRoom(
            printer=PdfLetterPrinter(), house=delivery.read_print_house(config.print_house), outbox=config.outbox,
            public_url=config.public_url,
        )  # fmt: skip
        return cls(
            store, config, post, ProviderHealth(), calendar_of(config.time_zone, config.print_postcode),
            CompiledTemplates(store), ESealCertificates(config.e_seals, config.tsa_url), print_room,
        )  # fmt: skip

    def is_any(self, *conditions: ColumnElement[bool]) -> bool:
        """Whether a row meets the conditions. Steps ask this first: it needs no writing transaction."""
        with self.store.reading() as session:
            return session.scalar(select(literal(1)).where(*conditions).limit(1)) is not None

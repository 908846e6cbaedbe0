"""The printer of letters that `delivery` asks for, made of `render.print`, which knows no store."""

from typing import BinaryIO

from bill import AmountDue, Bill, Brand
from delivery import Unprintable
from render.print.large_print_edition import compose_large_print
from render.print.parse_archived_bill import NotOurs
from render.print.print_stream import PrintStream
from render.print.read_letter_pages import LetterPages, read_pages


class PdfLetterPrinter:
    """Makes letters of archived bills: `render.print` behind the interface `delivery.LetterPrinter`."""

    def read(self, prefix: bytes, suffix: bytes) -> LetterPages:
        """The pages of an archived PDF. Raises Unprintable if it cannot be taken apart."""
        try:
            return read_pages(prefix, suffix)
        except NotOurs as error:
            raise Unprintable(str(error), error.seconds) from error

    def large_print(self, bill: Bill, brand: Brand, due: AmountDue) -> tuple[bytes, ...]:
        """The pages of a bill's large-print edition."""
        return compose_large_print(bill, brand, due)

    def begin(self, out: BinaryIO, *, duplex: bool) -> PrintStream:
        """A print stream that writes one PDF of many letters to *out*."""
        return PrintStream(out, duplex=duplex)

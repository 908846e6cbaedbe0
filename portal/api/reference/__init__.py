"""The API's reference, as pages: made from its document and its problem types, for whoever writes a program."""

from portal.api.reference.reference_page import pages

__all__ = ["pages"]

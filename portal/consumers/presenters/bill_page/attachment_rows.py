"""What a bill's page says of each attachment: its name, kind and size, or the link that came in its stead."""

from collections.abc import Iterable
from typing import NamedTuple

from bill import Attachment
from export.saved_files.attachment_file import attachment_file
from portal.presenters.outside_link import OutsideLink, outside_link


class AttachmentRow(NamedTuple):
    """An attachment, numbered from 1. *name* is its file's, else its id (BT-122), which stands in *id* beside a name;
    both may be "". The link that its sender gives for it, or in its stead, is *link*, or *text* where it cannot be
    followed."""

    n: int
    name: str
    id: str
    kind: str
    size: int
    description: str
    is_kept: bool
    link: OutsideLink | None
    text: str


def attachment_rows(attachments: Iterable[Attachment]) -> list[AttachmentRow]:
    """Returns a row for each, in the order of the bill."""
    return [_row(n, each) for n, each in enumerate(attachments, 1)]


def _row(n: int, given: Attachment) -> AttachmentRow:
    link = outside_link(given.link)
    name = given.filename or given.id
    return AttachmentRow(
        n, name, "" if given.id == name else given.id, attachment_file(given, n).kind if given.is_kept else "",
        given.size, given.description, given.is_kept, link, "" if link else given.link,
    )  # fmt: skip

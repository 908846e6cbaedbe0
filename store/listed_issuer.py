"""An issuer as lists read it: without its logo, which may weigh more than the page."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from store.issuer import Issuer


class ListedIssuer(NamedTuple):
    """The columns of `Issuer` that a list shows. *has_logo* says whether there is one."""

    id: int
    slug: str
    name: str
    profile: str
    voice: str | None
    changed_at: datetime
    has_logo: bool


#: The columns to select, in their order: `ListedIssuer(*row)`.
LISTED_ISSUER: Final[tuple[Any, ...]] = (
    Issuer.id, Issuer.slug, Issuer.name, Issuer.profile, Issuer.voice, Issuer.changed_at, Issuer.logo.is_not(None),
)  # fmt: skip

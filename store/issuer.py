"""Tables of issuers and of their compiled templates."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from store.base import Base, insert_new

_IS_SUSPENDED: Final = text("suspended_at IS NOT NULL")


class Issuer(Base):
    """An issuer of bills. *profile* is its TOML text as given, *profile_version* which one that is, *logo* a re-encoded
    PNG; *voice* (JSON) are the brand settings that a member has adopted since, which replace the profile's.
    *private_to* is the one person (consumer) who keeps it, for bills that they bring in themselves; *test_of* the
    issuer whose test side it is (`store.test_sides.twin_issuer`). Both are None for an issuer that is on board."""

    __tablename__ = "issuer"
    __table_args__ = (
        UniqueConstraint("slug"),
        UniqueConstraint("test_of"),
        Index("ix_issuer_suspended_at", "suspended_at", sqlite_where=_IS_SUSPENDED, postgresql_where=_IS_SUSPENDED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    profile: Mapped[str] = mapped_column(Text, default="")
    profile_version: Mapped[int] = mapped_column(default=0, server_default="0")  # `store.issuer_profiles`; 0: none yet
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    voice: Mapped[str | None] = mapped_column(Text)
    private_to: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))  # `store.imports.private_issuer`
    test_of: Mapped[int | None] = mapped_column(ForeignKey("issuer.id"))
    closed_at: Mapped[datetime | None]  # when it left the service (`issuers.closing`)
    suspended_at: Mapped[datetime | None]  # since when its feeds wait (`issuers.suspension`)
    team_needs_second_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def has_logo(self) -> bool:
        return self.logo is not None

    @property
    def is_test_side(self) -> bool:
        """Whether nothing of it reaches anybody, and no figure counts it."""
        return self.test_of is not None


class TemplateRow(Base):
    """A compiled brand, which never changes: the bytes that every PDF of this version begins with are a blob."""

    __tablename__ = "template"
    __table_args__ = (UniqueConstraint("issuer_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    version: Mapped[str] = mapped_column(String(64))
    prefix_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


def is_on_board() -> ColumnElement[bool]:
    """SQL condition: an issuer that sends bills to people: no person's private one, and nobody's test side."""
    return and_(Issuer.private_to.is_(None), Issuer.test_of.is_(None))


def of_issuer(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], issuer_id: int | None
) -> ColumnElement[bool]:
    """SQL condition: the issuer in this column is the one asked for; or (None) any, without test sides. Every list and
    figure of all issuers asks this; a test side is read by its own id alone."""
    if issuer_id is not None:
        return column == issuer_id
    return column.not_in(select(Issuer.id).where(Issuer.test_of.is_not(None)))


def is_suspended(column: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """SQL condition: the issuer in this column is suspended, its feeds wait. A partial index has those that are."""
    return column.in_(select(Issuer.id).where(Issuer.suspended_at.is_not(None)))


def suspended_issuers(session: Session) -> list[Issuer]:
    """The issuers that are suspended, those first that have been so for longest."""
    return list(session.scalars(select(Issuer).where(Issuer.suspended_at.is_not(None)).order_by(Issuer.suspended_at)))


def issuer_by_slug(session: Session, slug: str) -> Issuer | None:
    """The issuer on board with this slug, or None."""
    return session.scalar(select(Issuer).where(Issuer.slug == slug, is_on_board()))


def lock_issuer(session: Session, issuer_id: int) -> None:
    """Lock the issuer until the transaction ends: nobody else claims its bill numbers, opens its accounts or decides
    about them. Taken before any lock on an account or a bill. Other rows may still refer to the issuer."""
    session.execute(select(Issuer.id).where(Issuer.id == issuer_id).with_for_update(key_share=True))


def all_issuers(session: Session) -> list[Issuer]:
    """All issuers on board, by name."""
    return list(session.scalars(select(Issuer).where(is_on_board()).order_by(Issuer.name)))


def issuer_names(session: Session) -> list[str]:
    """The names of all issuers on board, in no order."""
    return list(session.scalars(select(Issuer.name).where(is_on_board())))


def slugs_by_id(session: Session) -> dict[int, str]:
    """The slugs of the issuers on board and of their test sides, by id."""
    query = select(Issuer.id, Issuer.slug).where(Issuer.private_to.is_(None)).order_by(Issuer.name)
    return dict(session.execute(query).tuples().all())


def issuers_by_id(session: Session, ids: Collection[int]) -> dict[int, Issuer]:
    """The issuers of these ids, by id, in the order of their names."""
    query = select(Issuer).where(Issuer.id.in_(ids)).order_by(Issuer.name)
    return {issuer.id: issuer for issuer in session.scalars(query)}


def template_row(session: Session, issuer_id: int, version: str) -> TemplateRow | None:
    """The issuer's template of this version; None if there is none."""
    return session.scalar(select(TemplateRow).where(TemplateRow.issuer_id == issuer_id, TemplateRow.version == version))


def keep_template(session: Session, issuer_id: int, version: str, prefix_sha256: str, at: datetime) -> TemplateRow:
    """Find or create the template of this version; safe when several workers do so at once."""
    row = {"issuer_id": issuer_id, "version": version, "prefix_sha256": prefix_sha256, "made_at": at}
    insert_new(session, TemplateRow, [row])
    query = select(TemplateRow).where(TemplateRow.issuer_id == issuer_id, TemplateRow.version == version)
    return session.scalars(query).one()

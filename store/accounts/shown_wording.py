"""The wordings that people were shown: each version's text, in each language, for ever."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new


class ShownWording(Base):
    """One version of a text in one language. A row never changes: another text is another version."""

    __tablename__ = "shown_wording"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[str] = mapped_column(String(5), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime]


def keep_wording(session: Session, version: str, texts: Mapping[str, str], at: datetime) -> None:
    """Keep a version's text by language. A version that is kept already stays as it is."""
    rows = [{"version": version, "language": language, "text": text, "kept_at": at} for language, text in texts.items()]
    insert_new(session, ShownWording, rows)


def wordings_of(session: Session, versions: Collection[str], language: str) -> dict[str, str]:
    """The texts of these versions in this language, by version; one that was never shown is left out."""
    query = select(ShownWording.version, ShownWording.text).where(ShownWording.version.in_(versions))
    return dict(session.execute(query.where(ShownWording.language == language)).tuples().all())

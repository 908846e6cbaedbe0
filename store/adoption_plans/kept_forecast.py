"""The latest forecast of each issuer, kept for pages, which make none themselves."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base


class KeptForecast(Base):
    """An issuer's forecast (`adoption.forecast.forecast`, as JSON), and the *digest* of the months that it was made
    from: it is made again when they differ."""

    __tablename__ = "adoption_forecast"

    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


def keep_forecast(session: Session, issuer_id: int, digest: str, content: str, now: datetime) -> None:
    """Keep this forecast in the place of an earlier one."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    row = {"issuer_id": issuer_id, "digest": digest, "content": content, "made_at": now}
    insert = dialect.insert(KeptForecast).values(row)
    changed = {name: insert.excluded[name] for name in ("digest", "content", "made_at")}
    session.execute(insert.on_conflict_do_update(index_elements=["issuer_id"], set_=changed))


def forecast_digests(session: Session) -> dict[int, str]:
    """The digest of each issuer's kept forecast, by issuer."""
    return dict(session.execute(select(KeptForecast.issuer_id, KeptForecast.digest)).tuples().all())


def kept_forecasts(session: Session, issuer_ids: Collection[int]) -> dict[int, str]:
    """The kept forecasts of these issuers, as JSON, by issuer."""
    query = select(KeptForecast.issuer_id, KeptForecast.content).where(KeptForecast.issuer_id.in_(issuer_ids))
    return dict(session.execute(query).tuples().all())

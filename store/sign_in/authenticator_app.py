"""The app that shows one-time codes (TOTP, RFC 6238): one a person. Its secret is encrypted under a root.

A secret without *confirmed_at* waits for its first code and is no factor yet.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Integer, LargeBinary, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.sign_in.factor_owner import FactorOwner, OwnedFactor
from store.store import Store
from store.vault.encryption import DecryptionFailed, Encryptor
from store.vault.key_ring import AUTHENTICATOR_APPS, RootMissing

#: Bytes of a secret: RFC 4226 recommends 160 bits.
SECRET_BYTES: Final = 20


class AuthenticatorApp(OwnedFactor, Base):
    """A person's app. *last_step* is the time step (30 seconds since 1970) of the last code that was taken: neither it
    nor an earlier one is taken again (RFC 6238, 5.2)."""

    __tablename__ = "authenticator_app"
    __table_args__ = (UniqueConstraint("consumer_id"), UniqueConstraint("staff_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(Integer, default=0)


def secret_name(owner: FactorOwner) -> bytes:
    """What an encrypted secret is bound to: a copied row makes no codes of another's."""
    return f"authenticator app of {owner.name}".encode()


def begin_app(session: Session, encryptor: Encryptor, owner: FactorOwner, secret: bytes, now: datetime) -> bool:
    """Keep the secret of a new app, which waits for its first code, in place of one that waited before. Returns False
    if the person has a confirmed app."""
    session.execute(
        delete(AuthenticatorApp).where(owner.has(AuthenticatorApp), AuthenticatorApp.confirmed_at.is_(None))
    )
    if app_of(session, owner) is not None:
        return False
    encrypted = encryptor.encrypt_secret(AUTHENTICATOR_APPS, secret, secret_name(owner))
    session.add(AuthenticatorApp(**owner.columns, encrypted=encrypted, begun_at=now, confirmed_at=None, last_step=0))
    session.flush()
    return True


def app_of(session: Session, owner: FactorOwner) -> AuthenticatorApp | None:
    """The person's app, confirmed or not."""
    query = select(AuthenticatorApp).where(owner.has(AuthenticatorApp))
    return session.scalar(query.execution_options(populate_existing=True))


def app_secret(encryptor: Encryptor, app: AuthenticatorApp) -> bytes:
    """The secret of an app. Raises DecryptionFailed, RootMissing."""
    return encryptor.decrypt_secret(AUTHENTICATOR_APPS, app.encrypted, secret_name(app.owner))


def take_step(session: Session, app: AuthenticatorApp, step: int) -> bool:
    """Take the code of this time step. Returns False if it or a later one was taken already."""
    later = update(AuthenticatorApp).where(AuthenticatorApp.id == app.id, AuthenticatorApp.last_step < step)
    return session.execute(later.values(last_step=step)).rowcount == 1  # type: ignore[attr-defined,no-any-return]


def confirm_app(session: Session, app: AuthenticatorApp, now: datetime) -> bool:
    """The app has shown its first code: it is a factor from now on. Returns False if it was confirmed already."""
    waiting = update(AuthenticatorApp).where(AuthenticatorApp.id == app.id, AuthenticatorApp.confirmed_at.is_(None))
    if session.execute(waiting.values(confirmed_at=now)).rowcount != 1:  # type: ignore[attr-defined]
        return False
    app.owner.record(session, "authenticator app added", now)
    return True


def remove_app(session: Session, owner: FactorOwner, now: datetime, by: str = "") -> bool:
    """Remove the person's app. Returns False if there was no confirmed one."""
    gone = session.execute(
        delete(AuthenticatorApp).where(owner.has(AuthenticatorApp), AuthenticatorApp.confirmed_at.is_not(None))
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        return False
    owner.record(session, "authenticator app removed", now, by)
    return True


def renew_app_secrets(store: Store) -> list[int]:
    """Encrypt the secrets anew under the present root. Returns those (ids) that no root opens."""
    unreadable = []
    with store.writing() as session:
        for app in session.scalars(select(AuthenticatorApp).order_by(AuthenticatorApp.id).with_for_update()):
            try:
                app.encrypted = store.encryptor.renew_secret(AUTHENTICATOR_APPS, app.encrypted, secret_name(app.owner))
            except (DecryptionFailed, RootMissing):
                unreadable.append(app.id)
    return unreadable

"""Which second factors a person has. A password alone lets nobody in who has one."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from store.job import request_job
from store.sign_in.authenticator_app import AuthenticatorApp
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.passkey import Passkey
from store.sign_in.recovery_code import RecoveryCode, forget_codes

#: The kind of the job that tells a person by mail what changed of their factors.
FACTOR_CHANGED: Final = "factor_changed"


class SecondFactors(NamedTuple):
    """How many passkeys a person has, whether an app that shows codes, and how many recovery codes are left."""

    passkeys: int
    has_app: bool
    codes_left: int

    @property
    def is_any(self) -> bool:
        """Whether a password alone is not enough. Recovery codes stand for a factor; they are none by themselves."""
        return self.has_app or self.passkeys > 0


def second_factors_of(session: Session, owner: FactorOwner) -> SecondFactors:
    """What a person has, in one statement."""
    passkeys = select(func.count()).select_from(Passkey).where(owner.has(Passkey))
    apps = select(func.count()).where(owner.has(AuthenticatorApp), AuthenticatorApp.confirmed_at.is_not(None))
    codes = select(func.count()).where(owner.has(RecoveryCode), RecoveryCode.used_at.is_(None))
    row = session.execute(
        select(
            passkeys.scalar_subquery(),
            apps.select_from(AuthenticatorApp).scalar_subquery(),
            codes.select_from(RecoveryCode).scalar_subquery(),
        )
    ).one()
    return SecondFactors(row[0], row[1] > 0, row[2])


def tell_change(session: Session, owner: FactorOwner, what: str, now: datetime, name: str = "") -> None:
    """Ask for the mail that tells a person that *what* changed of their factors (send the wake-up signal after the
    commit). *name* is a passkey's."""
    request_job(session, FACTOR_CHANGED, {f"{owner.audience}_id": owner.id, "what": what, "name": name}, now)


def forget_spare_codes(session: Session, owner: FactorOwner) -> None:
    """Delete the recovery codes of a person who has no second factor any more: they stand for nothing."""
    if not second_factors_of(session, owner).is_any:
        forget_codes(session, owner)


def remove_all_factors(session: Session, owner: FactorOwner, now: datetime, by: str = "") -> bool:
    """Remove passkeys, app and recovery codes of a person. Returns False if there was no factor."""
    was = second_factors_of(session, owner)
    for table in (Passkey, AuthenticatorApp, RecoveryCode):
        session.execute(delete(table).where(owner.has(table)))
    if was.is_any:
        owner.record(session, "second factors removed", now, by)
    return was.is_any

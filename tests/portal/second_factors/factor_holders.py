"""People with second factors, for tests: an app whose codes are known, and recovery codes."""

from email.header import decode_header, make_header

import pyotp

from portal.second_factors.one_time_code import DIGITS, SECONDS
from store import Store
from store.accounts.consumer import Consumer
from store.sign_in.authenticator_app import app_of, begin_app, confirm_app
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.recovery_code import hash_codes, keep_codes
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.conftest import Mailbox

SECRET = b"a secret of 20 bytes"
BASE32 = "MEQHGZLDOJSXIIDPMYQDEMBAMJ4XIZLT"
#: One recovery code: each costs a hash.
RECOVERY = "ABCDE-FGHJK"


class App:
    """An authenticator app on somebody's phone."""

    def __init__(self, clock: Clock, secret: str = BASE32) -> None:
        self._clock, self._codes = clock, pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS)

    def code(self, steps: int = 0) -> str:
        """The code that it shows, so many steps from now."""
        return self._codes.generate_otp(int(self._clock().timestamp()) // SECONDS + steps)


def give_app(store: Store, clock: Clock, person: Consumer | Staff) -> App:
    """Give somebody an app and a recovery code."""
    owner = FactorOwner.of(person)
    with store.writing() as session:
        begin_app(session, store.encryptor, owner, SECRET, clock())
        app = app_of(session, owner)
        assert app is not None
        confirm_app(session, app, clock())
        keep_codes(session, owner, hash_codes([RECOVERY]), clock())
    return App(clock)


def subjects(mailbox: Mailbox) -> list[str]:
    """The subjects of all mails."""
    return [str(make_header(decode_header(mail["Subject"]))) for _, mail in mailbox.mails]

"""The form in which an e-mail address or a telephone that an issuer knows is looked for: that of confirmed ones."""

from store.accounts.email_address import counted_form
from store.accounts.phone_number import NoPhoneNumber, read_phone_number

#: The longest key of an address.
LONGEST_EMAIL = 254


def email_key(email: str | None) -> str:
    """The same for all spellings of an address (`store.accounts.consumer.Consumer.email`); "" for none."""
    key = counted_form(email) if email else ""
    return key if len(key) <= LONGEST_EMAIL else ""


def phone_key(phone: str | None) -> str:
    """A mobile number in E.164 (`store.accounts.phone.Phone.number`); "" for none, and for what is no number that SMS
    go to: such a number is confirmed by nobody."""
    try:
        return read_phone_number(phone) if phone else ""
    except NoPhoneNumber:
        return ""

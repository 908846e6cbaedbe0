"""Takes the name, the addresses and the number of a person out of what others wrote: reasons, answers of servers."""

import re
from collections.abc import Iterable
from copy import copy
from typing import Any, Final

from store.accounts.email_address import forms_of
from store.accounts.joint_holder_notice import shortened_name
from store.accounts.phone_number import shown_number

#: What stands where something was taken out.
ERASED: Final = "***"
#: A part of a name is looked for from so many letters on: « de » is in too many sentences.
_SHORTEST_PART: Final = 3
#: What looks like an e-mail address or a phone number (E.164), whosever it is.
_ANY_ADDRESS: Final = r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+\w|\+\d{8,15}"


class PersonWords:
    """The words that a person is known by: each is taken out wherever it stands as a word of its own, in any case."""

    def __init__(self, names: Iterable[str], emails: Iterable[str], phones: Iterable[str]) -> None:
        self.names = sorted({form for name in names if name for form in (name, shortened_name(name))})
        self.emails = sorted({form for email in emails if "@" in email for form in forms_of(email)})
        self.phones = sorted(set(phones))
        parts = {part for name in self.names for part in name.split() if len(part) >= _SHORTEST_PART}
        numbers = {form for number in self.phones for form in (number, shown_number(number))}
        words = sorted({*self.emails, *numbers, *self.names, *parts}, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
        self._is_known = bool(words)

    def and_any_address(self) -> "PersonWords":
        """The same, and whatever looks like an address: for what is said of messages to this person, which may have
        gone to one that they had before, and that nobody knows to be theirs any more."""
        wider = copy(self)
        known = f"|{self._pattern.pattern}" if self._is_known else ""
        wider._pattern, wider._is_known = re.compile(f"{_ANY_ADDRESS}{known}", re.IGNORECASE), True
        return wider

    def erased_from(self, text: str) -> str:
        """The text without them."""
        return self._pattern.sub(ERASED, text) if self._is_known else text

    def erased_from_values(self, values: Any) -> Any:
        """The values of a reason or a job without them, at any depth."""
        match values:
            case str():
                return self.erased_from(values)
            case dict():
                return {key: self.erased_from_values(each) for key, each in values.items()}
            case list():
                return [self.erased_from_values(each) for each in values]
        return values

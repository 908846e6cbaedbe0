"""What a person of the demo's world does with an invitation that came by mail: nothing, a look at its page, or what it
says."""

from typing import Final, NamedTuple

from demo.people.person import Habit, Person
from demo.seeded_random import random_by_name

#: Of people who get an invitation by mail: the share that opens its page, and of these the share that does what it
#: says, unless they keep paper for ever. Where every customer was asked, one in five to three came (domain: US
#: utilities 19 to 28 %).
OPENS: Final = 0.55
FOLLOWS: Final = 0.6


class InvitationAnswer(NamedTuple):
    """Whether somebody opens the page, and whether they do what it says: sign up, link the contract, leave paper."""

    opens: bool
    follows: bool


def invitation_answer(person: Person, number: str) -> InvitationAnswer:
    """The answer to an invitation about this person's contract *number*: the same each time."""
    rng = random_by_name(person.key, number, "invited")
    opens = rng.random() < OPENS
    return InvitationAnswer(opens, opens and person.habit is not Habit.PAPER and rng.random() < FOLLOWS)

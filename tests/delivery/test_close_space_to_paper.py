"""Alice closes her space while bills are on their way to her: each comes by post, none by e-mail."""

from datetime import timedelta
from pathlib import Path

import delivery
from consumers.leaving.erase_person import erase_person
from delivery.channels.email.smtp.dev_inbox import list_mails
from delivery.close_space_to_paper import close_space_to_paper
from tests.delivery.sample_bills import World
from tests.delivery.test_return_to_paper import DUE, ISSUED, TUESDAY, Story


def test_bills_on_their_way_and_those_that_come_later_are_posted(
    world: World, post: delivery.SmtpClient, inbox: Path
) -> None:
    story, closed = Story(world), TUESDAY + timedelta(hours=1)
    with world.store.writing() as session:
        assert close_space_to_paper(session, story.alice, closed, at_once=True)
        assert not close_space_to_paper(session, story.alice, closed)
    assert world.owed(story.unread)["print", None].state == "ready"
    assert world.owed(story.unread)["remind-1", story.alice].state == "cancelled"
    with world.store.writing() as session:
        assert erase_person(session, story.alice, closed)
    later = world.bill(story.account, ISSUED, DUE)
    world.choose(closed, later)
    world.send(post, closed + timedelta(hours=1))
    assert list_mails(inbox) == []
    assert world.owed(later)["print", None].state in {"ready", "waiting"}
    assert {person for _, person in world.owed(later)} == {None}

"""What was not sent is shown as one list: somebody who waits for a code finds it at the top, also among mails."""

from collections.abc import Callable

import pytest

from config import Config
from delivery.channels.sms.sms_folder import SmsFolder
from delivery.channels.sms.sms_provider import Sms
from tests.portal.conftest import Browser

pytestmark = pytest.mark.beside_any_database

MAIL = b"To: alice@example.org\r\nFrom: facteur@localhost\r\nSubject: %s\r\nDate: %s\r\n\r\nBonjour\r\n"


def test_an_sms_stands_among_the_mails_by_when_it_was_sent(config: Config, browser: Callable[[], Browser]) -> None:
    config.inbox.mkdir(parents=True)
    dates = {b"Hier": b"Mon, 02 Mar 2020 09:00:00 +0000", b"Demain": b"Sat, 02 Mar 2120 09:00:00 +0000", b"Jadis": b"x"}
    for n, (subject, date) in enumerate(dates.items()):
        (config.inbox / f"{n:08x}-{n:024x}.eml").write_bytes(MAIL % (subject, date))
    assert config.sms_folder
    text = "123456 est votre code. https://facteur.example/f/x"
    SmsFolder(config.sms_folder).send(Sms(to="+33639981234", text=text, reference="c1"))
    page = browser().get("/courrier").text
    assert sorted(["Demain", "123456", "Hier", "Jadis"], key=page.index) == ["Demain", "123456", "Hier", "Jadis"]
    assert 'href="https://facteur.example/f/x"' in page

"""Each outage, for seconds, minutes and a business day, with a feed at every stage of its life: nobody is to blame, and
when the outside is there again everything ends as if nothing had been.

Every day each thing outside goes down for a business day in each way that takes another path through our code. Of the
ways that differ in what is answered alone, it is asked how the answer is taken; `make battery` lives through all.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config

from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.smtp.smtp_client import SmtpClient
from issuers.pdf_e_seal import ESealCertificate, ESealCertificates
from store.blobs.s3_blobs import S3Blobs
from store.db.wake_up_signal import RedisWakeUpSignal
from store.outage_or_fault import is_outage
from tests.issuers.test_pdf_e_seal import Authority
from tests.outages import what_is_down
from tests.outages.bucket import ERRORS, Bucket
from tests.outages.relay import ANSWERS, Relay
from tests.outages.six_issuers import LONGEST_OF_MAILS, World, all_is_well
from tests.outages.what_is_down import Outage

A_DAY = timedelta(hours=9)
LASTS = {"seconds": timedelta(seconds=20), "minutes": timedelta(minutes=7), "a business day": A_DAY}
ROUNDS = 15
ASKED_ONCE = Config(retries={"mode": "standard", "total_max_attempts": 1})
IS_BATTERY = "FACTEUR_KILLS" in os.environ
#: What the system says of a folder, all but one of each.
REFUSED = (
    "the blobs' share is stale", "the blobs' folder is read-only", "the blobs' folder is gone",
    "the print house's folder is gone", "the print house keeps us out",
)  # fmt: skip
#: What a relay answers in place of the mail's way, all but one at each stage of it.
ANSWERED = tuple(
    f"the relay {manner}"
    for manner in ANSWERS.keys()
    - {"closes at once", "greylists all", "fails after the content", "does not know us", "breaks off TLS"}
)  # fmt: skip
#: What a bucket says, all but one of each hundred.
SAID = tuple(
    f"the bucket {manner}"
    for manner in ERRORS.keys() - {"asks to slow down", "says access is denied", "has lost the bucket"}
)  # fmt: skip


@pytest.fixture(scope="module")
def served() -> Iterator[Bucket]:
    served = Bucket()
    yield served
    served.close()


@pytest.fixture
def bucket(served: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", served.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "alice")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret of hers")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return served


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("signets"))


def go_through(world: World, outage: Outage, lasts: timedelta) -> list[int]:
    """The outage begins, time passes, it ends, and so much later all must be done. Which batches were named late while
    it lasted."""
    world.ask_for_a_password()
    world.acknowledge()
    with outage(world):
        world.live(lasts, lasts / ROUNDS)
        late = world.late()
    world.live(LONGEST_OF_MAILS, timedelta(minutes=2))
    world.live_until_printed()
    all_is_well(world)
    return late


def some(outages: Mapping[str, Outage], whole: str, *alike: str, times: Iterable[str] = LASTS) -> list[Any]:
    """Each of them for a business day, and *whole* for each of *times*; not those which are *alike* another. `make
    battery` takes all of them for each time.

    What a folder, a bucket, a relay or an authority does is the same beside any database: beside PostgreSQL, *whole*
    alone for a business day."""
    assert {whole, *alike} <= outages.keys()
    return [
        pytest.param(
            outage, lasts, id=f"{what}, {name}",
            marks=[] if IS_BATTERY or (what == whole and lasts == A_DAY) else [pytest.mark.beside_any_database],
        )
        for what, outage in outages.items()
        for name, lasts in LASTS.items()
        if IS_BATTERY or (lasts == A_DAY and what not in alike) or (what == whole and name in times)
    ]  # fmt: skip


def test_all_is_well_where_nothing_is_down(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.ask_for_a_password()
    world.acknowledge()
    world.live(A_DAY, timedelta(hours=1))
    all_is_well(world)


@pytest.mark.parametrize(("outage", "lasts"), some(what_is_down.FOLDERS, "the blobs' mount is gone", *REFUSED))
def test_a_folder_is_down(make_world: Callable[..., World], outage: Outage, lasts: timedelta) -> None:
    late = go_through(make_world(), outage, lasts)
    if outage is not what_is_down.FOLDERS["the blobs' disk is full"]:  # what is there can be printed
        assert bool(late) == (lasts == A_DAY), "letters that are not handed over in time are named"


@pytest.mark.parametrize(("outage", "lasts"), some(what_is_down.RELAYS, "the relay is gone", *ANSWERED))
def test_the_relay_is_down(make_world: Callable[..., World], outage: Outage, lasts: timedelta) -> None:
    go_through(make_world(), outage, lasts)


@pytest.mark.parametrize("n", range(4))
@pytest.mark.parametrize("lasts", LASTS.values(), ids=LASTS)
def test_the_database_is_down(make_world: Callable[..., World], database: str, n: int, lasts: timedelta) -> None:
    if n and lasts != A_DAY and not IS_BATTERY:
        pytest.skip("`make battery` asks")
    outages = list(what_is_down.DATABASES[database].values())
    if n >= len(outages):
        pytest.skip("this database has no more ways to be down")
    go_through(make_world(), outages[n], lasts)


@pytest.mark.parametrize(("outage", "lasts"), some(what_is_down.BUCKETS, "the bucket asks to slow down", *SAID))
def test_the_bucket_is_down(
    make_world: Callable[..., World], bucket: Bucket, outage: Outage, lasts: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.blobs.s3_blobs._PATIENCE", ASKED_ONCE)
    go_through(make_world(bucket=bucket), outage, lasts)


@pytest.mark.parametrize("manner", ERRORS)
def test_whatever_a_bucket_says_it_is_an_outage(
    bucket: Bucket, tmp_path: Path, manner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.blobs.s3_blobs._PATIENCE", ASKED_ONCE)
    blobs = S3Blobs(bucket.begin_with(tmp_path).removeprefix("s3://"), "")
    kept = blobs.put(b"a bill")
    bucket.manner = manner
    try:
        with pytest.raises(Exception) as asked, blobs.open(kept):
            pass
        with pytest.raises(Exception) as written:
            blobs.put(b"another")
    finally:
        bucket.manner = ""
    assert is_outage(asked.value)
    assert is_outage(written.value)


@pytest.mark.parametrize("manner", ANSWERS)
def test_whatever_a_relay_answers_no_person_is_to_blame(relay: Relay, manner: str) -> None:
    relay.manner = manner
    mail = EmailMessage()
    mail["Message-ID"] = "<mail@facteur.example>"
    mail.set_content("Your bill is here.")
    with pytest.raises(DeliveryError) as failed:
        SmtpClient(relay.url, "Facteur <facteur@facteur.example>", timeout=5).send(mail, "alice@example.org")
    assert failed.value.kind in {"down", "busy"}


@pytest.mark.parametrize(("outage", "lasts"), some(what_is_down.AUTHORITIES, "the authority fails", times=()))
def test_the_time_stamp_authority_is_down(
    make_world: Callable[..., World],
    authority: Authority,
    outage: Outage,
    lasts: timedelta,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The issuers whose bills are not drawn yet seal them."""
    world = make_world(e_seals=authority.folder)
    sealed = ESealCertificates(authority.folder).of("lumiere")
    assert sealed is not None
    stamped = ESealCertificate(sealed._signer, authority.clock)
    monkeypatch.setattr(world.pipeline.context.e_seals, "of", lambda _slug: stamped)
    go_through(world, outage, lasts)


def test_redis_is_down(make_world: Callable[..., World]) -> None:
    """No wake-up signal is sent: a sweep finds all there is to do."""
    world = make_world(wake_up=RedisWakeUpSignal("redis://127.0.0.1:1/0"))
    go_through(world, what_is_down.nothing, A_DAY)

"""The drop: bytes come in by a door, once, whole, or not at all."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier

import pytest
from sqlalchemy import func, select

from doors.feed_drop import DroppedFeed, DropRefused, clean_name, drop_feed
from issuers.registry import add_issuer
from store import Store
from store.blobs.mounted_folder_check import MARK
from store.db.event import events_of
from store.feeds.feed import Feed
from store.issuer import Issuer
from tests.conftest import Clock

BYTES = b"<Invoice>...</Invoice>"
SHA256 = hashlib.sha256(BYTES).hexdigest()


class CountingBell:
    """Counts the wake-up signals, and the rows that can be seen when one is sent."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.seen: list[int | None] = []

    def send(self) -> None:
        with self.store.reading() as session:
            self.seen.append(session.scalar(select(func.count()).select_from(Feed)))


@pytest.fixture
def eaux(store: Store, clock: Clock) -> Issuer:
    with store.writing() as session:
        return add_issuer(session, "eaux", "Eaux du Lac", clock())


def test_a_feed_is_taken_in(store: Store, eaux: Issuer, clock: Clock) -> None:
    dropped = drop_feed(store, eaux, BytesIO(BYTES), "mars.xml", "api", clock())
    assert dropped == (dropped.feed_id, SHA256, "mars.xml", True, "received")
    assert store.blobs.read(SHA256) == BYTES
    with store.reading() as session:
        feed = session.get_one(Feed, dropped.feed_id)
        assert (feed.issuer_id, feed.size, feed.door, feed.received_at) == (eaux.id, len(BYTES), "api", clock())
        assert [event.what for event in events_of(session, "feed", feed.id)] == ["received"]


def test_the_bell_rings_when_the_row_can_be_seen(store: Store, eaux: Issuer, clock: Clock) -> None:
    store.wake_up = wake_up = CountingBell(store)
    drop_feed(store, eaux, BytesIO(BYTES), "mars.xml", "api", clock())
    assert wake_up.seen == [1]


def test_the_same_bytes_are_the_same_feed(store: Store, eaux: Issuer, clock: Clock) -> None:
    first = drop_feed(store, eaux, BytesIO(BYTES), "mars.xml", "api", clock())
    again = drop_feed(store, eaux, BytesIO(BYTES), "mars (2).xml", "sftp", clock.forward(hours=1))
    assert again == (first.feed_id, SHA256, "mars.xml", False, "received")


def test_the_same_bytes_of_another_issuer_are_another_feed(store: Store, eaux: Issuer, clock: Clock) -> None:
    with store.writing() as session:
        gaz = add_issuer(session, "gaz", "Gaz de la Plaine", clock())
    first = drop_feed(store, eaux, BytesIO(BYTES), "mars.xml", "api", clock())
    other = drop_feed(store, gaz, BytesIO(BYTES), "mars.xml", "api", clock())
    assert other.is_new
    assert other.feed_id != first.feed_id


def test_a_rejected_feed_dropped_again_is_read_again(store: Store, eaux: Issuer, clock: Clock) -> None:
    first = drop_feed(store, eaux, BytesIO(BYTES), "mars.xml", "api", clock())
    with store.writing() as session:
        session.get_one(Feed, first.feed_id).state = "rejected"
    again = drop_feed(store, eaux, BytesIO(BYTES), "mars.xml", "api", clock.forward(hours=1))
    assert (again.feed_id, again.is_new, again.state) == (first.feed_id, True, "received")


class Endless:
    """A sender who never stops; counts what was taken from him."""

    taken = 0

    def read(self, size: int = -1, /) -> bytes:
        self.taken += size
        return b"x" * size


class CutOff(BytesIO):
    """A line that breaks after the first piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(4)
        if not piece:
            raise ConnectionResetError("the line broke")
        return piece


@pytest.mark.parametrize(
    ("stream", "checksums", "rule"),
    [
        (BytesIO(b""), {}, "EMPTY"),
        (Endless(), {}, "TOO-LARGE"),
        (BytesIO(BYTES), {"sha256": "0" * 64}, "CHECKSUM"),
        (BytesIO(BYTES), {"sha256": SHA256, "md5": "0" * 32}, "CHECKSUM"),
    ],
    ids=["empty", "endless", "another sha256", "another md5"],
)
def test_what_is_refused_leaves_nothing(
    store: Store, eaux: Issuer, clock: Clock, config, stream, checksums, rule: str
) -> None:
    with pytest.raises(DropRefused) as refused:
        drop_feed(store, eaux, stream, "mars.xml", "api", clock(), most=5_000_000, checksums=checksums)
    finding = refused.value.finding
    assert (finding.rule, finding.severity, finding.place) == (rule, "fatal", "mars.xml")
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Feed)) == 0
    assert not [path for path in (config.home / "blobs").rglob("*") if path.is_file() and path.name != MARK]
    assert not list((config.home / "incoming").iterdir())


def test_an_endless_sender_is_stopped_at_the_limit(store: Store, eaux: Issuer, clock: Clock) -> None:
    sender = Endless()
    with pytest.raises(DropRefused):
        drop_feed(store, eaux, sender, "mars.xml", "api", clock(), most=5_000_000)
    assert sender.taken < 5_000_000 + 2 * (1 << 20)


def test_a_line_that_breaks_leaves_nothing(store: Store, eaux: Issuer, clock: Clock, config) -> None:
    with pytest.raises(ConnectionResetError):
        drop_feed(store, eaux, CutOff(BYTES), "mars.xml", "api", clock())
    assert not list((config.home / "incoming").iterdir())
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Feed)) == 0


def test_a_checksum_that_agrees(store: Store, eaux: Issuer, clock: Clock) -> None:
    checksums = {"sha256": SHA256.upper(), "md5": hashlib.md5(BYTES).hexdigest()}
    assert drop_feed(store, eaux, BytesIO(BYTES), "mars.xml", "api", clock(), checksums=checksums).is_new


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("mars.xml", "mars.xml"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Factures\\mars.xml", "mars.xml"),
        ("mars\r\nX-Evil: yes.xml", "marsX-Evil: yes.xml"),
        ("mars\x00.xml", "mars.xml"),
        ("facture\u202elmx.exe", "facturelmx.exe"),
        ("relev\u0065\u0301.xml", "relevé.xml"),
        ("\udcff.xml", ".xml"),
        ("", "feed"),
        ("/", "feed"),
        ("x" * 300, "x" * 255),
    ],
)
def test_a_name_is_data(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


def test_the_same_file_by_two_doors_at_once_is_one_feed(store: Store, eaux: Issuer, clock: Clock) -> None:
    together = Barrier(8)

    def enter(door: str) -> DroppedFeed:
        together.wait()
        return drop_feed(store, eaux, BytesIO(BYTES), "mars.xml", door, clock())

    with ThreadPoolExecutor(8) as pool:
        dropped = list(pool.map(enter, ["api", "sftp"] * 4))
    assert len({each.feed_id for each in dropped}) == 1
    assert [each.is_new for each in dropped].count(True) == 1
    assert store.blobs.read(SHA256) == BYTES

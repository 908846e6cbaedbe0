"""Lots go to a print house's own SFTP server, whole and once, whatever breaks on the way; its answers come back."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from delivery.channels.paper.print_houses import sftp_carrier
from delivery.channels.paper.print_houses.sftp_carrier import SftpCarrier
from delivery.channels.paper.print_manifest import LotFile, PrintManifest, Ticket, as_bytes
from store.blobs.mounted_folder_check import mark
from store.outage_or_fault import Unavailable
from tests.delivery.channels.paper.print_houses.sftp_print_house import SftpPrintHouse, serving

NAME = "lot-000231-1a2b3c4d5e6f"
TICKET = Ticket(paper="A4", paper_grams=80, sides=1, fold="three", envelope="DL")
MEBIBYTE = 1 << 20


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SftpPrintHouse]:
    with serving(tmp_path) as house:
        yield house


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    mark(tmp_path / "outbox")
    return tmp_path / "outbox"


@pytest.fixture
def lot(outbox: Path) -> PrintManifest:
    """Two files of letters, the first of more than two windows."""
    files = []
    for number, size in ((1, 2 * MEBIBYTE + 4711), (2, 9)):
        content = bytes(n * number % 251 for n in range(1000)) * (size // 1000 + 1)
        name = f"{NAME}-{number}.pdf"
        (outbox / name).write_bytes(content[:size])
        sha256 = hashlib.sha256(content[:size]).hexdigest()
        files.append(
            LotFile(pdf=name, sha256=sha256, size=size, first_set=number, letters=1, pages=1, sheets=1, ticket=TICKET)
        )
    manifest = PrintManifest(
        lot=231, name=NAME, closed_at="2026-03-03T16:30:00+00:00", letters=2, sheets=2, postage={"FR-20": 2},
        files=files, pieces=[],
    )  # fmt: skip
    (outbox / f"{NAME}.json").write_bytes(as_bytes(manifest))
    return manifest


def carry(house: SftpPrintHouse, outbox: Path, lot: PrintManifest, **other: object) -> None:
    for _ in SftpCarrier(house.access(**other)).carry(outbox, lot):
        pass


def arrived(house: SftpPrintHouse) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in house.lots.iterdir()}


def sent(outbox: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in outbox.glob("lot-*")}


def test_a_lot_arrives_whole_its_manifest_last(house: SftpPrintHouse, outbox: Path, lot: PrintManifest) -> None:
    carry(house, outbox, lot)
    assert arrived(house) == sent(outbox)
    assert house.renamed == [f"{NAME}-1.pdf", f"{NAME}-2.pdf", f"{NAME}.json"]


def test_an_announced_lot_is_found_again(house: SftpPrintHouse, outbox: Path, lot: PrintManifest) -> None:
    carry(house, outbox, lot)
    (house.lots / f"{NAME}-2.pdf").unlink()  # the house has taken it
    before = house.written
    carry(house, outbox, lot)
    assert house.written == before
    (house.lots / f"{NAME}.json").rename(house.lots / f"{NAME}.ack.json")
    carry(house, outbox, lot)
    assert house.written == before, "an answer says that it has come"


def test_what_was_broken_off_is_gone_on_with(house: SftpPrintHouse, outbox: Path, lot: PrintManifest) -> None:
    house.break_after = 2 * MEBIBYTE
    with pytest.raises(Unavailable):
        carry(house, outbox, lot)
    assert list(arrived(house)) == [f".{NAME}-1.pdf.part"], "nothing has a name yet"
    house.break_after, before = None, house.written
    carry(house, outbox, lot)
    assert arrived(house) == sent(outbox)
    assert house.written - before < 2 * MEBIBYTE, "the first window was not sent again"


def test_a_part_that_is_not_ours_is_sent_anew(house: SftpPrintHouse, outbox: Path, lot: PrintManifest) -> None:
    (house.lots / f".{NAME}-1.pdf.part").write_bytes(b"\0" * (MEBIBYTE + 1))
    carry(house, outbox, lot)
    assert arrived(house) == sent(outbox)


def test_half_a_file_under_its_name_is_replaced(house: SftpPrintHouse, outbox: Path, lot: PrintManifest) -> None:
    (house.lots / f"{NAME}-2.pdf").write_bytes(b"half")
    carry(house, outbox, lot)
    assert arrived(house) == sent(outbox)


def test_another_server_gets_nothing(house: SftpPrintHouse, outbox: Path, lot: PrintManifest) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with pytest.raises(Unavailable, match=r"[Hh]ost key"):
        carry(house, outbox, lot, host_keys=(other,))
    assert arrived(house) == {}
    with pytest.raises(Unavailable, match=r"[Hh]ost key"):
        SftpCarrier(house.access(host_keys=(other,))).fetch(outbox)


@pytest.mark.parametrize("request_", ["stat", "close", "read"])
def test_a_server_that_keeps_the_connection_and_does_not_answer_is_left_alone(
    house: SftpPrintHouse, outbox: Path, lot: PrintManifest, request_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the disk behind an SFTP server hangs: keepalives are answered all the same."""
    for patience in ("_PATIENCE", "_PATIENCE_WITH_WINDOW"):
        monkeypatch.setattr(sftp_carrier, patience, 0.3)
    house.silent_at = request_
    if request_ == "read":
        (house.lots / f"{NAME}.ack.json").write_text("{}")
        with pytest.raises(Unavailable):
            SftpCarrier(house.access()).fetch(outbox)
    else:
        with pytest.raises(Unavailable):
            carry(house, outbox, lot)
    house.silent_at = ""
    carry(house, outbox, lot)


@pytest.mark.parametrize("wrong", ["port", "user's key", "folder", "key file"])
def test_a_house_that_does_not_take_it_is_an_outage(
    house: SftpPrintHouse, outbox: Path, lot: PrintManifest, wrong: str, tmp_path: Path
) -> None:
    strange = tmp_path / "strange_key"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(strange))
    others: dict[str, dict[str, object]] = {
        "port": {"port": 9}, "user's key": {"key_file": strange}, "folder": {"folder": "/gone"},
        "key file": {"key_file": tmp_path / "none"},
    }  # fmt: skip
    with pytest.raises(Unavailable, match=r"print house facteur@127\.0\.0\.1"):
        carry(house, outbox, lot, **others[wrong])
    assert arrived(house) == {}


def test_answers_come_back_once_and_whole(house: SftpPrintHouse, outbox: Path, lot: PrintManifest) -> None:
    carrier = SftpCarrier(house.access())
    answer = {"letters": 2, "sheets": 2}
    (house.lots / f"{NAME}.ack.json").write_text(json.dumps(answer))
    (house.lots / f"{NAME}.returned.json").write_text('{"returned": []}')
    for strange in (".ack.json", "lot-000231.ack.json", f"{NAME}-1.pdf", f"{NAME}.ack.json.part", f"x{NAME}.ack.json"):
        (house.lots / strange).write_text("not for us")
    assert carrier.fetch(outbox) == 2
    assert json.loads((outbox / f"{NAME}.ack.json").read_bytes()) == answer
    assert {path.name for path in outbox.iterdir()} == {*sent(outbox), ".facteur"}
    assert carrier.fetch(outbox) == 0
    (house.lots / f"{NAME}.ack.json").write_text(json.dumps(answer | {"missing": [1]}))
    assert carrier.fetch(outbox) == 1
    assert b"missing" in (outbox / f"{NAME}.ack.json").read_bytes()


def test_whoever_stops_takes_the_connection_down(house: SftpPrintHouse, outbox: Path, lot: PrintManifest) -> None:
    under_way = SftpCarrier(house.access()).carry(outbox, lot)
    next(under_way, None)
    under_way.close()  # type: ignore[attr-defined]
    carry(house, outbox, lot)
    assert arrived(house) == sent(outbox)

"""Letters: the batch that they join, the lot that is handed over, and what comes back."""

import hashlib
import json
from collections import deque
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select, update

import delivery
from audit.invariants import INVARIANTS
from bill import PostalAddress
from consumers.claim_code import digest, letter_code, read_code
from consumers.one_bill_link import one_bill_url
from delivery.channels.paper import print_outbox as outbox_module
from delivery.channels.paper.print_manifest import PrintManifest
from delivery.channels.paper.reprint import NoSuchSet, print_sets_again, sets_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db import leases
from store.db.event import Event, events_of
from store.db.leases import LeaseLost, acquire_lease
from store.delivery import Attempt, Delivery, Receipt
from store.print_batch import PrintBatch, batches_in
from tests.delivery.sample_bills import PUBLIC_URL, Press, World
from tests.print_manifest_sums import disagreements
from tests.spelled_reasons import french

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
CUT_OFF = datetime(2026, 3, 3, 16, 30, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
PAPER = ("print", None)


def town(postcode: str, line1: str = "1 rue du Port") -> PostalAddress:
    return PostalAddress(line1=line1, postcode=postcode, city="Ville", country="FR")


def unclaimed(world: World, *postcodes: str) -> list[int]:
    """Bills of accounts nobody has claimed, one at each of these places, waiting for the batch."""
    bills = [world.bill(world.account(address=town(postcode)), ISSUED, DUE) for postcode in postcodes]
    world.choose(TUESDAY)
    return bills


def lot(world: World) -> tuple[dict, list[dict]]:
    """The one manifest in the outbox, whose sums agree, and the letters of its PDFs."""
    [path] = [path for path in world.outbox.glob("*.json") if not path.name.endswith(".ack.json")]
    manifest = json.loads(path.read_bytes())
    assert disagreements(msgspec.convert(manifest, PrintManifest)) == []
    letters = []
    for file in manifest["files"]:
        content = (world.outbox / file["pdf"]).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file["sha256"], file["size"])
        assert content.endswith(b"%%EOF\n")
        letters += [json.loads(line) for line in content.splitlines() if line.startswith(b"{")]
    return manifest, letters


def answer(world: World, letters: int, sheets: int) -> int:
    [manifest] = [path for path in world.outbox.glob("*.json") if not path.name.endswith(".ack.json")]
    manifest.with_suffix(".ack.json").write_text(json.dumps({"letters": letters, "sheets": sheets}))
    return delivery.read_answers(world.store, {"main": world.outbox}, CUT_OFF + timedelta(hours=12))


def test_letters_wait_for_the_cut_off(world):
    [bill] = unclaimed(world, "44000")
    assert world.print(TUESDAY) is None
    assert world.print(CUT_OFF - timedelta(seconds=1)) is None
    with world.store.reading() as session:
        [batch] = batches_in(session, "open")
    assert batch.cut_off_at == CUT_OFF
    assert world.print(CUT_OFF) == batch.id
    assert world.states(bill) == {PAPER: "sent"}
    assert world.batch(batch.id).state == "handed_over"
    assert world.row(bill).channel == "paper"


def test_the_lot_is_one_pdf_and_a_manifest_that_counts(world):
    north, south, long_one = unclaimed(world, "59000", "F-13 001", "75011")
    with world.store.writing() as session:
        account = session.get_one(BillRow, long_one).account_id
    world.bill(account, ISSUED, DUE, size="long", number="F-long")
    world.choose(TUESDAY)
    batch = world.batch(world.print(TUESDAY, force=True) or 0)
    manifest, letters = lot(world)
    assert [piece["postcode"] for piece in manifest["pieces"]] == ["13001", "59000", "75011", "75011"]
    assert [piece["first_page"] for piece in manifest["pieces"]] == [1, 2, 3, 4]
    assert (manifest["letters"], manifest["sheets"], manifest["pieces"][-1]["sheets"]) == (4, 5, 2)
    assert (batch.letters, batch.sheets, batch.name) == (4, 5, manifest["name"])
    [file] = manifest["files"]
    assert file["pdf"] == f"{batch.name}-1.pdf"
    of_content = hashlib.sha256(file["sha256"].encode()).hexdigest()[:12]
    assert manifest["name"] == f"lot-{batch.id:06d}-{of_content}"
    assert [piece["bill"] for piece in manifest["pieces"][:2]] == [world.row(south).number, world.row(north).number]
    assert [(letter["batch"], letter["piece"], letter["pieces"]) for letter in letters] == [
        (batch.id, n, 4) for n in (1, 2, 3, 4)
    ]
    stored = world.outbox / f"{batch.name}.json"
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == batch.manifest_sha256


def test_a_letter_carries_the_address_and_the_code_that_claims_the_account(world):
    address = PostalAddress(line1="12, rue de l'Été", line2="Bât. B", postcode="44000", city="Nantes", country="FR")
    bill = world.bill(world.account(address=address, name="Mme Alice Martin"), ISSUED, DUE)
    world.profile('[sender]\nline1 = "1 quai Nord"\npostcode = "44000"\ncity = "Nantes"\n')
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    _, [letter] = lot(world)
    row = world.owed(bill)[PAPER]
    code = letter_code(world.store.keys, row)
    assert letter["address"] == ["Mme Alice Martin", "Bât. B", "12 RUE DE L ÉTÉ", "44000 NANTES"]
    assert letter["return_address"] == ["Lumière de l'Ouest", "1 QUAI NORD", "44000 NANTES"]
    assert letter["claim_code"] == code == read_code(code.lower())
    assert letter["claim_url"] == f"{PUBLIC_URL}/c/{code}"
    assert letter["bill_url"] == one_bill_url(world.store.keys, PUBLIC_URL, row)
    assert row.claim_digest == digest(code)
    assert letter["copy"] is False


def test_alice_who_enrolled_but_keeps_paper_still_finds_a_code_for_her_family(world):
    bill = world.bill(world.account(world.consumer("Alice")), ISSUED, DUE)
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    _, [letter] = lot(world)
    assert letter["claim_code"] is not None
    assert letter["copy"] is False
    assert world.states(bill)[PAPER] == "sent"


def test_bobs_letter_is_a_copy_of_his_bill_on_line_and_has_no_code(world, post):
    bill = world.bill(world.account(world.consumer("Bob"), paperless=True), ISSUED, DUE)
    world.choose(TUESDAY)
    world.live(post, TUESDAY, datetime(2026, 3, 20, 18, 0, tzinfo=UTC))
    manifest, [letter] = lot(world)
    assert letter["copy"] is True
    assert letter["claim_code"] is None
    assert manifest["pieces"][0]["has_code"] is False
    assert world.owed(bill)[PAPER].claim_digest is None


def test_the_print_house_acknowledges(world):
    [bill] = unclaimed(world, "44000")
    batch_id = world.print(TUESDAY, force=True) or 0
    assert delivery.read_answers(world.store, {"main": world.outbox}, TUESDAY) == 0
    assert answer(world, letters=1, sheets=1) == 1
    assert answer(world, letters=1, sheets=1) == 0
    assert world.batch(batch_id).state == "acknowledged"
    row = world.owed(bill)[PAPER]
    assert row.state == "delivered"
    assert world.events(row.id) == ["attempting", "sent", "delivered"]
    with world.store.reading() as session:
        [receipt] = session.scalars(select(Receipt).where(Receipt.delivery_id == row.id))
        assert receipt.kind == "printed"


def test_a_set_that_was_not_printed_is_printed_with_the_next_lot(world):
    first, second, third = unclaimed(world, "13001", "44000", "75011")
    batch_id = world.print(TUESDAY, force=True) or 0
    [path] = world.outbox.glob("*.json")
    said = {"letters": 2, "sheets": 2, "missing": [2]}
    path.with_suffix(".ack.json").write_text(json.dumps(said))
    assert delivery.read_answers(world.store, {"main": world.outbox}, CUT_OFF) == 1
    assert world.batch(batch_id).state == "acknowledged"
    assert world.states(first) == world.states(third) == {PAPER: "delivered"}
    assert world.states(second) == {PAPER: "failed", ("print-2", None): "ready"}
    again = world.print(CUT_OFF + timedelta(days=1), force=True)
    assert world.states(second) == {PAPER: "failed", ("print-2", None): "sent"}
    letter = world.owed(second)["print-2", None]
    assert letter.batch_id == again
    assert letter.claim_digest == digest(letter_code(world.store.keys, letter))
    with world.store.reading() as session:
        assert delivery.held_letters(session) == []
        for name in ("letters_twice", "batches_miscounted", "bills_owing_nothing", "forgotten_bills"):
            assert session.execute(INVARIANTS[name]()).all() == []


@pytest.mark.parametrize("missing", [[3], [1], [1, 2], [99], [0]])
def test_missing_sets_and_counts_that_disagree_are_for_a_person(world, missing):
    """Of two letters so many were printed, says the count; the sets that are named say otherwise."""
    unclaimed(world, "44000", "75011")
    batch_id = world.print(TUESDAY, force=True) or 0
    [path] = world.outbox.glob("*.json")
    printed = 2 if missing == [1] else 1
    path.with_suffix(".ack.json").write_text(json.dumps({"letters": printed, "sheets": 1, "missing": missing}))
    assert delivery.read_answers(world.store, {"main": world.outbox}, CUT_OFF) == 1
    assert world.batch(batch_id).state == "disputed"


def test_sets_are_printed_again_on_a_persons_word(world):
    bills = unclaimed(world, "13001", "44000", "59000", "75011")
    world.print(TUESDAY, force=True)
    answer(world, letters=4, sheets=4)
    manifest = msgspec.convert(lot(world)[0], PrintManifest)
    sets = sets_of("1-2, 4", manifest)
    with world.store.writing() as session:
        asked = (session, manifest, sets, "olga@facteur.example", "perdus par le transporteur", CUT_OFF)
        assert print_sets_again(*asked) == [1, 2, 4]
        assert print_sets_again(*asked) == []
    assert [list(world.states(bill).values()) for bill in bills] == [
        ["failed", "ready"], ["failed", "ready"], ["delivered"], ["failed", "ready"],
    ]  # fmt: skip
    world.print(CUT_OFF + timedelta(days=1), force=True)
    assert world.count(Delivery.channel == "paper", Delivery.state == "sent") == 3


@pytest.mark.parametrize("text", ["0", "5", "3-2", "1-", "", "a", "1;2", "1-99", "-1"])
def test_sets_that_are_not_there_are_refused(world, text):
    unclaimed(world, "13001", "44000", "59000", "75011")
    world.print(TUESDAY, force=True)
    with pytest.raises(NoSuchSet):
        sets_of(text, msgspec.convert(lot(world)[0], PrintManifest))


def test_thick_sets_lie_in_files_of_their_own(world):
    """Alice's letter goes into DL, Bob's twenty pages into C4, Charlie's seven into C5; Dora's book is held."""
    alice, bob, charlie, dora = (world.account(address=town(f"{n}4000")) for n in (1, 2, 3, 4))
    for account, size in ((bob, "thick-20"), (alice, "short"), (charlie, "thick-7"), (dora, "thick-500")):
        world.bill(account, ISSUED, DUE, size=size, number=f"F-{size}")
    world.choose(TUESDAY)
    batch_id = world.print(TUESDAY, force=True) or 0
    manifest, letters = lot(world)
    shown = [(file["ticket"]["envelope"], file["ticket"]["fold"], file["first_set"], file["letters"], file["sheets"])
             for file in manifest["files"]]  # fmt: skip
    assert shown == [("DL", "three", 1, 1, 1), ("C5", "two", 2, 1, 8), ("C4", "flat", 3, 1, 21)]
    assert [file["pdf"][-6:] for file in manifest["files"]] == ["-1.pdf", "-2.pdf", "-3.pdf"]
    assert [letter["carrier"] for letter in letters] == [False, True, True]
    assert [(piece["n"], piece["file"], piece["first_page"]) for piece in manifest["pieces"]] == [
        (1, 1, 1), (2, 2, 1), (3, 3, 1),
    ]  # fmt: skip
    assert world.batch(batch_id).letters == 3
    with world.store.reading() as session:
        [(held, _, _)] = delivery.held_letters(session)
    assert french(held.reason) == "500 pages : aucune enveloppe ne les contient"


def test_a_lot_is_divided_as_the_print_house_wants_it(world):
    world.house = delivery.PrintHouse(most_letters=2, duplex=True)
    unclaimed(world, "13001", "44000", "59000", "75011", "97400")
    batch_id = world.print(TUESDAY, force=True) or 0
    manifest, letters = lot(world)
    assert [(file["first_set"], file["letters"], file["pages"]) for file in manifest["files"]] == [
        (1, 2, 4), (3, 2, 4), (5, 1, 2),
    ]  # fmt: skip
    assert [(letter["piece"], letter["pieces"]) for letter in letters] == [(n, 5) for n in range(1, 6)]
    assert [piece["first_page"] for piece in manifest["pieces"]] == [1, 3, 1, 3, 1]
    assert manifest["files"][0]["ticket"] == {
        "paper": "A4", "paper_grams": 80, "sides": 2, "fold": "three", "envelope": "DL",
    }  # fmt: skip
    assert manifest["postage"] == {"FR-20": 5}
    assert world.batch(batch_id).sheets == 5


def test_a_pdf_that_makes_no_letter_is_held(world):
    bill = world.bill(world.account(address=town("44000")), ISSUED, DUE, size="torn", number="F-torn")
    [good] = unclaimed(world, "75011")
    world.print(TUESDAY, force=True)
    assert world.states(bill) == {PAPER: "failed"}
    assert world.states(good) == {PAPER: "sent"}


def test_sums_that_do_not_agree_are_found(world):
    """One figure of a manifest changed, anywhere: somebody notices."""
    unclaimed(world, "13001", "44000", "59000")
    world.bill(world.account(address=town("44000")), ISSUED, DUE, size="thick-20", number="F-thick")
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    good = msgspec.convert(lot(world)[0], PrintManifest)
    first, *rest = good.pieces
    file, thick = good.files
    changed = msgspec.structs.replace
    wrong = [
        changed(good, letters=5), changed(good, sheets=23), changed(good, postage={"FR-20": 4}),
        changed(good, pieces=rest), changed(good, pieces=[*good.pieces, first]),
        changed(good, pieces=[rest[0], first, *rest[1:]]),
        *(
            changed(good, pieces=[changed(first, **{name: 2}), *rest])
            for name in ("n", "file", "first_page", "pages", "sheets")
        ),
        changed(good, pieces=[changed(first, postal_class="INT-20"), *rest]),
        *(
            changed(good, files=[changed(file, **{name: 7}), thick])
            for name in ("first_set", "letters", "pages", "sheets")
        ),
        changed(good, files=[thick, file]), changed(good, files=[file]),
    ]  # fmt: skip
    assert disagreements(good) == []
    assert [n for n, each in enumerate(wrong) if not disagreements(each)] == []


def test_counts_that_disagree_are_for_a_person(world):
    [bill, _] = unclaimed(world, "44000", "75011")
    batch_id = world.print(TUESDAY, force=True) or 0
    assert answer(world, letters=1, sheets=1) == 1
    batch = world.batch(batch_id)
    assert (batch.state, french(batch.answer)) == (
        "disputed",
        "annoncé : 2 plis, 2 feuilles ; imprimé : 1 pli, 1 feuille",
    )
    assert world.states(bill) == {PAPER: "sent"}


@pytest.mark.parametrize("said", ["", "{", '{"letters": "many"}', "[1, 1]", '{"letters": 1}'])
def test_an_answer_that_cannot_be_read_is_shown_and_waited_for(world, said):
    unclaimed(world, "44000")
    batch_id = world.print(TUESDAY, force=True) or 0
    (world.outbox / f"{world.batch(batch_id).name}.ack.json").write_text(said)
    assert delivery.read_answers(world.store, {"main": world.outbox}, TUESDAY) == 0
    assert world.batch(batch_id).state == "handed_over"
    assert french(world.batch(batch_id).answer).startswith("réponse illisible")
    assert answer(world, letters=1, sheets=1) == 1


def test_closing_twice_closes_once(world):
    unclaimed(world, "44000")
    with world.store.writing() as session:
        delivery.join_batch(session, TUESDAY)
        assert delivery.close_batch(session, TUESDAY, force=True) is not None
    with world.store.writing() as session:
        assert delivery.close_batch(session, TUESDAY, force=True) is None
        assert session.query(PrintBatch).count() == 1


def test_whoever_comes_after_the_closing_waits_for_the_next_batch(world):
    unclaimed(world, "44000")
    first = world.print(TUESDAY, force=True)
    [late] = unclaimed(world, "75011")
    assert world.print(TUESDAY) is None
    second = world.print(CUT_OFF)
    assert second not in {None, first}
    assert world.owed(late)[PAPER].batch_id == second
    assert world.batch(first or 0).letters == 1


def test_a_batch_that_everybody_left_stays_open_for_the_next_cut_off(world, post):
    bill = world.bill(world.account(bob := world.consumer("Bob"), paperless=True), ISSUED, DUE)
    world.choose(TUESDAY)
    at = datetime(2026, 3, 20, 16, 0, tzinfo=UTC)
    world.live(post, TUESDAY, at)
    world.view(bill, bob, at)
    assert world.print(at + timedelta(hours=1)) is None
    with world.store.reading() as session:
        [batch] = batches_in(session, "open")
    assert batch.cut_off_at == datetime(2026, 3, 23, 16, 30, tzinfo=UTC)
    assert list(world.outbox.glob("lot-*")) == []


# -- handed over twice, and crashes -----------------------------------------------------------------------------


def files(world: World) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(world.outbox.iterdir())}


def closed_batch(world: World, *postcodes: str) -> int:
    unclaimed(world, *postcodes)
    with world.store.writing() as session:
        delivery.join_batch(session, TUESDAY)
    with world.store.writing() as session:
        batch_id = delivery.close_batch(session, TUESDAY, force=True)
    assert batch_id is not None
    return batch_id


def test_handing_over_twice_is_the_same_handover(world):
    batch_id = closed_batch(world, "44000", "75011")
    world.hand_over(batch_id, TUESDAY)
    before, handed = files(world), world.batch(batch_id).handed_over_at
    world.hand_over(batch_id, TUESDAY + timedelta(hours=1))
    assert files(world) == before
    assert (world.batch(batch_id).state, world.batch(batch_id).handed_over_at) == ("handed_over", handed)


class Crash(Exception):  # noqa: N818
    """The process is no more."""


def crash_at(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """The process dies before the n-th rename into the outbox, or (4) before the rows are written."""
    from delivery.channels.paper import print_handover

    real, done = outbox_module._rename_durably, [0]

    def rename(draft: Path, path: Path) -> None:
        done[0] += 1
        if done[0] == step:
            raise Crash
        real(draft, path)

    def never(*_: object) -> None:
        raise Crash

    monkeypatch.setattr(outbox_module, "_rename_durably", rename)
    if step == 3:
        monkeypatch.setattr(print_handover, "_record_handover", never)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_crash_anywhere_and_the_same_again_print_every_letter_once(world, monkeypatch, step):
    batch_id = closed_batch(world, "44000", "59000", "75011")
    with monkeypatch.context() as patched:
        crash_at(patched, step)
        with pytest.raises(Crash):
            world.hand_over(batch_id, TUESDAY)
    assert world.batch(batch_id).state == "closed"
    world.hand_over(batch_id, TUESDAY + timedelta(minutes=5))
    manifest, letters = lot(world)
    assert len([name for name in files(world) if name.endswith(".pdf")]) == 1
    assert len({letter["claim_code"] for letter in letters}) == 3
    assert [piece["delivery"] for piece in manifest["pieces"]] == _sent(world)
    assert world.batch(batch_id).state == "handed_over"


def _sent(world: World) -> list[int]:
    with world.store.reading() as session:
        letters = select(Delivery.id).where(Delivery.state == "sent", Delivery.channel == "paper")
        return list(session.scalars(letters.order_by(Delivery.id)))


class NewEngine(Press):
    """The press after an upgrade: the same letters, other bytes."""

    end = b"engine 2\n%%EOF\n"


@pytest.mark.parametrize("letters_done", range(1, 6))
@pytest.mark.parametrize("other_is_done", [True, False])
def test_who_was_stopped_for_longer_than_its_lease_announces_nothing(world, monkeypatch, letters_done, other_is_done):
    """Another worker has taken its batch over, on another machine; its lot may be another lot."""
    batch_id = closed_batch(world, "44000", "59000", "75011")
    stopped = world.handing_over(batch_id, TUESDAY)
    for _ in range(letters_done):
        next(stopped)
    with monkeypatch.context() as patched:
        patched.setattr(leases, "this_process", lambda: "alice.boot.1/7/7")
        other = world.handing_over(batch_id, TUESDAY, press=NewEngine)
        next(other)
        if other_is_done:
            deque(other, maxlen=0)
    with pytest.raises((LeaseLost, FileNotFoundError)):  # or its draft was swept away
        deque(stopped, maxlen=0)
    with monkeypatch.context() as patched:
        patched.setattr(leases, "this_process", lambda: "alice.boot.1/7/7")
        deque(other, maxlen=0)
    manifest, _ = lot(world)
    assert [piece["delivery"] for piece in manifest["pieces"]] == _sent(world)
    assert world.batch(batch_id).name == manifest["name"]
    assert len([name for name in files(world) if name.endswith(".json")]) == 1


def test_a_lot_that_was_announced_is_not_printed_anew_by_another_engine(world, monkeypatch):
    batch_id = closed_batch(world, "44000")
    with monkeypatch.context() as patched:
        crash_at(patched, 3)
        with pytest.raises(Crash):
            world.hand_over(batch_id, TUESDAY)
    announced = files(world)
    world.hand_over(batch_id, TUESDAY, press=NewEngine)
    assert files(world) == announced
    assert world.batch(batch_id).name == lot(world)[0]["name"]


def test_a_pdf_that_was_never_announced_is_not_left_behind(world, monkeypatch):
    batch_id = closed_batch(world, "44000")
    with monkeypatch.context() as patched:
        crash_at(patched, 2)
        with pytest.raises(Crash):
            world.hand_over(batch_id, TUESDAY)
    world.hand_over(batch_id, TUESDAY, press=NewEngine)
    assert len([name for name in files(world) if name.endswith(".pdf")]) == 1
    lot_name = world.batch(batch_id).name
    assert (world.outbox / f"{lot_name}-1.pdf").read_bytes().endswith(b"engine 2\n%%EOF\n")


def test_a_lot_of_another_database_under_the_same_number_is_not_taken_for_ours(world):
    batch_id = closed_batch(world, "44000")
    world.outbox.mkdir(exist_ok=True)
    other = world.outbox / f"lot-{batch_id:06d}-abcdefabcdef.json"
    other.write_text(json.dumps({"lot": batch_id, "name": "x", "closed_at": "", "letters": 0, "sheets": 0,
                                 "postage": {}, "files": [], "pieces": []}))  # fmt: skip
    (world.outbox / f"lot-{batch_id:06d}-000000000000.json").write_text("not a manifest")
    world.hand_over(batch_id, TUESDAY)
    assert world.batch(batch_id).name.startswith(f"lot-{batch_id:06d}-")
    assert world.batch(batch_id).letters == 1


def test_a_batch_is_handed_over_by_whoever_claims_it(world):
    batch_id = closed_batch(world, "44000")
    with world.store.writing() as session:
        assert acquire_lease(session, PrintBatch, batch_id, PrintBatch.state == "closed")
    world.hand_over(batch_id, TUESDAY)
    assert world.batch(batch_id).lease_owner is None


# -- what goes wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "lacks"),
    [
        (PostalAddress(line1="1 rue du Port", postcode="44000"), "la ville"),
        (PostalAddress(line1="1 rue du Port", city="Nantes"), "le code postal"),
        (PostalAddress(postcode="44000", city="Nantes"), "la rue"),
        (PostalAddress(), "la ville, le code postal, la rue"),
    ],
)
def test_a_letter_without_an_address_is_held_for_a_person(world, address, lacks):
    account = world.account(address=address)
    bill = world.bill(account, ISSUED, DUE)
    [other] = unclaimed(world, "75011")
    world.print(TUESDAY, force=True)
    row = world.owed(bill)[PAPER]
    assert (row.state, french(row.reason)) == ("failed", f"adresse incomplète : il manque {lacks}")
    assert world.states(other) == {PAPER: "sent"}
    with world.store.writing() as session:
        [(held, of, _)] = delivery.held_letters(session)
        assert (held.id, of.id) == (row.id, bill)
        session.execute(
            update(CustomerAccount)
            .where(CustomerAccount.id == account)
            .values(address=msgspec.msgpack.encode(town("44000")))
        )
        assert delivery.print_again(session, row.id, "olga@facteur.example", "adresse corrigée", TUESDAY)
        assert not delivery.print_again(session, row.id, "olga@facteur.example", "adresse corrigée", TUESDAY)
    world.print(TUESDAY + timedelta(days=1), force=True)
    assert world.states(bill) == {PAPER: "sent"}
    with world.store.reading() as session:
        assert [(event.what, event.by) for event in events_of(session, "delivery", row.id)] == [
            ("failed", "road"), ("ready", "olga@facteur.example"), ("attempting", "road"), ("sent", "road"),
        ]  # fmt: skip
        assert delivery.held_letters(session) == []


def test_one_pdf_that_cannot_be_read_back_does_not_hold_the_others(world):
    broken, good = unclaimed(world, "44000", "75011")
    with world.store.writing() as session:
        session.execute(update(BillRow).where(BillRow.id == broken).values(pdf_sha256="0" * 64))
    batch_id = world.print(TUESDAY, force=True) or 0
    assert world.states(broken) == {PAPER: "failed"}
    assert world.states(good) == {PAPER: "sent"}
    assert world.batch(batch_id).letters == 1
    manifest, [letter] = lot(world)
    assert manifest["letters"] == 1
    assert (letter["piece"], letter["pieces"]) == (1, 1)
    with world.store.reading() as session:
        [(held, _, _)] = delivery.held_letters(session)
        assert french(held.reason).startswith("le PDF de la facture F-2 n’est pas celui")
        [attempt] = session.scalars(select(Attempt).where(Attempt.delivery_id == held.id))
        assert attempt.outcome == "refused"


def test_a_batch_in_which_nothing_can_be_printed_ends_without_a_lot(world):
    [broken] = unclaimed(world, "44000")
    with world.store.writing() as session:
        session.execute(update(BillRow).where(BillRow.id == broken).values(pdf_sha256="0" * 64))
    batch_id = world.print(TUESDAY, force=True) or 0
    assert world.batch(batch_id).state == "acknowledged"
    assert not list(world.outbox.glob("lot-*"))


def test_returned_mail_is_held_for_a_person_and_printed_again_on_their_word(world):
    [bill] = unclaimed(world, "44000")
    world.print(TUESDAY, force=True)
    answer(world, letters=1, sheets=1)
    row = world.owed(bill)[PAPER].id
    for heard in ("recorded", "known"):
        with world.store.writing() as session:
            assert delivery.letter_returned(session, row, "unknown", TUESDAY, "print house") == heard
    assert world.states(bill) == {PAPER: "failed"}
    with world.store.reading() as session:
        account = session.get_one(BillRow, bill).account_id
        whats = session.scalars(select(Event.what).where(Event.subject == "account", Event.subject_id == account))
        assert list(whats) == ["address suppressed"]
        assert [held.id for held, _, _ in delivery.held_letters(session)] == [row]
    for again in (True, False):
        with world.store.writing() as session:
            assert delivery.print_again(session, row, "olga@facteur.example", "adresse corrigée", TUESDAY) is again
            assert delivery.held_letters(session) == []
    second = world.print(TUESDAY + timedelta(days=1), force=True)
    letter = world.owed(bill)["print-2", None]
    assert (letter.state, letter.replaces_id, letter.batch_id) == ("sent", row, second)
    assert world.states(bill)[PAPER] == "failed"
    with world.store.reading() as session:
        for name in ("letters_twice", "batches_miscounted"):
            assert session.execute(INVARIANTS[name]()).all() == []


def test_nothing_that_must_always_hold_is_broken(world, post):
    """A week of everybody: the invariants of the store find no row."""
    alice, bob, charlie = (world.consumer(name) for name in ("Alice", "Bob", "Clara"))
    bounces = world.consumer("Charlie", "bounce@example.org")
    for holders, paperless in (((alice,), True), ((bob,), True), ((bounces,), True), ((charlie,), False), ((), False)):
        world.bill(world.account(*holders, paperless=paperless), ISSUED, DUE)
    world.bill(world.account(address=PostalAddress()), ISSUED, DUE)
    world.choose(TUESDAY)
    world.live(post, TUESDAY, TUESDAY + timedelta(days=1))
    world.view(1, alice, TUESDAY + timedelta(days=1))
    world.live(post, TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=24))
    asked = ("bills_owing_nothing", "forgotten_bills", "letters_twice", "batches_miscounted", "sent_without_attempt",
             "failed_without_successor")  # fmt: skip
    with world.store.reading() as session:
        assert {name: session.execute(INVARIANTS[name]()).all() for name in asked} == {name: [] for name in asked}
        letters = set(
            session.scalars(select(Delivery.bill_id).where(Delivery.channel == "paper", Delivery.state == "sent"))
        )
    assert letters == {2, 3, 4, 5}


def test_a_letter_to_strasbourg_leaves_before_good_friday(world: World) -> None:
    """The post brings nothing there on 3 April 2026; a letter to Nantes may still be under way on that day."""
    alice = world.consumer("Alice")
    strasbourg, nantes = (
        world.bill(world.account(alice, paperless=True, address=town(postcode)), ISSUED, date(2026, 4, 17))
        for postcode in ("67000", "44000")
    )
    world.choose(TUESDAY)
    assert world.owed(strasbourg)[PAPER].due_at.date() == date(2026, 3, 27)
    assert world.owed(nantes)[PAPER].due_at.date() == date(2026, 3, 30)

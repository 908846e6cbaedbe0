"""The SFTP door, with OpenSSH's own client: what counts as a feed, what never does, and where nobody gets."""

import asyncio
import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import asyncssh
import pytest
from sqlalchemy import select

from doors.complete_uploads import UploadFolder, unfinished_uploads
from doors.sftp.sftp_credentials import revoke_sftp, set_sftp_password
from issuers.registry import add_issuer
from store import Store
from store.feeds.feed import Feed
from store.issuer import Issuer
from tests.conftest import Clock
from tests.doors.conftest import Door, OpenSSH, wait_until

pytestmark = pytest.mark.beside_any_database

BYTES = b"<Invoice>...</Invoice>\n" * 1000


@pytest.fixture
def mars(tmp_path: Path) -> Path:
    path = tmp_path / "mars.xml"
    path.write_bytes(BYTES)
    return path


def feeds(store: Store) -> list[Feed]:
    with store.reading() as session:
        return list(session.scalars(select(Feed).order_by(Feed.id)))


def answer(home: Path, name: str, slug: str = "eaux"):
    path = home / slug / name
    wait_until(path.exists)
    return json.loads(path.read_text())


def test_a_file_renamed_into_place_is_a_feed(sftp, home: Path, store: Store, mars: Path, eaux: Issuer) -> None:
    done = sftp()(f"put {mars} mars.xml.part", "rename mars.xml.part mars.xml")
    assert done.returncode == 0, done.stderr
    receipt = answer(home, "mars.xml.received.json")
    (feed,) = feeds(store)
    assert (feed.issuer_id, feed.name, feed.door, feed.sha256) == (
        eaux.id, "mars.xml", "sftp", hashlib.sha256(BYTES).hexdigest(),
    )  # fmt: skip
    assert store.blobs.read(feed.sha256) == BYTES
    assert (receipt["feed"], receipt["state"], receipt["file"]) == (feed.id, "received", "mars.xml")
    assert [path.name for path in (home / "eaux").iterdir()] == ["mars.xml.received.json"]
    assert unfinished_uploads(home) == []


def test_what_was_taken_and_what_was_refused_can_be_fetched_and_removed(
    sftp, home: Path, mars: Path, tmp_path: Path
) -> None:
    client: OpenSSH = sftp()
    empty, here = mars.with_name("empty.xml"), tmp_path / "here"
    empty.touch()
    client(f"put {mars} a.part", "rename a.part a.xml", f"put {empty} b.part", "rename b.part b.xml")
    answer(home, "a.xml.received.json")
    answer(home, "b.xml.refused.json")
    wait_until(lambda: [*(home / ".archive/eaux").iterdir()] and [*(home / ".rejected/eaux").iterdir()])
    done = client("ls -1", "cd archive", "ls -1", f"get *a.xml {here}", "rm *a.xml", "cd ../rejected", "ls -1", "rm *")
    assert done.returncode == 0, done.stderr
    listed = [line for line in done.stdout.splitlines() if line.endswith((".xml", ".json", "archive", "rejected"))]
    assert [each.rpartition("Z-")[2] for each in listed if not each.startswith("sftp>")][-2:] == ["a.xml", "b.xml"]
    assert here.read_bytes() == BYTES
    assert not any(path.is_file() for folder in (".archive", ".rejected") for path in (home / folder).rglob("*"))


def test_the_receipt_can_be_fetched_and_removed(sftp, home: Path, mars: Path, tmp_path: Path) -> None:
    client: OpenSSH = sftp()
    client(f"put {mars} .mars.xml", "rename .mars.xml mars.xml")
    answer(home, "mars.xml.received.json")
    fetched = tmp_path / "fetched.json"
    done = client("ls -l", f"get mars.xml.received.json {fetched}", "rm mars.xml.received.json", "ls -la")
    assert done.returncode == 0, done.stderr
    assert json.loads(fetched.read_text())["file"] == "mars.xml"
    assert list((home / "eaux").iterdir()) == []


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
@pytest.mark.parametrize("first", ["the file", "the checksum"])
def test_a_checksum_file_that_agrees_makes_it_a_feed(
    sftp, home: Path, store: Store, mars: Path, algorithm: str, first: str
) -> None:
    beside = mars.with_name(f"mars.xml.{algorithm}")
    beside.write_text(f"{hashlib.new(algorithm, BYTES).hexdigest()}  mars.xml\n")
    puts = [f"put {mars} mars.xml", f"put {beside} {beside.name}"]
    assert sftp()(*(puts if first == "the file" else puts[::-1])).returncode == 0
    answer(home, "mars.xml.received.json")
    assert [feed.name for feed in feeds(store)] == ["mars.xml"]
    assert [path.name for path in (home / "eaux").iterdir()] == ["mars.xml.received.json"]


@pytest.mark.parametrize("said", ["0" * 64 + "  mars.xml\n", "", "never mind"])
def test_a_checksum_file_that_disagrees_refuses_it(sftp, home: Path, store: Store, mars: Path, said: str) -> None:
    beside = mars.with_name("mars.xml.sha256")
    beside.write_text(said)
    sftp()(f"put {mars} mars.xml", f"put {beside} mars.xml.sha256")
    refusal = answer(home, "mars.xml.refused.json")
    assert (refusal["feed"], refusal["state"]) == (None, "rejected")
    assert [finding["rule"] for finding in refusal["findings"]] == ["CHECKSUM"]
    assert feeds(store) == []
    assert [path.name for path in (home / "eaux").iterdir()] == ["mars.xml.refused.json"]


def test_after_a_refusal_it_is_sent_again(sftp, home: Path, store: Store, mars: Path) -> None:
    client: OpenSSH = sftp()
    empty = mars.with_name("empty.xml")
    empty.touch()
    client(f"put {empty} mars.part", "rename mars.part mars.xml")
    assert answer(home, "mars.xml.refused.json")["findings"][0]["rule"] == "EMPTY"
    client(f"put {mars} mars.part", "rename mars.part mars.xml")
    answer(home, "mars.xml.received.json")
    assert [path.name for path in (home / "eaux").iterdir()] == ["mars.xml.received.json"]
    assert len(feeds(store)) == 1


def test_a_file_that_has_been_quiet_is_a_feed(sftp, home: Path, store: Store, mars: Path) -> None:
    """`put -p` sets the file's time to last year: that says nothing about when it came."""
    os.utime(mars, (1_700_000_000, 1_700_000_000))
    client: OpenSSH = sftp(quiet_seconds=1.5)
    assert client(f"put -p {mars} mars.xml").returncode == 0
    assert feeds(store) == []
    answer(home, "mars.xml.received.json")
    assert [feed.name for feed in feeds(store)] == ["mars.xml"]


def test_what_is_not_settled_waits(sftp, home: Path, store: Store, mars: Path) -> None:
    client: OpenSSH = sftp(quiet_seconds=3600)
    client(f"put {mars} mars.xml", f"put {mars} avril.xml.part", f"put {mars} mai.xml.sha256")
    client("ls")
    assert feeds(store) == []
    assert [(each.slug, each.name, each.size) for each in unfinished_uploads(home)] == [
        ("eaux", "avril.xml.part", len(BYTES)),
        ("eaux", "mai.xml.sha256", len(BYTES)),
    ]


def test_an_upload_that_breaks_off_is_listed_and_never_read(
    sftp, home: Path, store: Store, mars: Path, tmp_path: Path
) -> None:
    """Alice's line breaks; it was quiet long enough, yet what she had sent is not a feed, until she sends it all."""
    large = tmp_path / "large.xml"
    large.write_bytes(BYTES * 100)
    client: OpenSSH = sftp(quiet_seconds=0.3)
    slow = client.start(f"put {large} mars.xml", kilobits=4000)
    part = home / "eaux" / "mars.xml"
    wait_until(lambda: part.exists() and part.stat().st_size > 0)
    slow.kill()
    slow.wait()
    assert client(f"put {mars} avril.part", "rename avril.part avril.xml").returncode == 0
    answer(home, "avril.xml.received.json")
    wait_until(lambda: client("ls").returncode == 0)
    assert [feed.name for feed in feeds(store)] == ["avril.xml"]
    (left,) = unfinished_uploads(home)
    assert (left.slug, left.name) == ("eaux", "mars.xml")
    assert 0 < left.size < len(BYTES) * 100
    assert client("rename mars.xml juin.xml").returncode == 0
    assert [each.name for each in unfinished_uploads(home)] == ["juin.xml"], "another name does not make it whole"
    assert client(f"put {large} juin.xml").returncode == 0
    answer(home, "juin.xml.received.json")
    assert feeds(store)[-1].sha256 == hashlib.sha256(BYTES * 100).hexdigest()
    assert unfinished_uploads(home) == []


def test_a_server_that_stops_in_an_upload_remembers_it(
    sftp, open_door: Callable[..., Door], home: Path, store: Store, tmp_path: Path
) -> None:
    large = tmp_path / "large.xml"
    large.write_bytes(BYTES * 100)
    slow = sftp(quiet_seconds=3600).start(f"put {large} mars.xml", kilobits=4000)
    part = home / "eaux" / "mars.xml"
    wait_until(lambda: part.exists() and part.stat().st_size > 0)
    slow.kill()
    slow.wait()
    open_door(quiet_seconds=0)
    mai = home / "eaux" / "mai.xml"
    mai.write_bytes(BYTES)
    answer(home, "mai.xml.received.json")
    assert [each.name for each in unfinished_uploads(home)] == ["mars.xml"]
    assert [feed.name for feed in feeds(store)] == ["mai.xml"]


@pytest.mark.parametrize(
    "command",
    [
        "get /etc/passwd {here}",
        "get ../../etc/passwd {here}",
        "get ../gaz/secret.xml {here}",
        "get /../gaz/secret.xml {here}",
        "get ../eaux-evil/secret.xml {here}",
        "get ../.taken/eaux/x {here}",
        "put {mars} ../gaz/mars.xml",
        "put {mars} /tmp/facteur-escaped.xml",
        "put {mars} dossier/mars.xml",
        "put {mars} mars.xml.received.json",
        "put {mars} mars.xml.report.json",
        "put {mars} archive/mars.xml",
        "put {mars} rejected/mars.xml",
        "put {mars} archive",
        "rename here.part archive/here.xml",
        "rename here.part rejected",
        "get archive/../../gaz/secret.xml {here}",
        "get archive/../.taken/x {here}",
        "ls archive/dossier",
        "rmdir archive",
        "rm archive",
        "mkdir archive/dossier",
        "rename here.part ../gaz/mars.xml",
        "rename ../gaz/secret.xml mine.xml",
        "rename here.part here.xml.refused.json",
        "rm ../gaz/secret.xml",
        "ls ../gaz",
        "ls /etc",
        "cd ../gaz",
        "mkdir dossier",
        "rmdir /",
        "symlink /etc/passwd link",
        "symlink ../gaz/secret.xml link",
        "ln here.part hard",
        "ln ../gaz/secret.xml hard",
        "chmod 777 ../gaz/secret.xml",
        "df /",
    ],
)
def test_nobody_gets_out_of_the_tray(
    sftp, store: Store, home: Path, mars: Path, tmp_path: Path, clock: Clock, command: str
) -> None:
    """Charlie's gas company has an upload folder beside, and so has one whose name begins like ours."""
    with store.writing() as session:
        add_issuer(session, "gaz", "Gaz de la Plaine", clock())
        add_issuer(session, "eaux-evil", "Eaux Troubles", clock())
    for slug in ("gaz", "eaux-evil"):
        UploadFolder(home, slug).make()
        (home / slug / "secret.xml").write_bytes(b"not yours")
    client: OpenSSH = sftp()
    assert client(f"put {mars} here.part").returncode == 0
    before = {path: path.stat().st_size for path in home.rglob("*")}
    here = tmp_path / "here"
    done = client(command.format(mars=mars, here=here))
    assert done.returncode == 1, done.stdout
    assert not here.exists()
    assert {path: path.stat().st_size for path in home.rglob("*")} == before
    assert not Path("/tmp/facteur-escaped.xml").exists()


def test_the_sender_sees_only_its_own(sftp, home: Path, mars: Path) -> None:
    done = sftp()(f"put {mars} mars.part", "pwd", "ls -la /", "ls -la ..", "cd ..", "ls")
    assert done.returncode == 0, done.stderr
    assert "Remote working directory: /" in done.stdout
    assert str(home) not in done.stdout
    assert "gaz" not in done.stdout
    assert done.stdout.count("mars.part") == 4


def test_a_link_that_is_there_is_not_followed(sftp, home: Path, store: Store, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"not yours")
    client: OpenSSH = sftp(quiet_seconds=0)
    client("ls")
    (home / "eaux" / "link.xml").symlink_to(secret)
    assert client(f"get link.xml {tmp_path / 'here'}").returncode == 1
    assert client(f"put {tmp_path / 'key-eaux.pub'} link.xml").returncode == 1
    assert secret.read_bytes() == b"not yours"
    assert feeds(store) == []


def test_another_s_key_does_not_open_this_tray(
    sftp, store: Store, make_key: Callable[[Issuer], Path], tmp_path: Path, clock: Clock, eaux: Issuer
) -> None:
    client: OpenSSH = sftp()
    with store.writing() as session:
        gaz = add_issuer(session, "gaz", "Gaz de la Plaine", clock())
    charlie, port = make_key(gaz), int(client._command[3])
    assert OpenSSH(port, charlie, "gaz")("ls").returncode == 0
    for user in ("eaux", "nobody", "..", "../eaux", "root"):
        assert OpenSSH(port, charlie, user)("ls").returncode == 255, user
    with store.writing() as session:
        assert revoke_sftp(session, eaux, clock()) == 1
    assert client("ls").returncode == 255, "a revoked key"


def test_a_password_opens_the_tray(store: Store, eaux: Issuer, open_door: Callable[..., Door], clock: Clock) -> None:
    with store.writing() as session:
        old, new = set_sftp_password(session, eaux, clock()), set_sftp_password(session, eaux, clock())
    port = open_door().port

    async def sign_in(password: str) -> list[str]:
        async with (
            asyncssh.connect(
                "127.0.0.1", port, username="eaux", password=password, known_hosts=None, client_keys=None, config=[]
            ) as connection,
            connection.start_sftp_client() as client,
        ):
            return [str(name) for name in await client.listdir()]

    assert sorted(asyncio.run(sign_in(new))) == [".", "..", "archive", "rejected"]
    for wrong in (old, "", "eaux", new + " ", "\x00"):
        with pytest.raises(asyncssh.PermissionDenied):
            asyncio.run(sign_in(wrong))


@pytest.mark.parametrize("way", ["shell", "command", "scp", "forward"])
def test_the_door_leads_to_the_tray_alone(
    store: Store, eaux: Issuer, open_door: Callable[..., Door], clock: Clock, way: str, mars: Path
) -> None:
    with store.writing() as session:
        password = set_sftp_password(session, eaux, clock())
    port = open_door().port

    async def attempt() -> None:
        async with asyncssh.connect(
            "127.0.0.1", port, username="eaux", password=password, known_hosts=None, client_keys=None, config=[]
        ) as connection:
            match way:
                case "shell":
                    await connection.create_process()
                case "command":
                    await connection.run("id", check=True)
                case "scp":
                    await asyncssh.scp(str(mars), (connection, "mars.xml"))
                case _:
                    await connection.open_connection("127.0.0.1", port)

    with pytest.raises((asyncssh.Error, OSError)):
        asyncio.run(attempt())


def test_the_host_key_is_made_once_for_nobody_else_s_eyes(open_door: Callable[..., Door], home: Path) -> None:
    open_door().close()
    path = home.parent / "host_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    open_door().close()
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.glob(".host_key*")] == []


def test_a_full_tray_and_an_oversized_feed_are_refused(
    sftp, home: Path, store: Store, mars: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client: OpenSSH = sftp()
    monkeypatch.setattr("doors.sftp.sftp_session.LARGEST_FEED", len(BYTES) - 1)
    assert client(f"put {mars} mars.xml").returncode == 1
    client("ls")
    assert [each.name for each in unfinished_uploads(home)] == ["mars.xml"], "what did not fit is never read"
    assert client("rm mars.xml").returncode == 0
    monkeypatch.setattr("doors.sftp.sftp_session.LARGEST_FEED", len(BYTES))
    assert client(f"put {mars} mars.part").returncode == 0
    monkeypatch.setattr("doors.sftp.sftp_session.MOST_FILES", 1)
    assert client(f"put {mars} avril.part").returncode == 1
    assert sorted(path.name for path in (home / "eaux").iterdir()) == ["mars.part"]
    (home / "eaux" / "mars.part").rename(home / "eaux" / "mars.xml.report.json")
    assert client(f"put {mars} avril.part").returncode == 0, "our answers fill nobody's folder"


@pytest.mark.parametrize("name", ["relevé d'eau (mars).xml", "-rf", "a;b&c$(x).xml", "%2e%2e%2fx.xml", "x" * 200])
def test_odd_names_are_names(sftp, home: Path, store: Store, mars: Path, name: str) -> None:
    done = sftp()(f"put {mars} x.part", f'rename x.part "./{name}"')
    assert done.returncode == 0, done.stderr
    answer(home, f"{name}.received.json")
    assert [feed.name for feed in feeds(store)] == [name]


@pytest.mark.parametrize(
    "name", [b"x" * 201, b"a\nb.xml", b"a\x00b.xml", "a\u202ebmx.xml".encode(), b"\xff\xfe.xml", b""]
)
def test_names_that_hide_something_are_refused(
    store: Store, eaux: Issuer, open_door: Callable[..., Door], clock: Clock, home: Path, name: bytes
) -> None:
    with store.writing() as session:
        password = set_sftp_password(session, eaux, clock())
    port = open_door().port

    async def attempt() -> None:
        async with (
            asyncssh.connect(
                "127.0.0.1", port, username="eaux", password=password, known_hosts=None, client_keys=None, config=[]
            ) as connection,
            connection.start_sftp_client() as client,
            client.open(name, "wb") as file,
        ):
            await file.write(b"x")

    with pytest.raises(asyncssh.SFTPError):
        asyncio.run(attempt())
    assert list((home / "eaux").iterdir()) == []

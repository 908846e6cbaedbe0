"""A message reaches the host that was registered, at the address that was checked, in bounded time, or it fails; tried
against real servers, and a resolver that lies."""

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import untrusted.endpoints.post_to_endpoint
import untrusted.endpoints.resolve_endpoint
from tests.untrusted.endpoints.endpoint_server import Authority, Endpoint, EndpointServer, serving
from untrusted.endpoints.endpoint_url import EndpointRules
from untrusted.endpoints.post_to_endpoint import EndpointAnswer, post_to_endpoint

HOST = "localhost"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def server(authority: Authority) -> Iterator[EndpointServer]:
    with serving(authority.certificate(HOST)) as server:
        yield server


@pytest.fixture
def rules(authority: Authority) -> EndpointRules:
    return EndpointRules(loopback=True, ca_file=authority.file)


@pytest.fixture
def short_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted.endpoints.post_to_endpoint, "WHOLE_SECONDS", 0.6)


def _post(server: EndpointServer, rules: EndpointRules, body: bytes = b"{}", host: str = HOST) -> EndpointAnswer:
    url = f"https://{host}:{server.port}/in?k=1"
    return post_to_endpoint(url, {"webhook-id": "msg_1"}, body, rules, resolver=lambda *_: ["127.0.0.1"])


def test_taken(server: EndpointServer, rules: EndpointRules) -> None:
    assert _post(server, rules, b'{"a":"\xc3\xa9"}') == EndpointAnswer(204)
    [request] = server.received
    assert (request.path, request.body) == ("/in?k=1", b'{"a":"\xc3\xa9"}')
    assert request.headers["host"] == f"localhost:{server.port}"
    assert request.headers["webhook-id"] == "msg_1"


def test_no_proxy_of_the_environment(
    server: EndpointServer, rules: EndpointRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert _post(server, rules) == EndpointAnswer(204)


def test_no_redirect_is_followed(server: EndpointServer, rules: EndpointRules) -> None:
    server.answer = lambda endpoint: endpoint.status(307, Location="http://169.254.169.254/latest/meta-data/")
    answer = _post(server, rules)
    assert answer == EndpointAnswer(307)
    assert not answer.is_accepted
    assert len(server.received) == 1


def test_retry_after_is_told(server: EndpointServer, rules: EndpointRules) -> None:
    server.answer = lambda endpoint: endpoint.status(429, Retry_After="120")
    assert _post(server, rules) == EndpointAnswer(429, retry_after="120")


def test_a_stranger_s_certificate(server: EndpointServer, rules: EndpointRules, authority: Authority) -> None:
    """Neither by an authority that is not trusted, nor for another name."""
    assert _post(server, EndpointRules(loopback=True)) == EndpointAnswer(failure="tls")
    with serving(authority.certificate("other.example")) as other:
        assert _post(other, rules) == EndpointAnswer(failure="tls")
        assert other.received == []
    assert server.received == []


def test_plain_text_where_tls_is_asked_for(rules: EndpointRules) -> None:
    with serving() as plain:
        assert _post(plain, rules) == EndpointAnswer(failure="tls")
        url = f"http://127.0.0.1:{plain.port}/"
        assert post_to_endpoint(url, {}, b"{}", rules) == EndpointAnswer(204)
        assert post_to_endpoint(url, {}, b"{}", EndpointRules()) == EndpointAnswer(failure="url")


def test_nobody_listens(rules: EndpointRules) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"https://localhost:{free.getsockname()[1]}/"
        assert post_to_endpoint(url, {}, b"{}", rules).failure == "connecting"


@pytest.mark.usefixtures("short_of_time")
def test_a_server_that_hangs(server: EndpointServer, rules: EndpointRules) -> None:
    server.answer = lambda _: server.ended.wait(30) and None
    assert _in_time(server, rules) == EndpointAnswer(failure="timeout")


@pytest.mark.usefixtures("short_of_time")
@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_a_server_that_drips(server: EndpointServer, rules: EndpointRules, start: bytes) -> None:
    """Each byte comes in time, and the whole never does."""

    def drip(endpoint: Endpoint) -> None:
        endpoint.wfile.write(start)
        while not server.ended.wait(0.05):
            endpoint.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" if b"100" in start else b"H")

    server.answer = drip
    assert _in_time(server, rules) == EndpointAnswer(failure="timeout")


def test_a_server_that_sends_without_end(server: EndpointServer, rules: EndpointRules) -> None:
    """Of 10 GB a few kilobytes are read; the status counts."""
    sent = []

    def flood(endpoint: Endpoint) -> None:
        endpoint.send_response(200)
        endpoint.send_header("Content-Length", str(10 * 10**9))
        endpoint.end_headers()
        while not server.ended.is_set():
            endpoint.wfile.write(bytes(65536))
            sent.append(65536)

    server.answer = flood
    assert _post(server, rules) == EndpointAnswer(200)
    time.sleep(0.1)
    assert sum(sent) < 50 * 10**6


@pytest.mark.usefixtures("short_of_time")
def test_headers_without_end(server: EndpointServer, rules: EndpointRules) -> None:
    def flood(endpoint: Endpoint) -> None:
        endpoint.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not server.ended.is_set():
            endpoint.wfile.write(b"X: y\r\n" * 1000)

    server.answer = flood
    assert _in_time(server, rules).failure in {"broken", "timeout"}


def test_no_http(server: EndpointServer, rules: EndpointRules) -> None:
    for words in (
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 xyz\r\n\r\n",
        b"\x00" * 100,
    ):
        server.answer = lambda endpoint, words=words: endpoint.wfile.write(words) and None  # type: ignore[misc]
        assert _post(server, rules).failure == "broken"


@pytest.mark.usefixtures("short_of_time")
def test_a_handshake_without_end(rules: EndpointRules, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted.endpoints.post_to_endpoint, "CONNECT_SECONDS", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = post_to_endpoint(f"https://localhost:{silent.getsockname()[1]}/", {}, b"", rules)
        assert answer.failure in {"tls", "connecting", "timeout"}


def _in_time(server: EndpointServer, rules: EndpointRules) -> EndpointAnswer:
    begun = time.monotonic()
    answer = _post(server, rules)
    assert time.monotonic() - begun < 12, "sooner than without the limit of this test"
    return answer


class Rebinding:
    """A name server that gives a public address first, and a private one to whoever asks again."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return ["93.184.216.34"] if self.asked == 1 else ["127.0.0.1"]


def test_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to the very address that was looked at: nobody asks again."""
    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    def resolve_no_name(host: str, *args: object, **kwargs: object) -> object:
        raise AssertionError(f"{host} was resolved again")

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    monkeypatch.setattr(socket, "getaddrinfo", resolve_no_name)
    resolver = Rebinding()
    answer = post_to_endpoint("https://eau.example/in", {}, b"{}", EndpointRules(), resolver=resolver)
    assert answer == EndpointAnswer(failure="connecting")
    assert connected == [("93.184.216.34", 443)]
    again = post_to_endpoint("https://eau.example/in", {}, b"{}", EndpointRules(), resolver=resolver)
    assert again.failure == "address"
    assert len(connected) == 1
    assert resolver.asked == 2


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.1"], ["93.184.216.34", "169.254.169.254"], ["::ffff:127.0.0.1"], ["fd00::1"], [], ["nonsense"]],
)
def test_every_address_must_be_public(addresses: list[str]) -> None:
    answer = post_to_endpoint("https://eau.example/", {}, b"{}", EndpointRules(), resolver=lambda *_: addresses)
    assert answer == EndpointAnswer(failure="address")


def test_a_name_that_is_not_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    def hang(host: str, port: int) -> list[str]:
        time.sleep(5)
        return ["93.184.216.34"]

    monkeypatch.setattr(untrusted.endpoints.resolve_endpoint, "RESOLVE_SECONDS", 0.1)
    for resolver in (fail, hang):
        answer = post_to_endpoint("https://eau.example/", {}, b"{}", EndpointRules(), resolver=resolver)
        assert answer == EndpointAnswer(failure="resolving")


def test_of_several_addresses_each_attempt_takes_the_next(server: EndpointServer, rules: EndpointRules) -> None:
    """127.0.0.2 is nobody's: the first attempt fails, the second does not."""
    url = f"https://localhost:{server.port}/"
    answers = [
        post_to_endpoint(url, {}, b"{}", rules, resolver=lambda *_: ["127.0.0.2", "127.0.0.1"], turn=turn)
        for turn in (0, 1)
    ]
    assert answers == [EndpointAnswer(failure="connecting"), EndpointAnswer(204)]


def test_the_name_is_asked_for_and_verified(authority: Authority, rules: EndpointRules) -> None:
    """SNI and the certificate are of the host, though the connection is to an address."""
    names: list[str | None] = []
    certificate = authority.certificate(HOST)
    with serving(certificate) as server:
        context = server._context
        assert context is not None

        def note(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> None:
            names.append(name)

        context.sni_callback = note  # type: ignore[assignment]
        assert _post(server, rules).is_accepted
    assert names == [HOST]


def test_nothing_of_the_home_is_read(
    server: EndpointServer, rules: EndpointRules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine localhost login alice password secret")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert _post(server, rules).is_accepted
    assert "authorization" not in server.received[0].headers

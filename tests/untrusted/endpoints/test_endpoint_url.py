"""An endpoint's URL names a public host by its full name, and holds nothing that is read in two ways."""

import pytest

from untrusted.endpoints.endpoint_url import EndpointRules, EndpointUrl, EndpointUrlRefused, read_endpoint_url

STRICT, LOOPBACK = EndpointRules(), EndpointRules(loopback=True)


@pytest.mark.parametrize(
    ("text", "read", "host_header"),
    [
        ("https://eau.example/in", EndpointUrl("https", "eau.example", 443, "/in"), "eau.example"),
        ("https://EAU.example", EndpointUrl("https", "eau.example", 443, "/"), "eau.example"),
        ("https://a.b-c.example:8443?k=1", EndpointUrl("https", "a.b-c.example", 8443, "/?k=1"), "a.b-c.example:8443"),
        ("https://xn--caf-dma.example:443/%C3%A9", EndpointUrl("https", "xn--caf-dma.example", 443, "/%C3%A9"),
         "xn--caf-dma.example"),
    ],
)  # fmt: skip
def test_read(text: str, read: EndpointUrl, host_header: str) -> None:
    assert read_endpoint_url(text, STRICT) == read
    assert read.host_header == host_header


REFUSED = {
    "unreadable": [
        "", " https://eau.example", "https://eau.example/a b", "https://eau.example/\r\nX: y", "https://eau.example\\@b.c",
        "https://eau.example/\x00", "https://café.example", "https://eau.example:port", "https://eau.example:99999",
        "https://[::1", "https://eau.example/" + "a" * 500, "https://eau.example/é", "https://eau.example\t/",
    ],
    "not_https": ["http://eau.example", "ftp://eau.example", "//eau.example", "eau.example", "file:///etc/passwd",
                  "javascript://eau.example", "http://127.0.0.1/", "gopher://eau.example"],
    "userinfo": ["https://u@eau.example", "https://u:p@eau.example", "https://eau.example@10.0.0.1/", "https://@a.b"],
    "fragment": ["https://eau.example/#", "https://eau.example#@b.c"],
    "host": [
        "https://", "https://localhost", "https://eau", "https://127.0.0.1", "https://2130706433", "https://0x7f000001",
        "https://0x7f.1", "https://0177.0.0.1", "https://127.1", "https://[::1]", "https://[::ffff:127.0.0.1]",
        "https://8.8.8.8", "https://eau.example.", "https://.example", "https://a..b", "https://-a.example",
        "https://a_b.example", "https://a.example%2f@b", "https://%31%32%37.0.0.1", "https://a.0x10", "https://a.1",
    ],
    "port": ["https://eau.example:80", "https://eau.example:22", "https://eau.example:0", "https://eau.example:6379"],
}  # fmt: skip


@pytest.mark.parametrize(("fault", "text"), [(fault, each) for fault, texts in REFUSED.items() for each in texts])
def test_refused(fault: str, text: str) -> None:
    for rules in (STRICT, LOOPBACK):
        if rules is LOOPBACK and any(f"//{host}" in text for host in ("localhost", "127.0.0.1", "[::1]")):
            continue
        with pytest.raises(EndpointUrlRefused) as refused:
            read_endpoint_url(text, rules)
        assert refused.value.fault in {fault, "userinfo"}


def test_this_machine_is_allowed_by_configuration_alone() -> None:
    for text in ("http://127.0.0.1:8080/in", "https://localhost:1234/", "http://[::1]:9/"):
        read = read_endpoint_url(text, LOOPBACK)
        assert read.host_header in text
        with pytest.raises(EndpointUrlRefused):
            read_endpoint_url(text, STRICT)
    with pytest.raises(EndpointUrlRefused):
        read_endpoint_url("http://192.168.0.1:8080/in", LOOPBACK)

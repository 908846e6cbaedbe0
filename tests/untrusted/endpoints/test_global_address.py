"""A webhook goes to public addresses alone, however they are spelled or wrapped."""

import pytest

from untrusted.endpoints.global_address import is_global_address, is_loopback_address

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8", "64:ff9b::808:808"]
PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.1.2.3", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2606:2800:220:1:248:1893:25c8:1946%1", "fec0::1", "ff02::1", "100::1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2001::1", "2001:0:7f00:1::", "2001:10::1",
    "2001:db8::1", "2002:7f00:1::1", "2002:808:808::1", "3fff::1", "5f00::1", "4000::1",
]  # fmt: skip
NO_ADDRESS = ["", "localhost", "2130706433", "0x7f.1", "127.1", "017700000001", "0177.0.0.1", "1.2.3.4 ", "8.8.8.08"]


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_global_address(address)


@pytest.mark.parametrize("address", [*PRIVATE, *NO_ADDRESS])
def test_not_public(address: str) -> None:
    assert not is_global_address(address)


def test_this_machine() -> None:
    assert [is_loopback_address(each) for each in ("127.0.0.1", "127.9.9.9", "::1")] == [True] * 3
    assert [is_loopback_address(each) for each in ("10.0.0.1", "localhost", "0.0.0.0", "127.1")] == [False] * 4

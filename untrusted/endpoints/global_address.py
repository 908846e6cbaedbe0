"""Is an IP address one of the public internet? Only such an address do we send to, where somebody else named the host.

The ranges are those of IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890), and are kept here because
Python's own `is_global` differs between its versions.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

#: IPv4 ranges that are not public.
_NOT_PUBLIC_4: Final = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # answers a virtual machine of Azure about itself, though the range is public
    )
)  # fmt: skip
#: IPv6: only this range is public unicast (RFC 4291) …
_UNICAST_6: Final = IPv6Network("2000::/3")
#: … except for protocol assignments with Teredo, documentation, 6to4 and the former 6bone.
_NOT_PUBLIC_6: Final = tuple(
    IPv6Network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20")
)
#: NAT64 (RFC 6052): where the network has IPv6 alone, these reach the IPv4 address in the last 32 bits.
_NAT64: Final = IPv6Network("64:ff9b::/96")


def is_global_address(address: str) -> bool:
    """Whether this address (as the resolver spells it) is a public unicast address. An IPv4 address mapped or
    translated into IPv6 is judged as what it reaches; 6to4 and Teredo never are."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        return _is_global_6(ip)
    return _is_global_4(ip)


def _is_global_4(ip: IPv4Address) -> bool:
    return not any(ip in network for network in _NOT_PUBLIC_4)


def _is_global_6(ip: IPv6Address) -> bool:
    if ip.scope_id is not None:
        return False
    if ip.ipv4_mapped is not None:
        return _is_global_4(ip.ipv4_mapped)
    if ip in _NAT64:
        return _is_global_4(IPv4Address(int(ip) & 0xFFFFFFFF))
    return ip in _UNICAST_6 and not any(ip in network for network in _NOT_PUBLIC_6)


def is_loopback_address(address: str) -> bool:
    """Whether this address is of this very machine: 127.0.0.0/8 or ::1."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False

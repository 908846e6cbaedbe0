"""Changes tables of a TOML text and leaves everything else as it stands: comments, order, and the lines whose value
stays. A text that is written too unusually for that (inline tables, values over several lines) is written anew, in the
order of its keys and without its comments: the values are what must be right, and they are checked either way."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

Table = Mapping[str, Any]

_header: Final = re.compile(r"\s*\[(?P<path>[^\[\]]+)\]\s*(?:#.*)?").fullmatch
_entry: Final = re.compile(r"\s*(?P<key>\"(?:[^\"\\]|\\.)*\"|'[^']*'|[A-Za-z0-9_-]+)\s*=\s*(?P<value>.*)").fullmatch
_comment: Final = re.compile(r"(?:[^#\"']|\"[^\"\\]*\")*?(?P<comment>\s+#.*)").fullmatch
_bare: Final = re.compile(r"[A-Za-z0-9_-]+").fullmatch
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def with_table(text: str, name: str, table: Table | None) -> str:
    """The TOML *text* with this top-level table instead of its own; None takes it out."""
    wanted = {key: value for key, value in tomllib.loads(text).items() if key != name}
    if table is not None:
        wanted[name] = _plain(table)
    lines = _Lines(text)
    lines.set_table((name,), table)
    changed = str(lines)
    try:
        if tomllib.loads(changed) == wanted:
            return changed
    except tomllib.TOMLDecodeError:
        pass
    return toml_document(wanted)


def toml_document(table: Table) -> str:
    """A whole document: plain values first, then each table under its heading."""
    return "\n".join(_block((), table)).strip("\n") + "\n"


def toml_value(value: Any) -> str:
    """One value on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case str():
            return '"' + "".join(_escaped(character) for character in value) + '"'
        case Mapping():
            return "{ " + ", ".join(f"{toml_key(key)} = {toml_value(each)}" for key, each in value.items()) + " }"
        case _:
            return "[" + ", ".join(map(toml_value, value)) + "]"


def toml_key(key: str) -> str:
    """A key, in quotes where it needs them."""
    return key if _bare(key) else toml_value(key)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() or character == "\N{NO-BREAK SPACE}" else f"\\U{ord(character):08x}"


def _plain(value: Any) -> Any:
    """A value as `tomllib` gives it."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, Decimal):
        return tomllib.loads(f"x = {value}")["x"]
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _block(path: tuple[str, ...], table: Table) -> list[str]:
    plain = [f"{toml_key(key)} = {toml_value(each)}" for key, each in table.items() if not isinstance(each, Mapping)]
    lines = ["", f"[{'.'.join(map(toml_key, path))}]", *plain] if path and (plain or not table) else plain
    for key, each in table.items():
        if isinstance(each, Mapping):
            lines += _block((*path, key), each)
    return lines


class _Lines:
    """The lines of a text by the table that they stand in."""

    def __init__(self, text: str) -> None:
        self._tables: list[tuple[tuple[str, ...], list[str]]] = [((), [])]
        for line in text.splitlines():
            heading = _header(line)
            if heading and (path := _path(heading["path"])):
                self._tables.append((path, [line]))
            else:
                self._tables[-1][1].append(line)

    def __str__(self) -> str:
        return "\n".join(line for _, lines in self._tables for line in lines).strip("\n") + "\n"

    def set_table(self, path: tuple[str, ...], table: Table | None) -> None:
        """Make the table at *path* this one; None takes it out with those below it."""
        if table is None:
            self._tables = [each for each in self._tables if each[0][: len(path)] != path]
            return
        below = {key: each for key, each in table.items() if isinstance(each, Mapping)}
        here = {key: each for key, each in table.items() if key not in below}
        lines = next((lines for each, lines in self._tables if each == path), None)
        if lines is not None:
            _set_values(lines, here)
        elif here or not below:
            self._insert(path, _block(path, here))
        for gone in {each[: len(path) + 1] for each, _ in self._tables if each[: len(path)] == path and each != path}:
            if gone[-1] not in below:
                self.set_table(gone, None)
        for key, each in below.items():
            self.set_table((*path, key), each)

    def _insert(self, path: tuple[str, ...], lines: list[str]) -> None:
        """Put a new table behind the last of its kind, or at the end."""
        kin = [at for at, (each, _) in enumerate(self._tables) if each[:1] == path[:1]]
        self._tables.insert(kin[-1] + 1 if kin else len(self._tables), (path, lines))


def _path(text: str) -> tuple[str, ...]:
    """The keys of a table's heading; () where it is none."""
    try:
        table: Any = tomllib.loads(f"[{text}]")
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while table:
        [(key, table)] = table.items()
        path.append(key)
    return tuple(path)


def _set_values(lines: list[str], values: Table) -> None:
    """Give the lines of one table these values; comments and lines that say so already stay."""
    left, last = dict(values), 0
    for at in range(len(lines) - 1, -1, -1):
        entry = _entry(lines[at])
        if entry is None:
            continue
        last = max(last, at + 1)
        key = _key(entry["key"])
        if key not in left:
            del lines[at]
            last -= 1
        elif _said(entry["value"]) != {"x": _plain(value := left.pop(key))}:
            comment = _comment(entry["value"])
            lines[at] = f"{entry['key']} = {toml_value(value)}{comment['comment'] if comment else ''}"
    last = last or (1 if lines and _header(lines[0]) else 0)
    lines[last:last] = [f"{toml_key(key)} = {toml_value(value)}" for key, value in left.items()]


def _key(text: str) -> str:
    return next(iter(tomllib.loads(f"{text} = 0")))


def _said(value: str) -> dict[str, Any]:
    try:
        return tomllib.loads(f"x = {value}")
    except tomllib.TOMLDecodeError:
        return {}

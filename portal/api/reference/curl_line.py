"""A command line that asks one operation, to be pasted."""

import json
import shlex
from typing import Any, Final

_JSON: Final = "application/json"


def curl_line(address: str, path: str, method: str, told: dict[str, Any]) -> str:
    """Returns the line of curl, with the key in `$KEY`; what stands in braces is filled in by hand."""
    parts = ["curl"]
    if method not in {"get", "post"}:
        parts.append(f"-X {method.upper()}")
    if told["security"]:
        parts.append('-H "Authorization: Bearer $KEY"')
    parts += _body(told, method)
    parts.append(shlex.quote(f"{address}{path}"))
    return " \\\n  ".join(parts)


def _body(told: dict[str, Any], method: str) -> list[str]:
    content = told.get("requestBody", {}).get("content", {})
    if _JSON in content:
        said = json.dumps(content[_JSON].get("example", {}), ensure_ascii=False)
        return [f"-H 'Content-Type: {_JSON}'", f"-d {shlex.quote(said)}"]
    if content:
        return ["--data-binary @{file}"]
    return ["-X POST"] if method == "post" else []

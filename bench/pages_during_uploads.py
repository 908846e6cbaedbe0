"""How fast pages are while large feeds come in: `python -m bench.pages_during_uploads [--megabytes 100] [--uploads 4]`.

Serves a portal of its own on this machine, as `facteur web` does, and prints the slowest, the median and the 95th
percentile of a page's times in milliseconds: alone, and beside the uploads. Promise: under 300 ms (docs/promises.md).
"""

import argparse
import http.client
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import config
from issuers.registry import add_issuer
from portal.app import make_app
from portal.web_server.web_server import open_servers
from store import open_store
from store.issuer_keys.issuer_key import new_key
from store.vault.key_ring import KeyRing

PAGE = "/connexion"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--megabytes", type=int, default=100)
    asked.add_argument("--uploads", type=int, default=4)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        port, key = serve(Path(folder))
        print(f"{'alone':20} {told(page_times(port, lambda: False, 100))}")
        uploads = [
            threading.Thread(target=upload, args=(port, key, n, given.megabytes << 20)) for n in range(given.uploads)
        ]
        for each in uploads:
            each.start()
        times = page_times(port, lambda: any(each.is_alive() for each in uploads), 1)
        print(f"{f'{given.uploads} x {given.megabytes} MB':20} {told(times)}")


def serve(home: Path) -> tuple[int, str]:
    """A portal with one issuer in *home*; returns its port and the issuer's key."""
    settings = config.load({"FACTEUR_HOME": str(home)})
    store = open_store(settings.database_url, settings.blobs_url, KeyRing(settings.secret), home / "incoming")
    now = datetime.now(UTC)
    with store.writing() as session:
        key = new_key(session, add_issuer(session, "lumiere", "Lumière", now), now)
    server = open_servers(make_app(store, settings), "127.0.0.1", 0, home / "incoming")[-1]
    threading.Thread(target=server.run, daemon=True).start()
    return server.effective_port, key


def upload(port: int, key: str, n: int, size: int) -> None:
    """Send a feed of *size* bytes, in pieces, as fast as it is taken."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    piece = os.urandom(1 << 20)
    body = (piece for _ in range(size >> 20))
    headers = {"Authorization": f"Bearer {key}", "Content-Length": str(size)}
    line.request("PUT", f"/v1/feeds/{n}.bin", body=body, headers=headers)
    assert line.getresponse().status in {200, 202}


def page_times(port: int, goes_on: Callable[[], bool], least: int) -> list[float]:
    """Ask for a page again and again, *least* times and as long as it *goes_on*; returns the milliseconds of each."""
    times = []
    while len(times) < least or goes_on():
        began = time.perf_counter()
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        line.request("GET", PAGE)
        line.getresponse().read()
        line.close()
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(0.01)
    return times


def told(times: list[float]) -> str:
    ordered = sorted(times)
    slowest, usual, late = ordered[-1], statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    return f"{len(times):5} pages: median {usual:6.1f} ms, 95 % {late:6.1f} ms, slowest {slowest:6.1f} ms"


if __name__ == "__main__":
    main()

"""The road's verbs by hand: `facteur …` (design.md §6; scripts lean on it).

`--json` prints one JSON object a line on stdout and nothing else there; progress and words go to stderr.
Exit 0 done, 1 the data said no, 2 wrong usage.
"""

import logging
import sys

import click

from verbs import bill, demo, feed, issuer, serve, watch


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="facteur")
@click.option("-v", "--verbose", is_flag=True, help="Say what is being done, on stderr.")
def main(verbose: bool) -> None:
    """Facteur: one portal for every bill, and paper in time for whoever does not go digital."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )  # fmt: skip


for verb in (
    demo.demo, serve.up, serve.web, serve.worker, serve.sftp, serve.work, issuer.operator, issuer.issuer,
    feed.feed, bill.bill, watch.adoption_, watch.print_, watch.check,
):  # fmt: skip
    main.add_command(verb)

if __name__ == "__main__":
    main()

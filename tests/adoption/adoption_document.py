"""Writes the tables of docs/adoption.md anew from the registry of measures (`python -m`)."""

from itertools import groupby
from pathlib import Path
from typing import Final

from adoption.costs.carbon_range import CARBON_RANGES
from adoption.costs.cost_parameters import COST_PARAMETERS
from adoption.measures.measure import Measure
from adoption.measures.registry import MEASURES
from words.catalogue import sentence

PAGE: Final = Path(__file__).parents[2] / "docs" / "adoption.md"
BEGIN, END = "<!-- measures: written from adoption/measures -->", "<!-- measures end -->"
_HEADS: Final = {
    "level": "Contracts, as they stand when a day ends",
    "issued": "Bills, by the day on which they were issued",
    "act": "What people do, by the day on which they did it",
}


def main() -> None:
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def page_with(page: str) -> str:
    """The page with its tables as they should be."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{_tables()}\n{END}{rest.partition(END)[2]}"


def _tables() -> str:
    kinds = groupby(MEASURES.values(), key=lambda measure: measure.kind)
    tables = [f"\n### {_HEADS[kind]}\n\n{_table(list(measures))}" for kind, measures in kinds]
    return "\n".join([*tables, f"\n### Prices and ranges\n\n{_prices()}"])


def _prices() -> str:
    """The parameters of the ledger. An issuer's own price of a letter, in its profile, takes the place of postage,
    envelope and sheet."""
    rows = [
        f"| {_english(each.name)} | {each.amount} EUR | {_english(each.unit)} | {_english(each.source)} |"
        for each in COST_PARAMETERS.values()
    ] + [
        f"| {_english(each.name)} | {each.low} to {each.high} g | {_english(each.unit)} | {_english(each.source)} |"
        for each in CARBON_RANGES.values()
    ]
    return "\n".join(["| what | how much | of what | source |", "|---|---|---|---|", *rows])


def _table(measures: list[Measure]) -> str:
    rows = [
        f"| `{each.code}` | {_english(each.name)} | {_english(each.formula)} | {each.unit} | {_counts(each)} |"
        f" {each.source} |"
        for each in measures
    ]
    return "\n".join(["| code | measure | what it is | unit | from | after |", "|---|---|---|---|---|---|", *rows])


def _counts(measure: Measure) -> str:
    return (" / " if measure.unit == "share" else ", ").join(f"`{each}`" for each in measure.kept)


def _english(text: str) -> str:
    return sentence(text, "en")


if __name__ == "__main__":
    main()

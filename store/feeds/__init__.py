"""Tables of feeds: items, findings, outcomes, chunks, counts, conflicts."""

"""What consumers' pages show, made from rows: lists, timelines, comparisons."""

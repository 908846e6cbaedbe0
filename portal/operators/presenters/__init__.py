"""What staff's pages show, made from rows: names of states, findings, charts, timelines."""

"""The print houses: which there are, which letters each takes, and how lots reach them."""

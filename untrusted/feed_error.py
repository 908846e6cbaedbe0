"""The error that ends the reading of a file."""

from bill import Value, fatal


class FeedError(Exception):
    """The file, or the rest of it, cannot be trusted: reading ends here and nothing of the feed may be released."""

    def __init__(self, rule: str, sentence: str, place: str = "", **values: Value) -> None:
        self.finding = fatal(rule, sentence, place, **values)
        super().__init__(self.finding.message)

    def at(self, place: str) -> "FeedError":
        """Return the same error with the place (file, line) where it was found."""
        return FeedError(self.finding.rule, self.finding.sentence, place, **self.finding.values)

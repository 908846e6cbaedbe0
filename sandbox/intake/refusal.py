"""The refusal of a PDF, as the letter of the worker's answer."""


class Refused(Exception):  # noqa: N818
    """The PDF is refused. The text is the answer's letter: `n` no invoice, `e` encrypted, `a` active, `b` broken."""

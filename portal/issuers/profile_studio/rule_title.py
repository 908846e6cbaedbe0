"""What a rule that a trial broke is about, as its line on the page says it."""

from issuers.profile_studio.studio_jobs import TriedRule
from portal.operators.presenters import finding_text
from portal.operators.presenters.rule_names import in_words
from portal.translation import say


def rule_title(rule: TriedRule) -> str:
    """Returns a rule's name in the reader's language; a rule of EN 16931, whose name is of a family, is told by its
    first case, as is one without a name."""
    words = "" if rule.rule.startswith("BR-") else in_words(rule.rule)
    if words or not rule.cases:
        return say(words) if words else rule.rule
    return finding_text.message(rule.cases[0])

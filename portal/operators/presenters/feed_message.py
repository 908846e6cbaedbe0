"""The message to whoever makes a feed: what is wrong with it, kind by kind, with cases and what to do.

Ready to be sent in either language, whatever the reader's own is. It quotes what findings say, and no line of the file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from portal.operators.presenters import finding_text
from portal.operators.presenters.rule_names import in_words
from portal.operators.presenters.rule_remedies import remedy
from portal.presenters.amounts_and_dates import local
from portal.translation import speak
from store.feeds.feed import Feed
from store.feeds.item import FindingRow, FindingTally
from words.finding_places import place_text
from words.relative_dates import spell_full_moment

#: Cases that a message tells of each kind.
_CASES: Final = 3


class RuleInFeed(NamedTuple):
    """How often a feed broke a rule, with the first cases, and the places of their items by position."""

    tally: FindingTally
    cases: Sequence[FindingRow]
    places: Mapping[int, str]

    @property
    def words(self) -> str:
        return in_words(self.tally.rule)

    @property
    def remedy(self) -> str:
        return remedy(self.tally.rule)

    def place_of(self, case: FindingRow) -> str:
        """Returns where the case is: in its file, and in the bill."""
        return place_in_file(case, self.places.get(case.seq or 0, ""))


def place_in_file(finding: FindingRow, item: str) -> str:
    """Returns where a finding is, of which the item stands at the place *item*; a finding often says only where in the
    item."""
    if not item or finding.place == item or finding.place.startswith(item):
        return finding.place or item
    return f"{item}, {finding.place}" if finding.place else item


def feed_message(feed: Feed, rules: Iterable[RuleInFeed], into: str) -> str:
    """Returns the message about these rules in the language *into*, with its subject in the first line."""
    received = spell_full_moment(local(feed.received_at), into, "on")
    parts = [
        speak("Objet : {file}, ce qui est à corriger", into, file=feed.name),
        speak("Bonjour,", into),
        speak(
            "Voici ce que nous avons trouvé dans le fichier {file}, reçu {moment}.",
            into,
            file=feed.name,
            moment=received,
        ),
    ]
    told = list(rules)
    parts += ["\n".join(_rule(n, rule, into)) for n, rule in enumerate(told, 1)]
    if any(rule.tally.severity == "fatal" for rule in told):
        parts.append(
            speak(
                "Une fois corrigé, envoyez-nous un nouveau fichier : les factures déjà prises y sont reconnues, et "
                "rien n’est pris deux fois.",
                into,
            )
        )
    parts.append(speak("Empreinte du fichier (SHA-256) : {digest}", into, digest=feed.sha256))
    return "\n\n".join(parts)


def _rule(n: int, rule: RuleInFeed, into: str) -> Iterator[str]:
    words, count = speak(rule.words, into) if rule.words else rule.tally.rule, rule.tally.count
    times = speak("{n} fois|{n} fois", into, n=count)
    yield f"{n}. {words} ({rule.tally.rule}), {times}"
    if rule.tally.severity == "fatal":
        yield "   " + speak("Refusé : ce n’est pas distribué.", into)
    for case in rule.cases[:_CASES]:
        where = ", ".join(filter(None, [case.number, place_text(rule.place_of(case), into)]))
        yield f"   - {where}{speak(' :', into)} {finding_text.message(case, into)}"
    if rule.remedy:
        yield "   " + speak("À faire : {what}", into, what=speak(rule.remedy, into))

"""The form by which the list of bills is filtered: it offers only what its reader has."""

from functools import lru_cache
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from portal import app_context
from portal.consumers.bills.bill_reader import BillReader
from portal.consumers.bills.filter_query import name_of_kind, written_filter
from portal.consumers.presenters.bill_list.bill_filter_words import FilterNames, kind_words
from portal.page_address import url_for
from portal.presenters.labelled_account_number import numbered_within
from portal.public_id_converter import public_id
from portal.translation import say
from store.bills.bill_filter import BillFilter
from store.bills.bill_tag import tags_of_consumer
from store.bills.filter_options import FilterOptions

#: So many contracts are offered at most: who has more, finds them on the page of contracts.
_MOST_CONTRACTS: Final = 60


class FilterField(NamedTuple):
    """A field of the form: its name in the address, its label, its options (value, words), the first of which is all,
    and the value that is chosen."""

    name: str
    label: str
    options: list[tuple[str, str]]
    value: str

    @property
    def is_offered(self) -> bool:
        """Whether there is something to choose, and what is chosen can be shown. One tag is a choice: not all bills
        have it."""
        values = [value for value, _ in self.options]
        return len(values) > (1 if self.name == "etiquette" else 2) and self.value in values

    @property
    def drawn(self) -> Markup:
        """The field with its label and options, drawn at once like a bill's row."""
        options = "".join([_option(value, words, is_chosen=value == self.value) for value, words in self.options])
        return Markup(  # noqa: S704 -- the name is ours, and the words are escaped
            f'<div class="field">\n<label for="{self.name}">{escape(self.label)}</label>\n'
            f'<select id="{self.name}" name="{self.name}">{options}</select>\n</div>\n'
        )


class FilterForm(NamedTuple):
    """*choices* are those of which there are several; *kept* what is filtered and is not offered."""

    choices: list[FilterField]
    kept: dict[str, str]
    asked: str
    is_unpaid: bool

    def drawn(self, found_words: str) -> Markup:
        """Search and filters, one form, drawn at once: what is filtered stays when words are sought, and the other way
        round. Screen readers say *found_words* when the list changes while somebody types (search.js)."""
        kept = "".join([
            f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in self.kept.items()
        ])  # fmt: skip
        choices = "".join([f"        {each.drawn}\n" for each in self.choices])
        filter_ = escape(say("Filtrer"))
        return Markup(  # noqa: S704 -- names are ours, and what is typed is escaped where it is set
            f'<search>\n  <p id="trouvees" class="unseen" role="status">{escape(found_words)}</p>\n'
            f'  <form class="stack" action="{escape(url_for("home.show"))}" role="search">\n    <div class="find">\n'
            f'      <label class="unseen" for="cherche">{escape(say("Chercher dans vos factures"))}</label>\n'
            f'      <input id="cherche" name="cherche" type="search" value="{escape(self.asked)}" maxlength="100"'
            f' placeholder="{escape(say("Numéro, mot, montant"))}">\n'
            f'      <button class="button">{escape(say("Chercher"))}</button>\n    </div>\n{kept}'
            f'    <details class="filters">\n      <summary>{filter_}</summary>\n      <div class="choices">\n{choices}'
            f'        <label class="check"><input type="checkbox" name="impayees" value="1"'
            f"{' checked' if self.is_unpaid else ''}>{escape(say('Impayées seulement'))}</label>\n"
            f'        <button class="button main">{filter_}</button>\n'
            "      </div>\n    </details>\n  </form>\n</search>"
        )


@lru_cache(maxsize=8192)
def _option(value: str, words: str, *, is_chosen: bool) -> str:
    return f'<option value="{escape(value)}"{" selected" if is_chosen else ""}>{escape(words)}</option>'


def filter_form(reader: BillReader, only: BillFilter, has: FilterOptions) -> FilterForm:
    """Returns the form with what is filtered now, for a reader who *has* these years and kinds."""
    written = written_filter(only, reader.issuers.values())
    choices = [each for each in _choices(reader, written, has) if each.is_offered]
    shown = {"cherche", "impayees", *(each.name for each in choices)}
    kept = {name: value for name, value in written.items() if name not in shown}
    return FilterForm(choices, kept, only.asked, only.is_unpaid)


def _choices(reader: BillReader, written: dict[str, str], has: FilterOptions) -> list[FilterField]:
    tags = tags_of_consumer(app_context.reading(), reader.consumer.id) if has.has_tags else {}
    contracts = reader.accounts if len(reader.issuers) < len(reader.accounts) <= _MOST_CONTRACTS else ()
    fields = [
        ("emetteur", say("Émetteur"), say("tous"), [(each.slug, each.name) for each in reader.issuers.values()]),
        ("contrat", say("Contrat"), say("tous"), [
            (public_id(each.id, "account"), f"{issuer.name}, {numbered_within(each, issuer)}")
            for each in contracts for issuer in [reader.issuers[each.issuer_id]]
        ]),
        ("annee", say("Année"), say("toutes"), [(str(year), str(year)) for year in has.years]),
        ("genre", say("Genre"), say("tous"), [(name_of_kind(kind), kind_words(kind)) for kind in has.kinds]),
        ("etiquette", say("Étiquette"), say("toutes"), list(tags.items())),
    ]  # fmt: skip
    return [FilterField(name, label, [("", all_), *own], written.get(name, "")) for name, label, all_, own in fields]


def named_in(reader: BillReader, only: BillFilter) -> FilterNames:
    """Returns what the rows and tags of the reader are called."""
    tags = tags_of_consumer(app_context.reading(), reader.consumer.id) if only.tag else {}
    return FilterNames(reader.issuers, {each.id: each for each in reader.accounts}, tags)

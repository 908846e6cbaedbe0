"""Every column that refers to a person is in the registry of what goes when they leave, or of what stays and why."""

import re

from consumers.leaving.leaving_steps import KEPT, STEPS
from store.all_models import Base

#: Names of columns that may hold a consumer's number without a foreign key to say so.
_OF_A_PERSON = re.compile(r"(^|_)(consumer|reader|person|holder|owner|grantee|asker|signer|member|guest)_id$")
#: Columns named alike that have the number of something else.
_OF_SOMETHING_ELSE: set[str] = set()


def _columns_that_refer_to_a_person() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(str(key.column) == "consumer.id" for key in column.foreign_keys) or _OF_A_PERSON.search(column.name)
    } - _OF_SOMETHING_ELSE


def test_each_column_that_refers_to_a_person_goes_or_stays_for_a_reason() -> None:
    goes = {column for step in STEPS for column in step.deleted}
    stays = {column for kept in KEPT for column in kept.columns}
    found = _columns_that_refer_to_a_person()
    assert found - goes - stays == set(), "add a line to consumers/leaving/leaving_steps.py"
    assert (goes | stays) - found == set(), "no such column"
    assert goes & stays == set(), "goes and stays"


def test_what_stays_says_what_and_by_which_law() -> None:
    assert all(kept.what and kept.why for kept in KEPT)
    names = [step.name for step in STEPS]
    assert len(names) == len(set(names))

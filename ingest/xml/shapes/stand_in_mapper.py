"""Maps stand-ins to bill terms with the same tables and steps as lxml's elements, and remembers what it can from one
document to the next."""

from collections.abc import Iterable
from typing import Any

from ingest.document_findings import Found
from ingest.xml.mapper import Step, Table, ValueMapping, XmlMapper
from ingest.xml.shapes.element_stand_in import ElementStandIn, FrameStandIn, NeedsFullParseError

#: Stand-in elements with their actions: a key and a parser for a value, or "" and a step.
_Plan = list[tuple[ElementStandIn, str, Any]]


class StandInMapper(XmlMapper):
    """A mapper that follows plans: the look-ups in a table are made once for each stand-in, not for each document."""

    __slots__ = ()

    def map_element(self, element: Any, meanings: Table, found: Found) -> None:
        """Apply the table's steps to the children of a stand-in, in document order."""
        plan = element.plans.get(id(meanings))
        if plan is None:
            if type(element) is FrameStandIn:
                self._map_frame(element, meanings, found)
                return
            plan = element.plans[id(meanings)] = _plan(element, meanings)
        self._follow(plan, found)

    def _map_frame(self, frame: FrameStandIn, meanings: Table, found: Found) -> None:
        """Map an element made of known shapes: each child shape has its own plan."""
        table = id(meanings)
        for child in frame:
            plan = child.plans.get(table)
            if plan is None:
                plan = child.plans[table] = _plan([child], meanings)
            if child.same:
                self._repeat(child, table, plan, found)
            else:
                self._follow(plan, found)

    def _follow(self, plan: _Plan, found: Found) -> None:
        for element, key, read in plan:
            if key:
                text = element.text
                if text:
                    if key in found:
                        raise NeedsFullParseError
                    value = read(text)
                    if value is not None:
                        found[key] = value
            else:
                read(element, found, self)

    def _repeat(self, element: ElementStandIn, table: int, plan: _Plan, found: Found) -> None:
        """Apply an element's step, or reuse its result when the document before had the same texts; a step only adds
        to *found*."""
        again = element.found.get(table)
        if again is None:
            again, said = {}, len(self.notes.findings)
            self._follow(plan, again)
            if len(self.notes.findings) > said:
                raise NeedsFullParseError
            element.found[table] = again
        if found.keys().isdisjoint(again):
            for key, value in again.items():
                found[key] = value.copy() if type(value) in (list, dict) else value
        else:
            self._follow(plan, found)


def _plan(elements: Iterable[ElementStandIn], meanings: Table) -> _Plan:
    """Return the elements that the table knows, with wrappers resolved: values with key and parser, others with their
    step."""
    plan: _Plan = []
    for element in elements:
        meaning = meanings.get(element.tag)
        if isinstance(meaning, ValueMapping):
            plan.append((element, *meaning))
        elif isinstance(meaning, dict):
            plan += [(element, "", _wrapper(meaning))] if type(element) is FrameStandIn else _plan(element, meaning)
        elif meaning is not None:
            plan.append((element, "", meaning))
    return plan


def _wrapper(meanings: Table) -> Step:
    return lambda element, found, mapper: mapper.map_element(element, meanings, found)

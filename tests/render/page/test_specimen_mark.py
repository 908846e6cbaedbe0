"""What is only tried says so on every page; no other bill does."""

from datetime import date

import pypdfium2

from bill import Bill, Brand
from render.compiled_template import compile_template
from tests.portal.sample_town import a_bill

BRAND = Brand(name="Lumière de l’Ouest")


def pages_of(is_specimen: bool, bill: Bill) -> list[str]:
    template = compile_template(BRAND, is_specimen)
    with pypdfium2.PdfDocument(template.prefix + template.suffix(bill)) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def test_a_specimen_says_on_each_page_that_it_means_nothing() -> None:
    bill = a_bill("ZQ-1", "C-1", date(2026, 3, 2))
    many = bill.lines * 90
    long = Bill(**{name: getattr(bill, name) for name in bill.__struct_fields__} | {"lines": many})
    pages = pages_of(True, long)
    assert len(pages) > 1
    assert all("SPÉCIMEN" in page and "sans valeur" in page for page in pages)
    assert not any("SPÉCIMEN" in page for page in pages_of(False, long))
    assert compile_template(BRAND, True).version != compile_template(BRAND).version

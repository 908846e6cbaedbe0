"""The documents of a bill in /v1 and /v2: its archived PDF, and the same as XML."""

from hashlib import sha256
from typing import Annotated, Literal

import msgspec
from flask import Response, request

from bill.json_values import says
from export.cii import facturx_profile_of, write_cii
from export.ubl import is_whole, write_ubl
from portal import app_context
from portal.api.bills import BillNumber, bill_of
from portal.api.blueprint import pages
from portal.api.contract import operation
from portal.api.contract.operation import Said
from portal.presenters.file_download import download
from portal.problems import problem
from portal.problems.problem_types import NOT_FOUND


class SyntaxQuery(msgspec.Struct, frozen=True, kw_only=True):
    """In which syntax of EN 16931."""

    syntax: Annotated[Literal["cii", "ubl"], says("UN/CEFACT CII, or OASIS UBL 2.1.")] = "cii"


@pages.get("/bills/<path:number>/pdf")
@operation(answers={200: Said("The archived PDF, bit for bit.", None, ("application/pdf",))})
def show_bill_pdf(number: BillNumber) -> Response:
    """The archived PDF of a bill, bit for bit.

    Its ETag is the SHA-256 of the file. Before the bill is rendered there is none (404).
    """
    row = bill_of(number)
    if row.pdf_sha256 is None:
        problem(NOT_FOUND, f"the bill has no PDF ({row.state})")
    if request.if_none_match.contains(row.pdf_sha256):
        return _tagged(Response(), row.pdf_sha256)
    content = app_context.store().archive(app_context.reading()).pdf(row)
    return _tagged(download(content, f"{row.number}.pdf", "application/pdf"), row.pdf_sha256)


@pages.get("/bills/<path:number>/xml")
@operation(answers={200: Said("The bill as XML.", None, ("application/xml",))})
def show_bill_xml(number: BillNumber, query: SyntaxQuery) -> Response:
    """A bill as XML of EN 16931, in CII or UBL.

    Written from what was read of your feed, in the highest profile of Factur-X that it has the terms for. As UBL there
    is none (404) of a bill that lacks a term that EN 16931 asks for.
    """
    row = bill_of(number)
    if query.syntax == "ubl" and not is_whole(row.bill):
        problem(NOT_FOUND, "the bill lacks terms that EN 16931 asks for: it cannot be written as UBL")
    is_cii = query.syntax == "cii"
    content = write_cii(row.bill, facturx_profile_of(row.bill)) if is_cii else write_ubl(row.bill)
    name = f"{row.number} {query.syntax.upper()}.xml"
    return _tagged(download(content, name, "application/xml"), sha256(content).hexdigest()[:32])


def _tagged(answer: Response, etag: str) -> Response:
    answer.set_etag(etag)
    answer.make_conditional(request)
    return answer

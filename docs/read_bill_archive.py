"""Opens an archive of bills anywhere, with nothing but Python: python read_bill_archive.py ARCHIVE.zip

Checks every file against SHA256SUMS, and the totals of the index against the bills' own XML. Exit 1 if one disagrees.
"""

import hashlib, json, sys, zipfile
from collections import defaultdict
from decimal import Decimal
from xml.etree import ElementTree

RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
wrong, totals = [], defaultdict(Decimal)
with zipfile.ZipFile(sys.argv[1]) as archive:
    for line in archive.read("SHA256SUMS").decode().splitlines():
        digest, path = line.split("  ", 1)
        if hashlib.sha256(archive.read(path)).hexdigest() != digest:
            wrong.append(path)
    index = json.loads(archive.read("index.json"))
    for document in index["documents"]:
        totals[document["currency"]] += Decimal(document["amount"])
        for path in (file["path"] for file in document["files"] if file["path"].endswith(" CII.xml")):
            said = ElementTree.fromstring(archive.read(path)).find(f".//{RAM}GrandTotalAmount")
            if said is not None and abs(Decimal(said.text)) != abs(Decimal(document["amount"])):
                wrong.append(f"{path}: {said.text} is not {document['amount']}")
declared = {currency: Decimal(total) for currency, total in index["totals"].items()}
if declared != totals or len(index["documents"]) != index["documents_count"]:
    wrong.append("the totals of index.json")
print("\n".join(wrong) or f"{index['documents_count']} documents, all as they were: {dict(index['totals'])}")
sys.exit(bool(wrong))

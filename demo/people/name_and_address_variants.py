"""Variations in how issuers typed customer names and addresses: capitals, reversed names, long lines, a business.

People with a part in the demo's stories are typed correctly.
"""

from datetime import date
from typing import Final

from msgspec.structs import replace

from bill import Identifier, Party
from demo.check_digits import siren
from demo.issuer import ELECTRICITY, TELECOM, WATER
from demo.people.contract import Contract
from demo.seeded_random import random_by_name

#: The day by which the telecom has corrected most of its data.
_CLEANED: Final = date(2026, 8, 1)
_BUSINESSES: Final = ("Boulangerie", "Garage", "Pharmacie", "Restaurant")


def as_typed(contract: Contract, buyer: Party, issued: date) -> Party:
    """Return *buyer* as the issuer's files have it on the day of issue."""
    if contract.person.issuers is not None:
        return buyer
    draw = random_by_name(contract.number, "clerk").random()
    given, _, family = buyer.name.partition(" ")
    if contract.issuer is TELECOM and draw < (0.17 if issued < _CLEANED else 0.05):
        return replace(buyer, name=buyer.name.upper() if draw < 0.03 else f"{family.upper()} {given}")
    if contract.issuer is WATER and draw < 0.04:
        return replace(buyer, address=replace(buyer.address, line2="Résidence Les Terrasses du Bord de l’Océan"))
    if contract.issuer is ELECTRICITY and draw < 0.03:
        trade = _BUSINESSES[int(draw * 1_000) % len(_BUSINESSES)]
        number = siren(80_000_000 + int(contract.number) % 1_000_000)
        return replace(buyer, name=f"{trade} {family}", legal_id=Identifier(value=number, scheme="0002"))
    return buyer

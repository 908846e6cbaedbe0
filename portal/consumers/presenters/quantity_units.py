"""Names of units of quantity (UN/ECE Recommendation 20 codes) in the visitor's language."""

from collections.abc import Mapping
from typing import Final

NAMES: Final = {
    "KWH": "kWh", "MWH": "MWh", "KWT": "kW", "KVA": "kVA", "MTQ": "m³", "MTR": "m", "MTK": "m²", "LTR": "l",
    "KGM": "kg", "HUR": "h", "MIN": "min", "SEC": "s", "DAY": "j", "MON": "mois", "ANN": "an", "4L": "Mo", "E34": "Go",
    "C62": "", "EA": "", "H87": "", "1": "", "XPP": "", "ZZ": "",
}  # fmt: skip


def unit_name(code: str, own: Mapping[str, str]) -> str:
    """Returns the unit as the issuer writes it (*own*), else its usual name, else its code."""
    return own.get(code, NAMES.get(code, code))

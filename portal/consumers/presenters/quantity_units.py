"""Units of quantity as people write them (UN/ECE Recommendation 20)."""

from collections.abc import Mapping
from typing import Final

NAMES: Final = {
    "KWH": "kWh", "MWH": "MWh", "KWT": "kW", "KVA": "kVA", "MTQ": "m³", "MTR": "m", "MTK": "m²", "LTR": "l",
    "KGM": "kg", "HUR": "h", "MIN": "min", "SEC": "s", "DAY": "j", "MON": "mois", "ANN": "an", "4L": "Mo", "E34": "Go",
    "C62": "", "EA": "", "H87": "", "1": "", "XPP": "", "ZZ": "",
}  # fmt: skip


def unit_name(code: str, own: Mapping[str, str]) -> str:
    """The unit as the issuer writes it (*own*), else as everybody does, else its code."""
    return own.get(code, NAMES.get(code, code))

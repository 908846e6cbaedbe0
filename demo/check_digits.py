"""Identifiers with valid check digits: IBAN, SEPA creditor identifier, SIREN."""

#: A bank code that the Banque de France has not assigned.
BANK = "18999"


def french_iban(account: int, branch: int = 1) -> str:
    """Return a French IBAN with valid RIB key and check digits (ISO 13616)."""
    key = 97 - (89 * int(BANK) + 15 * branch + 3 * account) % 97
    bban = f"{BANK}{branch:05}{account:011}{key:02}"
    return f"FR{_mod_97(f'{bban}FR00'):02}{bban}"


def creditor_id(national: int) -> str:
    """Return a French SEPA creditor identifier (ICS). Its check digits leave the business code `ZZZ` out
    (EPC262-08)."""
    return f"FR{_mod_97(f'{national:06}FR00'):02}ZZZ{national:06}"


def siren(eight: int) -> str:
    """Return a SIREN: eight digits and their check digit (Luhn, ISO/IEC 7812-1)."""
    doubled = [int(sign) * (2 if place % 2 else 1) for place, sign in enumerate(f"{eight:08}")]
    return f"{eight:08}{-sum(digit // 10 + digit % 10 for digit in doubled) % 10}"


def _mod_97(text: str) -> int:
    """Return the ISO 7064 MOD 97-10 remainder; letters count from A = 10."""
    return 98 - int("".join(str(int(sign, 36)) for sign in text)) % 97

"""Bills keep their bytes in each language that they are printed in: words may move, be translated anew by another tool
or come from another table, and what was promised of an archived bill is still true of one made again.

Whoever changes how bills look counts `render.compiled_template.ENGINE` up and writes the new digests here.
"""

import hashlib
import io
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from bill import AllowanceCharge, Bill, Instalment, Overlay, Payment, VatBreakdown
from render.print.print_stream import PrintStream
from render.sample_bill import sample_bill
from tests.render.whole_bill import WHOLE, of
from tests.render.sample_bills import BRAND, IBAN, add, bill, costing, pdf_of, template
from words.printed_languages import PRINTED

FIRST = date(2026, 9, 1)

BILLS = {
    "a transfer": bill(),
    "a debit on the first of a month": bill(
        60, issue_date=FIRST, due_date=date(2026, 10, 1), payment=Payment(
            means_code="59", mandate="RUM-7", creditor_id="FR12ZZZ123456", debited_iban=IBAN,
        ),
    ),
    "a credit note": bill(type_code="381", preceding=WHOLE.preceding[:2]),
    "instalments": bill(2, instalments=tuple(Instalment(amount=Decimal(10), due=date(2026, m, 1)) for m in (8, 12))),
    "every term": WHOLE,
    "every means": bill(1, payments=tuple(Payment(means_code=code) for code in ("10", "20", "48", "44", "60", "97"))),
    "other words than rates": bill(
        1, vat=tuple(VatBreakdown(category=c, rate=Decimal(0), taxable=Decimal(1), vat=Decimal(0)) for c in "EKGO"),
        allowances_charges=(AllowanceCharge(amount=Decimal(2), reason_code="95", percent=Decimal("2.5")),),
        terms="#SKONTO#TAGE=14#PROZENT=2.00#\n#VERZUG#TAGE=30#PROZENT=9.00#",
    ),
    "units of one and of many": bill(1, lines=tuple(
        of(1, quantity=Decimal(n), unit="MON", id=n).lines[0] for n in ("1", "1.5", "-1", "0", "1234567.5")
    )),
    "a great negative sum": costing("-1234567.89", "GBP"),
}  # fmt: skip

PINNED = {
    "fr": {
        "a transfer": "53d4ff89932b921c240b4ef8118ebeda13cd1e29b72067cb4967c382fa96274b",
        "a debit on the first of a month": "e5e88abc80ebe1411ef071929a11e0babb314a89a89108b917cd93a1e0db529a",
        "a credit note": "c53a8d9a89cdfe63b134afdbb30312c5dd43336c8950104b1f71432ea264f85d",
        "instalments": "df7b7006f14c6863bbb9a9d115c68e85c4d6e85adef4aca2b410b366db2924c9",
        "every term": "2a093cbd6b44d192d8a6ed6ea6a2843725fd1eb9d99a4dbfc3bab4d029ce1ea8",
        "every means": "f303fcacd10e271b74f9d2fe4a0ff447e52c367ddadc35738a720d55bb08e3a8",
        "other words than rates": "f7f5d0c27849ab71f6c2f4e61840952c5b8506f4429c5594ad75da435f12da5d",
        "units of one and of many": "a1c56092b4e998210782663bedaabf5a5116a72c943b8885a7b128a97ab2d1c7",
        "a great negative sum": "cada79a964048dbd37cee3acc33025bd785ee83757c322a098785f80fdd458fe",
        "a sample": "fb736e1022fa57ca567c093ad2e61b768dc9003fb6b0642a5cf862109c92a603",
    },
    "en": {
        "a transfer": "1c11b6e3300ce1a7a6b812b315d707d228c5cb86078b03cd714d1d5e76320a76",
        "a debit on the first of a month": "e3d80c158b864ec65bf753b5969e0d33ef28aa962f3604c8750b3172154a6e63",
        "a credit note": "8f62a855d1bd44dc3f33d41e147a2214d669f845a256a5681b2862e68e5938d2",
        "instalments": "9acc50c734ec84af3f91e6e73f053300b1b5ade7ce89159d5f79d36cecfa2a84",
        "every term": "1c6fcbdbef9b4907353cf0c72d5f7f923ffacb904cc05c639b823604edd0f218",
        "every means": "7774ccbb84ced95109b7e0b04b4aa0f906325a41650a48e0e3e3ad3ed666f1b7",
        "other words than rates": "5f2b02a9667c5ff3ec506e41929678513c21f0e557fcae934266b98ac75c7ac9",
        "units of one and of many": "674edb229663b582e747a9a33c87a7f2c0ec5b452e9830e363c95d4c5d330389",
        "a great negative sum": "965447927bcf907d2da5bec7072a871b6ede00e0af8df5d8b51cdb512a5eb065",
        "a sample": "92f4c6309dcd5f1c47717c957aeb607eb01ae922f7d6c55087d1cd633c4173c1",
    },
    "de": {
        "a transfer": "1d7a408b867899e5f5a776f3076796023e92adcc1ba3de33d8edc57be6467db8",
        "a debit on the first of a month": "ae5fdd8559b9bbbb5b9185a094138c6dcd6d7ec1576ee4291467d0a0852c930f",
        "a credit note": "eb4de6f498d3e453b83ffa9229a21dad5f2c9879028da3120cc87337ada50584",
        "instalments": "0716d0e41ee6fa6005e90b9525dd87c0106ae31b1e0cdae6583065e4cf97bb36",
        "every term": "796103e7adcce6eeca9e833bd04d5cb290d7721178a8d012833cf16108deff17",
        "every means": "8a6f2234a693b1694b2208894f0b3f4dd71c9cc702551991beacfc383d4f6638",
        "other words than rates": "987523b9516e4acc6ffede00b22020e16cf72e5f295e13b1bcd9aa18d50fcb90",
        "units of one and of many": "8e19a9cacd81948eee88fe1fb9c2b4c09ed02c0216c68e3ab2edc9948f74e40c",
        "a great negative sum": "bfac3c1a44559c3ba62794101551d280751a8d6585151d0ba8049392557270b0",
        "a sample": "2cf51e1841097be8b9689b25a0ad63901a74b27dd6bb7db32ff9dd0e41a5a72d",
    },
    "nl": {
        "a transfer": "5cc16da8d171f138847f298b6dbefdac861c3d277467eeb3fc552836c5e45806",
        "a debit on the first of a month": "e5dd1f2b223b9700a04ea715c23dd3a576099dfe3f67fe8610fb93a51136fc9c",
        "a credit note": "ad47f6f7aba39405bf74afcf9a1dc0be1a69848ffaabd8db41cd8fa2c58b34d4",
        "instalments": "8ba97ab6c9b61ed492d8fa668a5b357e372ef2b5d9a94127d31c2c4389bab916",
        "every term": "d21a32bfa53b90ac34fbde40d72fe3ab35dacdd42f154046c10455b8f434cd1a",
        "every means": "dcba2c7ffc2be3f82818b4af987f1ac27dca4e8e5b0d11490d9307776858f757",
        "other words than rates": "cded469e44d33b573f7dd094762d48a825796d9ba62cd48c59bb51dfa1787680",
        "units of one and of many": "131fb7395644634ef905137bc338d2a2e48d1f404b9eea5e1f5d0c30b77b5ff1",
        "a great negative sum": "068962f9b5b1a2c3dfeb0a8ce48d350e5c3d995710c29b3a4a05de0a691228ab",
        "a sample": "b5954886aec5d1d2d097a839d790924bcba742a95e6936a3fe0ba1c147178736",
    },
    "es": {
        "a transfer": "2261288574e0e227a2f898e834abdc67fc92b275ec1783899c2ca20426d021e6",
        "a debit on the first of a month": "7806e03e54f89b91dee928a5e9e11079ce2efebe813528903b6f529e753a2521",
        "a credit note": "6ef4f0d91cb52814187956752bee28c82f4447fcdb3560ea488fddfc415d43af",
        "instalments": "5190957316b0cbc140c80afa4073ac14d3ae050e3bef3d9dcfbc2a0167f32e13",
        "every term": "3cef7524571d811ecf8a2c3887feff0a8ea8bd80f33b1634638c89ee0bd38bba",
        "every means": "431253c1008f634216f62e6efd39d278272884e1e63bd9d018edbfd2cf30da15",
        "other words than rates": "bcc2f0494f9cb86a4557e94a6978aa6a51205cf9ce326dcb996f15d71da1184b",
        "units of one and of many": "ea0a75cd51605f454f356071bd3737d8419aab2870e8c968a0a41b2deca4c57d",
        "a great negative sum": "58ff59a6159de6a9bb7aafce8a00c912ead811fa2cfed29cd27150dffc27999d",
        "a sample": "88a4cdbaf58ce92f8f5eb57afb6b70bb536ed56a01db181e9c23a19c78dbc30f",
    },
}


def digest(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()


@pytest.mark.parametrize("language", PRINTED)
def test_a_bill_has_the_bytes_that_it_had(language: str) -> None:
    brand = replace(BRAND, language=language, pay_url="https://lumiere.example/payer")
    made: dict[str, Bill] = BILLS | {"a sample": sample_bill(brand, FIRST)}
    assert {name: digest(pdf_of(each, brand)) for name, each in made.items()} == PINNED[language]


#: The print stream of a letter, a second copy of it and a carrier page, in all languages.
PRINT_STREAM = "1b8036d35eaeab5ff029e6da30494eff529ca724ded1688523d8a8a717eff967"


def test_a_letter_has_the_bytes_that_it_had() -> None:
    out = io.BytesIO()
    stream = PrintStream(out)
    whole = template()
    for language in PRINTED:
        for account, copy in (("C-1001", False), ("", True)):
            overlay = Overlay(
                address=("ALICE LEFEVRE", "35000 RENNES"), account=account, account_label="Contrat", copy=copy,
                claim_code="7Q2KD-M4XW9", claim_url="https://factures.example/c/7Q2KD-M4XW9", language=language,
                sender="Lumière de l’Ouest",
            )  # fmt: skip
            add(stream, whole.prefix, whole.suffix(bill()), overlay)
    stream.close()
    assert digest(out.getvalue()) == PRINT_STREAM

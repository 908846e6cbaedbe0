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
from tests.render.sample_bills import BRAND, IBAN, add, bill, costing, pdf_of, template
from tests.render.whole_bill import WHOLE, of
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
        "a transfer": "21b2fc7e6b43e9a5a65698e5a076e7f47f0ee0f51b4112f19fcd341427d0f41d",
        "a debit on the first of a month": "2a583f449b331ef47436490883cf75aa1f1380c2983ef93b6f40c43cb6b0a81e",
        "a credit note": "42f14e11f5fa9d44e34df0c91519a32423ae4d4a8766182575ce631a2a7850c5",
        "instalments": "45178c4798e1fdfe205ada218ce4fde75cbb26b6f14dc5c5d63c719021ce411c",
        "every term": "afff9498b618df82afbbce72032dc3da62374d83a08b80ea0639720ff4f8606f",
        "every means": "fa33c282a911faa89688b0a30031b26b5239bedceb0bfc830e55394fefd73798",
        "other words than rates": "49d3f3a912348d22255527ad141d45a33994cd847c7f6193ebfab61226692a13",
        "units of one and of many": "4e94b46f78a7e981687c10233dca174e8d9fc0c7ad19da6f18cdeb6f8e9ee908",
        "a great negative sum": "1a94c523d0227d7d5a93abe01cc2b221af39fe83038d63e93aed1be1f987a73c",
        "a sample": "2354f8b96e47e82bd58b519f0f62e331de7ab4d673777d003cca037b231e0b83",
    },
    "en": {
        "a transfer": "bdeff37aa59d2bec434b2fa4d85a61b9891062c5aad6e67df0053212e663e7eb",
        "a debit on the first of a month": "c4fc50f44966fbf792b5b72807e0d205576c4e9f1eea530e130f2cb74baf5e0b",
        "a credit note": "2405d6e9d89627a14d8b8408e00a61242c10e4023508be7a582d50c74db1f11a",
        "instalments": "38878ea6e4072de07a4e2615b279a9299465847b20bd55ef5b1b4d248659fdb6",
        "every term": "3e702cb8e2ac895e036d9c81a128eae3ea48ef184023fde9f8881702c454b0d8",
        "every means": "23f1199be84b5dd408d3bb1ea99b532bef74089b320469a4c1b86552db0346f7",
        "other words than rates": "de6b01252a78005dd1b0452bc1acf219fa534a48559f60a85efa0be2d2982231",
        "units of one and of many": "8c85d5a73bbe97a649af6025b3e258d98c9c14a91544a8e142261643636dfce4",
        "a great negative sum": "df52a6f11d9c6e1f3116c43b78abf37feb2317a9a3db90cf838a74163339f825",
        "a sample": "85b138b0a5bd35678cf2dd09e585e47047aedc6731056e266ea0e5de6b7713ab",
    },
    "de": {
        "a transfer": "452d6f541541dbe4b5e4fd86947c2eade21356641ae813d30c0d8757b7a97e84",
        "a debit on the first of a month": "6b5ba8ec4a2b0eb375ac883f90faa2a34441231187433b30deaeb21637027d4b",
        "a credit note": "838aac2d02157dff20333329077ac9a9a28b41f12d2336cdf063564356587a76",
        "instalments": "cf24d7cd13e15e86bd242d139893a2e06512ea1fc299c0112c5250cf3d3622e8",
        "every term": "13b5de7f7e91472ad73373536cd764f912f26005b368d495516bf24e5acd519f",
        "every means": "db5533eb03357bdc957635451519028a033ca2250e56e6ad14082f578acd1e8d",
        "other words than rates": "b2bcbdf23b333817d29237bd8b6439441b0e52ccec29b275c4a83fd1f4e48a84",
        "units of one and of many": "054ce0c27e6753764208bc224de3fb59bac86bf6c725c1c5ade9e4a65b5df0ba",
        "a great negative sum": "50fdceb0fa7f9d4ed1c142c0d58351d886a91dc95752a6da64edda8c59179b9a",
        "a sample": "98adc3fbe08b48e988b275e80cd05abbe50d8e0e9f17599deff0685b6003e2bb",
    },
    "nl": {
        "a transfer": "2b57e8e0a9bdc2f23a5caf3aab377ca736610130c80855f224e49bc6c67c1c7c",
        "a debit on the first of a month": "93b18178bf05541347ffda9d8cf7d68fd582bb966b7fd0bc813049a5f6caa476",
        "a credit note": "4c996151b01aea1f881767c0b3d727252169d331601d438c8cc753cf05eaa73e",
        "instalments": "d3ac8b114bcd2c5c7855bcb408817577c20f38e516c158ae6a82b17f3b07a09c",
        "every term": "adf6be2214c2263000c08f45a001600205c96f15a5983b514b6ac029075b0a24",
        "every means": "19fa7041d4463391dde5c420c52c160f5c927906d775ef6cd931aca3990e2a6f",
        "other words than rates": "0b65cabcb6c0ca8aa288d192e0a07d77cccdc76e7cf69686c7491dd6861cc152",
        "units of one and of many": "80f6f41ff1574457978907092edca41176a2e2031ca95e8bc3be587cc0fb716c",
        "a great negative sum": "0cf764a3ac58f67659c4ccfbb44e245741537a3b0bb2d87b8fc6dc865f1b9cc9",
        "a sample": "08fd12a67617ede8fdc917e746bba7da0781ef20aa9d1f356021ee10984fb8fc",
    },
    "es": {
        "a transfer": "1eb76f31fc59da2a44a3566fccd8a728df1dfdaf034dda25ce0da5a51068c79a",
        "a debit on the first of a month": "7c572c919ec435d6b7c8405f0d43b5903876d1eb60cb2a8a67c46081153c558e",
        "a credit note": "96326b15f37cc655f37d0e52ef2dc70bb37df6a4df72264604399600e73f80ee",
        "instalments": "9c6cd809790e1299cfa445ea8f53b53085fbbf4a7daa1bfa6c647ac79c269cd3",
        "every term": "05bcc2aaaac0dd50b9461daae464f688d8bf8a406339b5f47bfa0825448d4856",
        "every means": "eca230d9b15188f4772f74fb688e0637f9f351c4b8c707163b0fdd25f41ef418",
        "other words than rates": "669709d4da02bc39e51653aed8083ecbda62153779b272b5d1551dc394d31e9c",
        "units of one and of many": "cb54b0ac09c1a927027d7bf48746563aee70d4613868891aca0679117e2eeaeb",
        "a great negative sum": "032783b74dec62f7cc51defa1105993da5e9cb71d9193e755932618554524440",
        "a sample": "0c2071c282b1db093c5269436ed680a4a36fcd693e49eaf954e152629b1ca7b8",
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

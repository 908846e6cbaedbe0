"""The profile: what an issuer may say of itself, and what it is told when it says it wrongly."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bill import BY_OBJECT, GROUP, SECTIONS
from issuers.brand_settings import brand_settings_json
from issuers.profile import BrandTable, ProfileError, brand_of, read_logo, read_profile

WHOLE = """
trade = "electricity"
legal_ids = ["552081317"]
acceptance = "en16931"
pay_url = "https://payer.example/{account}?n={number}&m={amount}"

[delimited]
encoding = "cp1252"
header = false
columns = { number = 1, issue_date = 2, "buyer.name" = 3, payable = 4 }
constants = { currency = "EUR" }

[brand]
colour = "#aa3311"
typeface = "serif"
help_lines = ["09 69 32 15 15", "du lundi au samedi"]
units = { KWH = "kWh" }
sections = ["lines", "consumption"]
grouped_by = "BT-128"

[sender]
line1 = "22 avenue de Wagram"
postcode = "75008"
city = "PARIS"
legal_id = "552081317"

[policy]
remind_after_days = [3, 8]
"""


def png(width: int, height: int) -> bytes:
    drawn = BytesIO()
    Image.new("1", (width, height)).save(drawn, "PNG")
    return drawn.getvalue()


def test_a_whole_profile_is_read() -> None:
    profile = read_profile(WHOLE)
    assert profile.delimited is not None
    assert profile.delimited.columns["payable"] == 4
    assert profile.policy.remind_after_days == (3, 8)
    brand = brand_of(profile, "Énergie du Nord", None)
    assert (brand.name, brand.sender.name, brand.sender.address.city) == ("Énergie du Nord", "Énergie du Nord", "PARIS")
    assert (brand.sections, brand.grouped_by) == (("lines", "consumption"), BY_OBJECT)
    assert brand.sender.legal_id is not None
    assert (brand.sender.legal_id.value, brand.unit_names) == ("552081317", (("KWH", "kWh"),))
    assert brand.typeface == "serif"


def test_nothing_need_be_said() -> None:
    profile = read_profile("")
    assert (profile.acceptance, profile.tolerance, profile.delimited) == ("usable", "some", None)
    assert (profile.brand.sections, profile.brand.grouped_by) == (SECTIONS, GROUP)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("trade = ", ""),
        ('trade = "piracy"', "trade"),
        ("colour = 3", "top"),
        ('[brand]\ncolour = "red"', "brand.colour"),
        ("[brand]\ncolour = 3", "brand.colour"),
        ('[brand]\nsections = ["message"]', "brand.sections"),
        ('[brand]\nsections = ["lines", "lines"]', "brand.sections"),
        ('[brand]\nsections = ["lines", "adverts"]', "brand.sections[1]"),
        ('[brand]\ntypeface = "comic"', "brand.typeface"),
        ('pay_url = "javascript:alert(1)"', "pay_url"),
        ('acceptance = "everything"', "acceptance"),
        ("[policy]\nremind_after_days = [8, 3]", "policy.remind_after_days"),
        ("[policy]\nremind_after_days = [0]", "policy.remind_after_days"),
        ('[delimited]\ncolumns = {number = 1, issue_date = 2}', "delimited.columns.payable"),
        ('[delimited]\ncolumns = {number = 1, issue_date = 2, payable = 0}', "delimited.columns.payable"),
        ('[delimited]\nheader = false\ncolumns = {number = "No", issue_date = 2, payable = 3}',
         "delimited.columns.number"),
        ('[delimited]\ncolumns = {number = 1, issue_date = 2, payable = 3}\nencoding = "klingon"',
         "delimited.encoding"),
        ('[delimited]\ncolumns = {number = 1, issue_date = 2, payable = 3}\ndelimiter = ";;"',
         "delimited.delimiter"),
        ('[delimited]\ncolumns = {number = 1, issue_date = 2, payable = 3}\ndates = "\\ud800"', ""),
        ('[delimited]\ncolumns = {number = 1, issue_date = 2, payable = 3}\nquote = "\'\'"', "delimited.quote"),
        ('[delimited]\ncolumns = {number = 1, issue_date = 2, payable = 3}\nthousands = ","', "delimited.thousands"),
        ('[delimited]\ncolumns = {number=1, issue_date=2, payable=3}\ntrailer.tag = "T"\ntrailer.columns.count = [1,2]',
         "delimited.trailer.columns.count"),
        ("[records.kinds.1]\nrole = 'bill'\ncolumns = {}", "records.tag"),
        ("[records]\ntag = 1\n[records.kinds.1]\nrole = 'bill'\ncolumns = {}", "records.tag"),
        ("[records]\ntag = [1, 0]\n[records.kinds.1]\nrole = 'bill'\ncolumns = {}", "records.tag"),
        ("[records]\ntag = [1, 1]\n[records.kinds.1]\nrole = 'part'\ncolumns = {}", "records.kinds"),
        ("[records]\ntag = [1, 1]\n[records.kinds.1]\nrole = 'bill'\ncolumns = {}", "records.kinds.1.columns.number"),
        ("[records]\ntag = [1, 1]\n[records.kinds.1]\nrole = 'bill'\ncolumns = {number = [2, 3]}",
         "records.kinds.issue_date"),
        ("[records]\ntag = [1, 1]\n[records.kinds.1]\nrole = 'bill'\ncolumns = {number = 2}",
         "records.kinds.1.columns.number"),
        ("[records]\nlength = 9\ndelimiter = '|'\ntag = 1\nkinds = {}", "records.length"),
        ('[json]\ncolumns = { number = "No" }', "json.columns.issue_date"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(text: str, key: str) -> None:
    with pytest.raises(ProfileError) as error:
        read_profile(text)
    assert error.value.key == key
    assert len(str(error.value)) > len(f"profile, {key}: ")


def test_a_type_that_we_do_not_have_is_told_with_those_that_we_have() -> None:
    with pytest.raises(ProfileError, match="'comic' is no type of ours: choose one of sans, serif"):
        read_profile('[brand]\ntypeface = "comic"')
    with pytest.raises(ProfileError, match="choose one of sans, serif"):
        brand_settings_json({"typeface": "../serif"}, BrandTable())


def test_a_logo_lies_beside_its_profile(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(png(300, 100))
    assert read_logo(tmp_path, "logo.png") == png(300, 100)
    for name in ("../logo.png", "/etc/passwd", "nowhere.png"):
        with pytest.raises(ProfileError) as error:
            read_logo(tmp_path, name)
        assert error.value.key == "brand.logo"


GUIDE = (Path(__file__).parents[2] / "docs" / "issuers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL), ids=lambda text: text[:20])
def test_the_profiles_of_the_guide_work(text: str) -> None:
    read_profile(text)


@pytest.mark.parametrize("address", ["clients", "a,b@nord.example", "(a)b@nord.example", "é@nord.example", "a@x..y"])
def test_who_reads_answers_is_one_address(address: str) -> None:
    assert read_profile('[sender]\nemail = "aide@énergie.example"').sender.email == "aide@énergie.example"
    with pytest.raises(ProfileError, match="a person reads"):
        read_profile(f'[sender]\nemail = "{address}"')

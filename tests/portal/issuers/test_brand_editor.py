"""The brand page: what is typed or handed in and cannot be is told at its field, and leaves nothing behind."""

import re
from collections.abc import Callable
from importlib import import_module
from io import BytesIO

import msgspec
import pytest
from flask import Flask
from sqlalchemy import select

from bill import TYPEFACES, Reason
from issuers.brand_preview import PREVIEW, ask_for_preview, preview_request_in
from issuers.brand_settings import BrandSettings
from issuers.logo import MOST_BYTES
from issuers.profile import BrandTable
from portal.access.password_hash import hash_password
from portal.issuers.colour_contrast import colour_contrast_of
from store import Store
from store.db.process_identity import this_process
from store.issuer import Issuer
from store.job import Job, retry_job
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import LUMIERE, PASSWORD, World, furnish
from tests.render.sample_bills import draw_logo

pytestmark = pytest.mark.beside_any_database

PAGE = "/equipe/marque"
PARTS = {"section_1": "consumption", "section_2": "message", "section_3": "lines", "section_4": "notes"}
FORM = {
    "colour": "#7a1f3d", "language": "seller", "tagline": "Le courant passe", "message": "", "legal_text": "SA",
    "typeface": "sans", **PARTS,
}  # fmt: skip


@pytest.fixture
def mina(app: Flask, world: World, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """She works for Lumière, and is on its brand page. Nobody does the pipeline's jobs."""
    monkeypatch.setattr(import_module("portal.issuers.brand_editor"), "PATIENCE", 0)
    issuer_id = world.issuer("lumiere", "Lumière de l’Ouest", LUMIERE)
    with store.writing() as session:
        session.add(Staff(email="mina@exemple.fr", password_hash=hash_password(PASSWORD), issuer_id=issuer_id,
                          added_at=clock()))  # fmt: skip
    mine = Browser(app.test_client())
    mine.get("/equipe/connexion")
    mine.post("/equipe/connexion", email="mina@exemple.fr", password=PASSWORD)
    mine.get(PAGE)
    return mine


def asked(store: Store) -> list[Job]:
    with store.reading() as session:
        return list(session.scalars(select(Job).where(Job.kind == PREVIEW).order_by(Job.id)))


def file(content: bytes, name: str = "logo.png") -> tuple[BytesIO, str]:
    return BytesIO(content), name


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        pytest.param({"colour": "red"}, "colour", "Ce n’est pas une couleur.", id="a word"),
        pytest.param({"colour": "url(x"}, "colour", "Ce n’est pas une couleur.", id="a bent one"),
        pytest.param({"colour": "#ffff00"}, "colour", "Contraste sur le blanc 1,1", id="yellow"),
        pytest.param({"language": "xx"}, "language", "Choisissez dans la liste.", id="no language of ours"),
        pytest.param({"typeface": "comic"}, "typeface", "Choisissez dans la liste.", id="no type of ours"),
        pytest.param({"logo": file(b"<svg/>", "logo.svg")}, "logo", "Ce n’est pas une image PNG ou JPEG", id="an SVG"),
        pytest.param({"logo": file(b"", "logo.png")}, "logo", "Ce n’est pas une image PNG ou JPEG", id="an empty file"),
        pytest.param({"logo": file(draw_logo() + b"PK")}, "logo", "autre chose après l’image", id="a polyglot"),
        pytest.param({"logo": file(bytes(MOST_BYTES + 1))}, "logo", "plus de 1 Mo", id="too heavy"),
        pytest.param({"logo": file(bytes(5_000_000))}, "logo", "plus de 1 Mo", id="too heavy to be read at all"),
        pytest.param({"logo": file(draw_logo(3000, 2000))}, "logo", "trop de pixels", id="a poster"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    mina: Browser, store: Store, changes: dict[str, str | tuple[BytesIO, str]], field: str, words: str
) -> None:
    for each in changes.values():
        if isinstance(each, tuple):
            each[0].seek(0)
    answer = mina.post(PAGE, **(FORM | changes))
    assert answer.status_code in {413, 422}
    page = answer.text
    told = page[page.index(f'id="{field}-error"') :]
    assert words in told[: told.index("</p>")]
    at = page[page.index(f'id="{field}" name="{field}"') :]
    assert f'{field}-error"' in at[: at.index(">")]
    assert 'aria-invalid="true"' in at[: at.index(">")]
    assert "1 champ est à corriger" in page
    assert "À corriger · " in page
    assert asked(store) == []


def test_what_was_typed_stays_typed(mina: Browser) -> None:
    page = mina.post(PAGE, **(FORM | {"colour": "#ffff00", "tagline": "", "message": "Bonjour", "help_2": "3900"})).text
    assert 'value="#ffff00"' in page
    assert ">Bonjour</textarea>" in page
    assert 'name="help_2" value="3900"' in page
    assert "choisissez-le de nouveau" in page, "a browser does not send a file twice"


def test_what_is_not_touched_is_not_changed(mina: Browser, store: Store) -> None:
    """No-break spaces, more lines than we offer, longer words than a field holds: they come from a profile."""
    lines = ("3900", "8\u00a0h à 20\u00a0h", "x" * 70, "4", "5")
    profile = BrandTable(tagline="L’énergie\u00a0!", help_lines=lines, legal_text="a" * 2000)
    with store.writing() as session:
        session.scalars(select(Issuer)).one().voice = msgspec.json.encode(profile).decode()
    page = mina.get(PAGE).text
    fields = {"tagline": "L’énergie\u00a0!", "legal_text": "a" * 2000, "message": "", "language": "seller", **PARTS}
    fields["typeface"] = profile.typeface
    helping = {f"help_{n}": line for n, line in enumerate(profile.help_lines, 1)}
    assert all(f'name="{name}" value="{line}"' in page for name, line in helping.items())
    mina.post(PAGE, **fields, **helping, colour="#7a1f3d")
    (job,) = asked(store)
    assert preview_request_in(job).looks.differences(BrandSettings(profile, None)) == ("colour",)
    mina.post(PAGE, **fields, **(helping | {"help_3": ""}), colour="#7a1f3d", essai=str(job.id))
    assert preview_request_in(asked(store)[1]).voice.help_lines == ("3900", "8\u00a0h à 20\u00a0h", "4", "5")


def test_a_type_is_chosen_from_a_list_and_the_choice_is_kept(mina: Browser, store: Store) -> None:
    page = mina.post(PAGE, **(FORM | {"typeface": "serif"})).text
    assert preview_request_in(asked(store)[0]).voice.typeface == "serif"
    begin = page.index('<select id="typeface"')
    offered = re.findall(r'<option value="(\w+)"( selected)?>', page[begin : page.index("</select>", begin)])
    assert offered == [(each, " selected" if each == "serif" else "") for each in TYPEFACES]


def test_the_parts_of_a_page_are_put_in_order_or_left_out(mina: Browser, store: Store) -> None:
    page = mina.post(PAGE, **(FORM | {"section_1": "lines", "section_2": "", "section_3": "message"})).text
    assert preview_request_in(asked(store)[0]).voice.sections == ("lines", "message", "notes")
    assert [part in page for part in ("Détail et totaux</option>", "Conditions et notes")] == [True, True]
    last = page[page.index('id="section_4"') :]
    assert '<option value="" selected>' in last[: last.index("</select>")], "what is left out leaves no gap"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"section_3": ""}, "donnez une place au détail"),
        ({"section_1": "lines"}, "Chaque partie n’a qu’une place."),
        ({"section_1": "adverts"}, "Choisissez dans la liste."),
    ],
)
def test_a_page_that_cannot_be_is_told_at_its_parts(
    mina: Browser, store: Store, changes: dict[str, str], words: str
) -> None:
    page = mina.post(PAGE, **(FORM | changes))
    assert page.status_code == 422
    told = page.text[page.text.index('id="sections-error"') :]
    assert words in told[: told.index("</p>")]
    assert asked(store) == []


def test_it_is_told_in_english_too(mina: Browser) -> None:
    mina.post("/langue", language="en", suite=PAGE)
    page = mina.post(PAGE, **FORM, logo=file(b"GIF89a")).text
    assert "This is no PNG or JPEG picture that can be opened. Export it again." in page
    assert "1 field needs mending, below." in page


def test_a_mark_is_kept_as_pixels_whatever_its_file_says(mina: Browser, store: Store) -> None:
    mina.post(PAGE, **FORM, logo=file(draw_logo(1200, 300, "JPEG"), "../../<script>.php"))
    (job,) = asked(store)
    logo = preview_request_in(job).logo
    assert logo is not None
    assert logo.startswith(b"\x89PNG")
    assert "script" not in repr(job.particulars)
    answer = mina.get(f"{PAGE}/{job.id}/logo.png")
    assert (answer.data, answer.mimetype) == (logo, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_small_mark_is_taken_and_its_blur_foretold(mina: Browser) -> None:
    assert "il paraîtra flou" not in mina.post(PAGE, **FORM, logo=file(draw_logo(500, 150))).text
    assert "il paraîtra flou" in mina.post(PAGE, **FORM, logo=file(draw_logo(100, 30))).text


@pytest.mark.parametrize("token", [{}, {"csrf_token": "invented"}])
def test_a_forged_form_changes_nothing(mina: Browser, store: Store, token: dict[str, str]) -> None:
    for path in (PAGE, f"{PAGE}/1/adopter"):
        answer = mina.client.post(path, data=FORM | token | {"logo": file(draw_logo())})
        assert answer.status_code == 400
    assert asked(store) == []


def test_only_members_are_let_in_however_large_what_they_send(
    app: Flask, world: World, store: Store, browser: Callable[[], Browser]
) -> None:
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    assert "/equipe/connexion" in alice.post(PAGE, **FORM, logo=file(bytes(5_000_000))).request.path
    assert asked(store) == []


def test_a_form_may_begin_again_with_the_bills_as_they_are(mina: Browser, store: Store) -> None:
    page = mina.post(PAGE, **FORM, logo=file(draw_logo())).text
    assert 'value="#7a1f3d"' in page
    assert 'name="essai"' in page
    page = mina.get(f"{PAGE}?neuf=1").text
    assert 'value="#b3541e"' in page
    assert 'name="essai"' not in page
    assert 'name="no_logo"' not in page
    page = mina.post(PAGE, **(FORM | {"colour": "#ffffff"})).text
    assert 'name="essai"' not in page, "nor does it end with the trial when something is wrong"
    mina.post(PAGE, **FORM)
    assert [preview_request_in(job).logo is None for job in asked(store)] == [False, True]


def test_a_trial_that_the_road_gave_up_is_not_awaited_for_ever(mina: Browser, store: Store, clock: Clock) -> None:
    with store.writing() as session:
        issuer = session.scalars(select(Issuer)).one()
        job = ask_for_preview(session, issuer, BrandSettings(BrandTable(), None), "mina@exemple.fr", clock())
        job.attempts, job.lease_owner = 99, this_process()
        session.flush()
        retry_job(session, job, clock(), Reason.of("job_failed", error="the disk is full"))
    page = mina.get(PAGE).text
    assert "L’aperçu n’a pas abouti" in page
    assert "L’aperçu se prépare" not in page


@pytest.mark.parametrize(
    ("colour", "tone"),
    [
        ("#1f4e5a", "good"),
        ("#767676", "good"),
        ("#949494", "ask"),
        ("#959595", "bad"),
        ("#ffffff", "bad"),
        ("red", None),
    ],
)
def test_how_a_colour_reads_is_said_in_words(app: Flask, colour: str, tone: str | None) -> None:
    with app.test_request_context():
        legible = colour_contrast_of(colour)
    assert (legible.tone if legible else None) == tone


def test_an_adopted_mark_stands_where_consumers_see_their_bills(
    world: World, store: Store, browser: Callable[[], Browser], clock: Clock
) -> None:
    ids = furnish(world)
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin", holds={ids["lumiere"]: "C-1001"}))
    home = alice.get("/").text
    link = home[home.index('href="/factures/') + 6 :].partition('"')[0]
    assert 'class="logo"' not in alice.get(link).text
    with store.writing() as session:
        issuer = session.get_one(Issuer, ids["lumiere"])
        issuer.logo, issuer.changed_at = draw_logo(), clock.forward(minutes=1)
    page = alice.get(link).text
    source = page[page.index('class="logo" src="') + 18 :].partition('"')[0]
    assert source.startswith("/emetteurs/lumiere/logo?v=")
    assert alice.client.get(source).data == draw_logo()
    clock.forward(minutes=1)
    with store.writing() as session:
        session.get_one(Issuer, ids["lumiere"]).changed_at = clock()
    assert source not in alice.get(link).text, "a browser that kept the mark before asks again"

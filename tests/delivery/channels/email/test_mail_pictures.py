"""The pictures of docs/mails.md are those of the mails that `make mail-pictures` draws, and are small."""

from tests.mail_pictures import FOLDER, html_of, mails


def test_each_mail_has_its_picture_and_stands_in_the_document() -> None:
    pictures = {path.stem: path for path in FOLDER.glob("*.png")}
    document = (FOLDER.parents[1] / "mails.md").read_text(encoding="utf-8")
    assert set(pictures) == set(mails())
    assert [name for name in pictures if f"pictures/mails/{name}.png" not in document] == []
    assert max(path.stat().st_size for path in pictures.values()) < 80_000


def test_the_button_of_each_leads_somewhere() -> None:
    for words in mails().values():
        assert html_of(words()).count('class="button" href="https://factures.example/') == 1

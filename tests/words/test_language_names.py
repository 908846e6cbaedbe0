"""A language is called as its speakers do, or as its reader does; never by its code."""

from words.language_names import language_name, own_name


def test_a_language_is_named() -> None:
    assert own_name("fr") == "Français"
    assert (language_name("fr", "fr"), language_name("nl", "en")) == ("français", "Dutch")
    assert language_name("zz", "fr") == "zz", "a language that CLDR does not know"

"""Whether two names, or two addresses, may be one customer's: nobody is asked for what is only written otherwise, and
no stranger is taken for somebody known."""

import pytest

from bill import MatchResult, PostalAddress, compare_addresses, compare_names

SAME, CLOSE, OTHER = MatchResult.SAME, MatchResult.CLOSE, MatchResult.OTHER


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Alice Martin", "MARTIN ALICE", SAME),
        ("Alice Martin", "Mme Alice MARTIN", SAME),
        ("Jean-Pierre Dupont", "Jean Pierre DUPONT", SAME),
        ("Zoé Œuvrard", "Zoe Oeuvrard", SAME),
        ("Hans Müller", "Hans Mueller", SAME),
        ("Łukasz Nowak", "Lukasz Nowak", SAME),
        ("Иван Петров", "Ivan Petrov", SAME),
        ("Charles de Gaulle", "CHARLES GAULLE", SAME),
        ("SARL Boulangerie Martin", "Boulangerie Martin", SAME),
        ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos", CLOSE),
        ("Alice Martin", "A. Martin", CLOSE),
        ("Jean-Pierre Durand", "J.P. Durand", CLOSE),
        ("Alice et Marc Martin", "Alice Martin", CLOSE),
        ("Alice et Marc Martin", "Marc Martin", CLOSE),
        ("M. et Mme Paul Martin", "Alice Martin", CLOSE),
        ("Alice Martin", "Alice Martin-Leroy", CLOSE),
        ("Alice Leroy née Martin", "Alice Martin", CLOSE),
        ("Alice Martin", "Succession de Mme Alice Martin", SAME),
        ("Alice Martin", "Ailce Martin", CLOSE),
        ("Alice Martin", "Alice Martn", CLOSE),
        ("Martin", "Alice Martin", CLOSE),
        ("", "Alice Martin", CLOSE),
        ("Électricité de France", "EDF", CLOSE),
        ("Société des eaux de Marseil", "Société des eaux de Marseille", CLOSE),
        ("Søren Ågård", "Soeren Aagaard", SAME),
        ("Alice Martin", "Bruno Leroy", OTHER),
        ("Jean-Pierre Martin", "Jean-Pierre Durand", OTHER),  # one first name of two words
        ("Anne Marie Le Goff", "Anne Marie Le Gall", OTHER),
        ("Nguyen Thi Lan", "Nguyen Thi Hoa", OTHER),
        ("Alice Martin Leroy", "Bruno Martin Leroy", OTHER),
        ("Syndicat des copropriétaires 12 rue des Lilas", "Syndicat des copropriétaires 14 rue des Lilas", OTHER),
        ("Alice Martin", "Bruno Martin", OTHER),
        ("Alice Martin", "Alice Leroy", OTHER),  # who has married, the issuer can say
        ("Louis Martin", "Louise Martin", OTHER),
        ("François Petit", "Françoise Petit", OTHER),
        ("Alice Martin", "Alice Martinez", OTHER),
        ("Alexandre Martin", "Alexandre Martinez", OTHER),
        ("M. et Mme Paul Martin", "Alice Leroy", OTHER),
        ("Alice et Marc Martin", "Bruno Leroy", OTHER),
        ("Boulangerie Martin", "Garage Martin", OTHER),
        ("Mairie de Nantes", "Mairie de Lyon", OTHER),
        ("SARL Dupont", "SARL Durand", OTHER),
        ("Syndicat des copropriétaires Résidence les Lilas", "Syndicat des copropriétaires Résidence les Roses", OTHER),
    ],
)
def test_names(one: str, other: str, likeness: MatchResult) -> None:
    assert compare_names(one, other) is likeness
    assert compare_names(other, one) is likeness


def at(line1: str = "4 rue des Lilas", postcode: str = "44000", city: str = "Nantes", line2: str = "") -> PostalAddress:
    return PostalAddress(line1=line1, line2=line2, postcode=postcode, city=city, country="FR")


LILAS = at()


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        (LILAS, at("4, RUE DES LILAS", city="NANTES"), SAME),
        (LILAS, at("4 r. des Lilas"), SAME),
        (LILAS, at(postcode="F-44000"), SAME),
        (LILAS, at(postcode="44 000"), SAME),
        (at("12 av. du Gal de Gaulle"), at("12 avenue du Général de Gaulle"), SAME),
        (at("4 bis rue St-Pierre"), at("4B rue Saint Pierre"), SAME),
        (at("", line2="4 rue des Lilas"), LILAS, SAME),
        (LILAS, at(line2="Bât B apt 12"), CLOSE),
        (at("Bât B apt 12", line2="4 rue des Lilas"), LILAS, CLOSE),
        (at("4 bis rue des Lilas"), LILAS, CLOSE),
        (LILAS, at("Rue des Lilas"), CLOSE),
        (LILAS, at(postcode="44901", city="NANTES CEDEX 9"), CLOSE),
        (LILAS, at(postcode="44200"), CLOSE),
        (LILAS, at(postcode=""), CLOSE),
        (LILAS, at("4 rue des Lilas", postcode="", city="", line2="44000 Nantes"), SAME),
        (LILAS, at(""), CLOSE),
        (LILAS, PostalAddress(), CLOSE),
        (LILAS, PostalAddress(country="FR"), CLOSE),
        (at(postcode="75012", city="Paris"), at(postcode="75012", city="PARIS 12"), SAME),
        (at("Hauptstraße 5", "10115", "Berlin"), at("Hauptstr. 5", "10115", "Berlin"), SAME),
        (at("12 rue du 8 mai 1945"), at("12, r. du 8-mai-1945"), SAME),
        (at("1-3 rue des Lilas"), at("3 rue des Lilas"), CLOSE),
        (LILAS, at("17 quai de la Fosse", "69002", "Lyon"), OTHER),
        (at("12 rue du 8 mai 1945"), at("8 rue du 8 mai 1945"), OTHER),
        (at("3 rue du 11 novembre"), at("11 rue du 11 novembre"), OTHER),
        (at("1 rue de l'Église", "44110", "Erbray"), at("1 rue de l'Église", "44520", "Issé"), OTHER),
        (at("1 rue de la Gare", "01000", "Bourg"), at("1 rue de la Gare", "10000", "Troyes"), OTHER),
        (at(line2="Bât A"), at(line2="Bâtiment B"), OTHER),
        (at(line2="esc. 1"), at(line2="Escalier 2"), OTHER),
        (at("4 rue des Lilas étage 2"), at("4 rue des Lilas étage 5"), OTHER),
        (LILAS, at("12 rue des Lilas"), OTHER),
        (LILAS, at("7 rue des Roses"), OTHER),
        (LILAS, at(postcode="69002", city="Lyon"), OTHER),
        (at("4 rue Jean Jaurès"), at("4 rue Jean Moulin"), OTHER),
        (at("Le Bourg", "35380", "Plélan"), at("La Rivière", "35380", "Plélan"), OTHER),
        (at(line2="Apt 12"), at(line2="Appartement 30"), OTHER),
        (at("BP 12"), at("BP 40"), OTHER),
        (at(postcode=""), at(postcode="", city="Lyon"), OTHER),
    ],
)
def test_addresses(one: PostalAddress, other: PostalAddress, likeness: MatchResult) -> None:
    assert compare_addresses(one, other) is likeness
    assert compare_addresses(other, one) is likeness


@pytest.mark.parametrize("name", ["王小明", "🙂", "…", "1234", "M.", "SARL", "et", "\x00", "A" * 5000])
def test_no_name_is_too_strange(name: str) -> None:
    assert compare_names(name, name) is not OTHER
    compare_names(name, "Alice Martin")
    strange = PostalAddress(line1=name, city=name, postcode=name)
    assert compare_addresses(strange, strange) is not OTHER
    compare_addresses(strange, LILAS)

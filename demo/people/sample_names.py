"""Common French names, streets and towns for generated people. No combination is meant for a real person."""

from typing import Final

_GIVEN: Final = (
    "Alice Bob Charlie Camille Louis Emma Hugo Jeanne Lucas Manon Nathan Chloé Théo Léa Jules Inès Gabriel Sarah "
    "Arthur Zoé Paul Margaux Maël Anaïs Simon Lucie Antoine Mathilde Yann Gwenaëlle Erwan Solène Ronan Nolwenn Loïc "
    "Maëlle Denis Sylvie Alain Martine Gérard Monique Bernard Françoise Michel Nicole Daniel Catherine Philippe "
    "Isabelle Stéphane Nathalie Laurent Valérie Karim Fatima Mehdi Samira Joaquim Maria Tuan Linh Ousmane Aminata "
    "Aurélie Julien Céline Nicolas Émilie Sébastien Hélène Frédéric Élodie Guillaume Noémie Baptiste Agathe Clément "
    "Rose Adrien Océane Victor Juliette Tristan Clémence Benoît Elsa Olivier Marion Thierry Brigitte Yves Odile"
)
_FAMILY: Final = (
    "Martin;Bernard;Thomas;Petit;Robert;Richard;Durand;Dubois;Moreau;Laurent;Simon;Michel;Lefebvre;Leroy;Roux;David;"
    "Bertrand;Morel;Fournier;Girard;Bonnet;Dupont;Lambert;Fontaine;Rousseau;Vincent;Muller;Lefèvre;Faure;André;Mercier;"
    "Blanc;Guérin;Boyer;Garnier;Chevalier;François;Legrand;Gauthier;Garcia;Perrin;Robin;Clément;Morin;Nicolas;Henry;"
    "Roussel;Mathieu;Gautier;Masson;Marchand;Duval;Denis;Dumont;Marie;Lemaire;Noël;Meyer;Dufour;Meunier;Brun;Blanchard;"
    "Giraud;Joly;Rivière;Lucas;Brunet;Gaillard;Barbier;Arnaud;Martinez;Renard;Le Goff;Le Gall;Riou;Kerboul;Tanguy;"
    "Cariou;Le Roux;Prigent;Quéméner;Guillou;Pichon;Benali;Diallo;Nguyen;Da Silva;Haddad;Traoré;Ferreira;Moulin;Hervé"
)
_STREETS: Final = (
    "rue de la République;rue Victor Hugo;rue des Lilas;rue du Général de Gaulle;avenue Jean Jaurès;rue Pasteur;"
    "rue de l’Église;place de la Mairie;rue du Moulin;rue des Écoles;boulevard de la Liberté;rue Jules Ferry;"
    "rue de Bretagne;quai des Tanneurs;rue du Port;allée des Tilleuls;impasse des Acacias;chemin des Vignes;"
    "rue Émile Zola;rue de la Gare;rue Saint-Michel;rue des Hortensias;rue de Verdun;rue du Stade;avenue de l’Océan;"
    "rue Anne de Bretagne;rue Marie Curie;square du Vieux Pont;rue de la Fontaine;rue des Capucins;rue Molière;"
    "rue des Carmes;venelle du Four;rue du Château;route de Vannes;rue George Sand;rue Voltaire;rue du Calvaire;"
    "allée des Pins;rue Simone Veil;rue des Marins;rue Surcouf;rue de Paris;rue de l’Abbaye;rue Louise Michel"
)
_TOWNS: Final = (
    "44000 Nantes;44100 Nantes;44300 Nantes;44600 Saint-Nazaire;44800 Saint-Herblain;44400 Rezé;"
    "44500 La Baule-Escoublac;44210 Pornic;44190 Clisson;44700 Orvault;35000 Rennes;35200 Rennes;"
    "35700 Rennes;35400 Saint-Malo;35300 Fougères;35500 Vitré;35600 Redon;35510 Cesson-Sévigné;29200 Brest;"
    "29000 Quimper;29600 Morlaix;29100 Douarnenez;29900 Concarneau;29300 Quimperlé;29680 Roscoff;"
    "56000 Vannes;56100 Lorient;56400 Auray;56300 Pontivy;56170 Quiberon;22000 Saint-Brieuc;22300 Lannion;"
    "22100 Dinan;22500 Paimpol;49000 Angers;49100 Angers;49300 Cholet;49400 Saumur;72000 Le Mans;"
    "72200 La Flèche;53000 Laval;53100 Mayenne;85000 La Roche-sur-Yon;85100 Les Sables-d’Olonne;"
    "85200 Fontenay-le-Comte;50100 Cherbourg-en-Cotentin;50400 Granville;14000 Caen"
)
GIVEN: Final = tuple(_GIVEN.split())
FAMILY: Final = tuple(_FAMILY.split(";"))
STREETS: Final = tuple(_STREETS.split(";"))
#: Postcode and name.
TOWNS: Final = tuple((town[:5], town[6:]) for town in _TOWNS.split(";"))

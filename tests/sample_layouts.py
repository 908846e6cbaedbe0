"""Bills of Eaux du Lac in formats of its own: one small file for each syntax that a layout describes."""

from typing import Final

TABLE: Final = (
    "N° Facture;Date;Échéance;N° client;Nom;Adresse;CP;Ville;Courriel;Libellé;Qté;Montant HT;TVA;Net à payer;IBAN\n"
    "F-1;22/11/2026;12/12/2026;C7;Alice Martin;1 rue du Lac;35000;Rennes;alice@exemple.fr;Eau;12,5;1 084,20;5,5;"
    "1 164,93;FR7630006000011234567890189\n"
    "F-1;22/11/2026;12/12/2026;C7;Alice Martin;1 rue du Lac;35000;Rennes;alice@exemple.fr;Abonnement;1;20,00;5,5;"
    "1 164,93;FR7630006000011234567890189\n"
    "F-2;22/11/2026;12/12/2026;C8;Bob Durand;2 rue du Lac;35200;Rennes;;Eau;3;30,00;5,5;31,65;"
    "FR7630006000011234567890189\n"
).encode("cp1252")

FIXED: Final = """E20261122LUMIERE
F0000001 20261122Zoé Martin      1 rue du Lac    35000Rennes    0000108420
L0000001 Eau             000012500000084200
L0000001 Abonnement      000001000000024220
F0000002 20261122Bob Durand      2 rue du Lac    35200Nantes    0000003000
L0000002 Eau             000003000000003000
T0000002
""".encode("cp1252")

JSON: Final = (
    b'{"control": {"count": 1}, "factures": [{"numero": "F1", "dateEmission": "2026-11-22", "netAPayer": 12.5,'
    b' "client": {"nom": "Alice", "codePostal": "35000"}, "lignes": [{"libelle": "Eau", "montantHT": 11.5}],'
    b' "tva": [{"taux": 5.5, "montant": 1}]}]}'
)

XML: Final = b"""<lot><entete><x>1</x></entete>
<facture numero="F1"><date>2026-11-22</date><client><nom>Alice</nom><cp>35000</cp></client>
<aPayer devise="EUR">12.00</aPayer><lignes><ligne><libelle>Eau</libelle><montantHT>10</montantHT></ligne>
<ligne><libelle>Abonnement</libelle><montantHT>2</montantHT></ligne></lignes></facture>
<facture numero="F2"><date>2026-11-22</date><client><nom>Bob</nom><cp>35000</cp></client>
<aPayer devise="EUR">10.00</aPayer><lignes><ligne><libelle>Eau</libelle><montantHT>10</montantHT></ligne></lignes>
</facture></lot>"""

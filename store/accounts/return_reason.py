"""Why the post brings a letter back, as codes.

The French post's label for mail that cannot be delivered (PND, *pli non distribuable*) has four reasons: `unknown`
(destinataire inconnu à l'adresse, of old NPAI), `insufficient` (défaut d'accès ou d'adressage), `refused` (pli refusé
par le destinataire) and `unclaimed` (pli avisé et non réclamé). Print houses and people tell more: `moved`, `deceased`,
and `other` for what they do not say.
"""

from typing import Final, Literal, get_args

from bill.matching.word_similarity import fold_words

ReturnReason = Literal["unknown", "moved", "insufficient", "refused", "unclaimed", "deceased", "other"]
RETURN_REASONS: Final[tuple[ReturnReason, ...]] = get_args(ReturnReason)
#: Reasons by which a letter to the same address would come back again. Who refused a letter, or did not fetch it, lives
#: there.
WRONG_ADDRESS: Final[frozenset[ReturnReason]] = frozenset({"unknown", "moved", "insufficient", "deceased", "other"})

#: What print houses and people write, as folded words that are in it, and the code; the first that fits counts.
_WRITTEN: Final[tuple[tuple[str, ReturnReason], ...]] = (
    ("decede", "deceased"), ("deces", "deceased"), ("deceased", "deceased"), ("died", "deceased"),
    ("refuse", "refused"), ("refused", "refused"),
    ("non reclame", "unclaimed"), ("unclaimed", "unclaimed"),
    ("defaut d acces", "insufficient"), ("adressage", "insufficient"), ("insuffisante", "insufficient"),
    ("incomplete", "insufficient"), ("insufficient", "insufficient"), ("boite", "insufficient"),
    ("parti", "moved"), ("demenage", "moved"), ("n habite plus", "moved"), ("moved", "moved"), ("gone away", "moved"),
    ("npai", "unknown"), ("n habite pas", "unknown"), ("inconnu", "unknown"), ("inconnue", "unknown"),
    ("unknown", "unknown"),
)  # fmt: skip


def return_reason_of(text: str) -> ReturnReason | None:
    """The code of a reason as it is written: a code, or the post's words in French or English. "" is `other`; None for
    what nobody knows."""
    words = " ".join(fold_words(text))
    if not words or words in {"other", "autre", "pnd"}:
        return "other"
    return next((code for written, code in _WRITTEN if f" {written} " in f" {words} "), None)

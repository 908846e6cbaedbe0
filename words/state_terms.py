"""The states of docs/architecture.md, and outcomes and severities, as the command line says them: one word each.

French agrees with what is in the state, which the English words do not say; so the French ones are the keys.
"""

from typing import Final

from words.catalogue import N_

FEED: Final = {
    "received": N_("reçu"),
    "reading": N_("en lecture"),
    "released": N_("libéré"),
    "settled": N_("soldé"),
    "held": N_("retenu"),
    "rejected": N_("rejeté"),
}
BILL: Final = {
    "released": N_("libérée"),
    "rendered": N_("composée"),
    "chosen": N_("acheminée"),
    "failed": N_("en échec"),
    "recalled": N_("rappelée"),
    "superseded": N_("remplacée"),
    "erased": N_("effacée"),
}
DELIVERY: Final = {
    "waiting": N_("en attente"),
    "ready": N_("prête"),
    "attempting": N_("tentée"),
    "in_doubt": N_("incertaine"),
    "sent": N_("envoyée"),
    "delivered": N_("remise"),
    "failed": N_("en échec"),
    "cancelled": N_("abandonnée"),
}
BATCH: Final = {
    "open": N_("ouvert"),
    "closed": N_("fermé"),
    "handed_over": N_("remis"),
    "acknowledged": N_("reçu par l’imprimeur"),
    "disputed": N_("contesté par l’imprimeur"),
}
OUTCOME: Final = {
    "bill": N_("facture"),
    "duplicate": N_("doublon"),
    "conflict": N_("conflit"),
    "rejected": N_("rejetée"),
    "waiting_parent": N_("en attente de son original"),
    "waiting": N_("en attente"),
    "absent": N_("absente"),
}
SEVERITY: Final = {"fatal": N_("fatal"), "warning": N_("avertissement")}

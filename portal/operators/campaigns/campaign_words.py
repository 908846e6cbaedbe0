"""How campaigns and their invitations are said on pages: states with their tone, segments, steps."""

from collections.abc import Iterator, Mapping
from typing import Final

from adoption.campaigns.wordings import InvitationWording
from portal.translation import language, say
from store.campaigns.campaign import ON_PAPER, CampaignSegment, CampaignState, Lever
from store.campaigns.campaign_invitation import InvitationState
from words.catalogue import N_
from words.invitation_lines import invitation_line
from words.reason_sentences import REASONS

#: By state: its name, and the tone of its chip.
STATES: Final[Mapping[CampaignState, tuple[str, str]]] = {
    "draft": (N_("brouillon"), "plain"), "submitted": (N_("à approuver"), "ask"), "approved": (N_("approuvée"), "good"),
    "refused": (N_("refusée"), "bad"), "running": (N_("en cours"), "ours"), "stopped": (N_("arrêtée"), "bad"),
    "ended": (N_("terminée"), "plain"),
}  # fmt: skip
INVITATIONS: Final[Mapping[InvitationState, tuple[str, str]]] = {
    "planned": (N_("prévue"), "plain"), "sending": (N_("en train de partir"), "plain"), "sent": (N_("partie"), "good"),
    "in_doubt": (N_("peut-être partie"), "ask"), "failed": (N_("revenue"), "bad"),
    "cancelled": (N_("annulée"), "plain"), "held_out": (N_("témoin, pas invité"), "plain"),
    "left_out": (N_("écarté"), "plain"),
}  # fmt: skip
#: States of an account that can be invited, in words.
ACCOUNT_STATES: Final[Mapping[str, str]] = {
    "PAPER": N_("sur papier, suivi par personne"), "INVITED": N_("invité, pas encore venu"),
    "CLAIM_STARTED": N_("quelqu’un a commencé à l’ajouter"), "LINKED_DUAL": N_("suivi en ligne et sur papier"),
}  # fmt: skip
CHANNELS: Final[Mapping[str, str]] = {
    "": N_("peu importe"), "email": N_("une adresse de courriel"), "phone": N_("un téléphone mobile")
}  # fmt: skip


def segment_lines(segment: CampaignSegment) -> Iterator[str]:
    """The conditions of a segment, one a line; nothing for all accounts."""
    if segment.states:
        yield ", ".join(say(ACCOUNT_STATES[each]) for each in segment.states)
    if segment.departments:
        yield say("départements {departments}", departments=", ".join(segment.departments))
    if segment.channel:
        yield say("dont on connaît {contact}", contact=say(CHANNELS[segment.channel]))
    if segment.tenure_months:
        yield say("client depuis {n} mois au moins|client depuis {n} mois au moins", n=segment.tenure_months)


def shown_words(lever: Lever, wording: InvitationWording, issuer: str) -> str:
    """What people read of a wording by this lever: a letter has its printed line; "" for the legal notice, whose words
    are the law's."""
    if lever in ON_PAPER:
        return invitation_line(wording.version, language())
    said = wording.sms if lever == "sms" else wording.mail
    return say(said, issuer=issuer) if said else ""


def left_out_words(code: str) -> str:
    """Why accounts were left out, without the day or name that each has of its own."""
    return say(_LEFT_OUT.get(code, REASONS.get(code, code)))


_LEFT_OUT: Final = {
    "invitation_cap": N_("leur foyer a été invité il y a peu"),
    "paper_chosen": N_("le papier a été choisi il y a moins de douze mois"),
    "contract_over": N_("le contrat a pris fin"),
    "address_unknown": N_("le courrier ne leur parvient pas"),
}

"""Writes the mail and the SMS of an invitation. It names the issuer, opens nothing by itself, and says how to get no
more: a mail by RFC 8058 too."""

from typing import Final, NamedTuple

from adoption.campaigns.household_contact import HouseholdContact
from adoption.campaigns.wordings import InvitationWording
from consumers.paperless_consent import Wording
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.issuer_mark import issuer_mark
from delivery.channels.sms.gsm_alphabet import transliterate
from store.accounts.one_time_email_link import campaign_link, campaign_stop_link
from store.campaigns.campaign import Lever
from store.issuer import Issuer
from store.vault.key_ring import KeyRing
from words.catalogue import known_language, say

#: Where the pages of an invitation are.
PAGE: Final = "/invitation"
STOP_PAGE: Final = "/invitation/arreter"


class InvitationLinks(NamedTuple):
    """The addresses of an invitation's page, and of the one that stops them."""

    page: str
    stop: str


def invitation_links(keys: KeyRing, public_url: str, invitation_id: int) -> InvitationLinks:
    """The links of an invitation."""
    return InvitationLinks(
        f"{public_url}{PAGE}/{campaign_link(keys, invitation_id)}",
        f"{public_url}{STOP_PAGE}/{campaign_stop_link(keys, invitation_id)}",
    )


def invitation_mail(
    wording: InvitationWording, issuer: Issuer, contact: HouseholdContact, links: InvitationLinks
) -> EmailText:
    """The mail to one household. Who follows the contract already is greeted by name and asked to go without paper."""
    language, values = known_language(contact.language), {"issuer": one_line(issuer.name)}
    follows = contact.consumer_id is not None
    label = say("Recevoir ces factures sans papier", language) if follows else say("Voir comment", language)
    asked = say("Vous préférez le papier ? Il n’y a rien à faire : il reste gratuit.", language)
    why = (
        say("Vous suivez ce contrat ici, et recevez aussi ses factures sur papier.", language)
        if follows
        else say("{issuer} nous a donné cette adresse pour vous écrire au sujet de vos factures.", language, **values)
    )
    stop = say("Ne plus recevoir d’invitation, d’aucun émetteur : {url}", language, url=links.stop)
    return EmailText(
        subject=say(wording.subject, language, **values),
        before=(greeting(contact.name, language), say(wording.mail, language, **values)),
        label=label,
        url=links.page,
        after=(asked, why, stop),
        language=language,
        mark=issuer_mark(issuer),
        stop_url=links.stop,
    )


def invitation_sms(
    wording: InvitationWording, issuer: Issuer, contact: HouseholdContact, links: InvitationLinks
) -> str:
    """The SMS to one household: the link is whole, last; its page says how to get no more."""
    language = known_language(contact.language)
    text = say(wording.sms, language, issuer=one_line(issuer.name))
    return f"{' '.join(transliterate(text).split())} {links.page}"


def kept_wording(wording: InvitationWording, lever: Lever) -> Wording:
    """The text that was shown, to be kept: its blanks are filled in by issuer and link."""
    text = wording.sms if lever == "sms" else wording.mail
    return Wording(version=f"invite-{lever}-{wording.version}", text=text)

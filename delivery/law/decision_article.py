"""Names the article of law that asks for a delivery, by the reason that it was planned for. Pure."""

from typing import Final

from delivery.law.sector_law import SectorLaw

#: Between two articles that ask for the same delivery.
AND: Final = " ; "

#: Reasons for which the customer cannot be served without paper: no medium suits, or none reaches.
_NOT_SUITABLE: Final = frozenset({
    "paper_by_right", "no_holder_by_email", "email_bounced", "email_given_up", "email_refused", "address_suspended",
    "address_unconfirmed", "email_unwanted", "no_device", "no_longer_holder", "no_channel_chosen", "no_channel_works",
    "sms_undelivered", "sms_not_offered", "phone_unconfirmed", "phone_suspended",
})  # fmt: skip
#: Reasons of messages that bring a bill, and must say what is in it.
_TOLD: Final = frozenset({"announced_by_email", "announced_in_digest", "announced_by_sms", "announced_by_push"})
#: Reasons for which nobody has consented to do without paper.
_NO_CONSENT: Final = frozenset({"paper_kept", "account_unclaimed"})
#: Reasons that an answer to the yearly question, or its want, gives.
_CHECKED: Final = frozenset({"suitability_check", "suitability_unanswered"})
#: Reasons of deliveries that tell of a bill for the first time.
_ANNOUNCING: Final = _NOT_SUITABLE | _NO_CONSENT | _TOLD | {"paper_after_withdrawal"}


def article_for(reason_code: str, law: SectorLaw, *, is_collected: bool = False) -> str | None:
    """Return the article by which a delivery of this reason is owed, or None where no law asks for it.

    *is_collected*: the bill is paid by direct debit, so that what announces it is also its pre-notification; the
    article on that is named as well.
    """
    articles = [_article(reason_code, law)]
    if is_collected and reason_code in _ANNOUNCING:
        articles.append(law.prenotification_days.article)
    return AND.join(article for article in articles if article) or None


def _article(reason_code: str, law: SectorLaw) -> str | None:
    if reason_code == "paper_after_withdrawal":
        return law.paper_again_working_days.article
    if reason_code in _TOLD:
        return law.message_says.article
    if reason_code in _NOT_SUITABLE:
        return law.suitable_medium.article if law.suitable_medium.value else None
    if reason_code in _NO_CONSENT:
        return None if law.default_on.value else law.default_on.article
    return law.yearly_check.article if reason_code in _CHECKED and law.yearly_check.value else None

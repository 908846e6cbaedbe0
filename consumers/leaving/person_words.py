"""What a person is known by: names, e-mail addresses and numbers, as far as any of our rows still has them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consumers.leaving.erased_words import PersonWords
from store.accounts.consumer import Consumer
from store.accounts.phone import Phone
from store.accounts.sign_up import SignUp
from store.leaving.email_change import EmailChange


def words_of_person(session: Session, consumer_id: int) -> PersonWords:
    """The words of this consumer; none once they are erased."""
    consumer = session.get_one(Consumer, consumer_id)
    names = {consumer.name, *session.scalars(select(SignUp.name).where(SignUp.consumer_id == consumer_id))}
    emails, mine = {consumer.email}, EmailChange.consumer_id == consumer_id
    for old, new in session.execute(select(EmailChange.old_email, EmailChange.new_email).where(mine)):
        emails |= {old, new}
    return PersonWords(names, emails, session.scalars(select(Phone.number).where(Phone.consumer_id == consumer_id)))

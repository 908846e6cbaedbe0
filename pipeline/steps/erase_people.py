"""Erase the people whose spaces were closed long enough ago, and what had to stay of others for a while."""

import logging
from datetime import datetime

from config import Config
from consumers.email_address.forget_former_addresses import forget_former_addresses
from consumers.leaving.erase_person import erase_person, erase_what_was_kept, is_mail_under_way
from consumers.leaving.person_words import words_of_person
from delivery.channels.email.smtp.dev_inbox import forget_mails
from delivery.channels.sms.sms_folder import forget_sms
from pipeline.pipeline_context import PipelineContext
from store import Store
from store.leaving.space_closing import due_for_erasure
from store.search.full_text_index import merge_deleted

log = logging.getLogger(__name__)


def erase_people(context: PipelineContext, now: datetime) -> int:
    """Erase whoever is due, each in a transaction of their own. Returns how many."""
    erased = erase_those_due(context.store, context.config, now)
    with context.store.writing() as session:
        forget_former_addresses(session, now)
        erase_what_was_kept(session, now)
    return erased


def erase_those_due(store: Store, config: Config, now: datetime) -> int:
    """Erase whoever is due and to whom no mail is under way. One that fails keeps nobody else waiting."""
    tried: set[int] = set()
    erased = 0
    while True:
        with store.reading() as session:
            due = due_for_erasure(session, now, tried)
        if not due:
            break
        for consumer_id in due:
            tried.add(consumer_id)
            try:
                erased += _erase(store, config, consumer_id, now)
            except Exception:
                log.exception("consumer %s could not be erased", consumer_id)
    if erased:
        forget_deleted_words(store)
    return erased


def forget_deleted_words(store: Store) -> None:
    """Take the words of documents that were erased out of the bytes of the search index, too, piece by piece: nobody
    waits for long. After a kill the next that is erased takes them along."""
    with store.writing() as session:
        has_more = merge_deleted(session, begins=True)
    while has_more:
        with store.writing() as session:
            has_more = merge_deleted(session, begins=False)


def _erase(store: Store, config: Config, consumer_id: int, now: datetime) -> bool:
    """Files go first: once the rows are gone nobody knows whose they were. After a kill both are done again."""
    with store.reading() as session:
        if is_mail_under_way(session, consumer_id, now):
            return False
        words = words_of_person(session, consumer_id)
    if config.has_dev_inbox:
        forget_mails(config.inbox, words.emails)
    if config.sms_folder is not None:
        forget_sms(config.sms_folder, words.phones)
    with store.writing() as session:
        return bool(erase_person(session, consumer_id, now))

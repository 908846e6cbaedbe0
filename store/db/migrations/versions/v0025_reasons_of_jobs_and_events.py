"""The outcomes of jobs, the decisions on account questions, the faults of the archive and the last events told in words
have reasons, codes with values; sentences in old rows are read back, and no row keeps both. Staff have a language.
Deliveries can be found by their reason.

What a person wrote, a server answered or a library said stays as it was written, as a value.
"""

import json
import re
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from store.base import RowId
from store.db.migrations.french_reasons import (
    OldReason,
    in_own_words,
    read_back,
    read_back_column,
    reason_clauses,
    reason_columns,
)

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_errand = sa.table(
    "errand", sa.column("kind", sa.String), sa.column("state", sa.String), sa.column("answer", sa.Text),
    *reason_clauses(),
)  # fmt: skip
_question = sa.table("account_question", sa.column("reason", sa.Text), *reason_clauses())
_fault = sa.table(
    "archive_fault", sa.column("bill_id", RowId), sa.column("n", RowId), sa.column("why", sa.Text),
    *reason_clauses()[:2],
)  # fmt: skip
_event = sa.table(
    "event", sa.column("subject", sa.String), sa.column("what", sa.String), sa.column("why", sa.Text), *reason_clauses()
)
_attempt = sa.table("attempt", sa.column("answer", sa.Text), *reason_clauses()[:2])

_MOOT: Final = "sans objet : la personne n’est plus là, ou la demande est inconnue"
_DIED: Final = "its worker died of it again and again"
_RAISED: Final = re.compile(r"[A-Za-z_]\w*: .*", re.DOTALL)  # an error, with the name of its class
_FAULTS: Final = [
    (re.compile(pattern, re.DOTALL), code)
    for pattern, code in (
        (r"bill (?P<bill>.+) has no PDF yet", "pdf_not_made"),
        (r"the PDF of bill (?P<bill>.+) is not the one that was archived", "pdf_changed"),
        (r"the segment that bill (?P<bill>.+) lies in is not what was written", "segment_changed"),
        (r"what the PDFs of template (?P<template>\d+) begin with is not what was kept", "template_changed"),
        (r"attachment (?P<attachment>\d+) of bill (?P<bill>.+)", "attachment_missing"),
        (r"the blob (?P<blob>[0-9a-f]{64}) hands back other bytes than were put there", "blob_changed"),
        (r"(?P<blob>[0-9a-f]{64})", "blob_missing"),
        (r"the account's key was made with root (?P<root>[0-9a-f]+), .*", "root_not_configured"),
        (r"encrypted with another key, or changed since|DecryptionFailed", "not_decrypted"),
    )
]
#: What events told in words of ours: subject, what happened, the words, their code.
_EVENTS: Final = (
    ("feed", "received", r"reading (?P<reading>\d+)", "reading"),
    ("account", "enrolled", r"code of a letter", "code_of_letter"),
    ("account", "enrolled", r"welcomed by consumer (?P<consumer_id>\d+)", "welcomed"),
    ("account", "holder suspended", r"consumer (?P<consumer_id>\d+)", "other_holder"),
    ("account", "holder restored", r"consumer (?P<consumer_id>\d+)", "other_holder"),
    ("account", "joined by another", r"(?P<words>.*) \(compte (?P<account_id>\d+)\)", "joined_with"),
    ("account", "split", r"compte (?P<account>.+)", "split_from"),
    ("staff", "new password", r"forgotten", "password_forgotten"),
    ("issuer", "sftp closed", r"(?P<access_kinds>key|password|keys and password)", "sftp_revoked"),
    ("issuer", "brand adopted", r"(?P<brand_keys>.+)", "brand_changed"),
)


def upgrade() -> None:
    for name in ("errand", "account_question", "archive_fault"):
        for column in reason_columns():
            op.add_column(name, column)
    _read_jobs()
    read_back_column(_question, _question.c.reason, _what_a_person_wrote)
    op.drop_column("account_question", "reason")
    read_back_column(_fault, _fault.c.why, _fault_found)
    op.drop_column("archive_fault", "why")
    _read_events()
    op.add_column("staff", sa.Column("language", sa.String(5), nullable=False, server_default=""))
    op.create_index("ix_delivery_reason_code_state_channel_id", "delivery", ["reason_code", "state", "channel", "id"])


def _read_jobs() -> None:
    """The result of a preview or a rehearsal is JSON, and a delivered mail's answer the server's: they stay."""
    is_json, is_long = _errand.c.answer.startswith("{"), _errand.c.kind.in_(["preview", "rehearse"])
    mails_sent = sa.and_(_errand.c.state == "done", sa.not_(is_long))
    read_back_column(_errand, _errand.c.answer, _mail_not_sent, mails_sent)
    read_back_column(_errand, _errand.c.answer, _job_waits, _errand.c.state != "done", sa.not_(is_json))
    read_back_column(_errand, _errand.c.answer, _job_failed, _errand.c.state == "done", is_long, sa.not_(is_json))
    _forget(_errand, _errand.c.answer)
    _read_previews(is_json)


def _read_previews(is_json: sa.ColumnElement[bool]) -> None:
    """A preview that could not be drawn said why in its JSON, and a rehearsal twice why a feed would be held."""
    connection, long = op.get_bind(), _errand.c.kind.in_(["preview", "rehearse"])
    rows = connection.execute(sa.select(_errand.c.id, _errand.c.answer).where(long, is_json)).all()
    for row in rows:
        said: dict[str, Any] = json.loads(row.answer)
        why = said.pop("why", None)
        if why is None:
            continue
        values: dict[str, Any] = {"answer": json.dumps(said, ensure_ascii=False, separators=(",", ":"))}
        if isinstance(why, str):
            values = {"answer": "", "reason_code": "job_failed", "reason_values": {"error": why}}
        connection.execute(sa.update(_errand).where(_errand.c.id == row.id).values(**values))


def _read_events() -> None:
    for subject, what, pattern, code in _EVENTS:
        of_these = (_event.c.subject == subject, _event.c.what == what, _event.c.reason_code == "")
        read_back_column(_event, _event.c.why, _reader(pattern, code), *of_these)
    _forget(_event, _event.c.why)
    _forget(_attempt, _attempt.c.answer)


def _forget(table: sa.TableClause, words: sa.ColumnClause[str]) -> None:
    """What has a reason by now needs its sentence no more."""
    read = (table.c.reason_code != "", words != "")
    op.get_bind().execute(sa.update(table).where(*read).values({words.name: ""}))


def _reader(pattern: str, code: str) -> Any:
    compiled = re.compile(pattern, re.DOTALL)

    def read(text: str) -> OldReason | None:
        found = compiled.fullmatch(text)
        return (code, {name: _value(name, value) for name, value in found.groupdict().items()}) if found else None

    return read


def _value(name: str, text: str) -> str | int | list[str]:
    if name == "access_kinds":
        return ["key", "password"] if " and " in text else [text]
    if name == "brand_keys":
        return text.split(", ")
    return int(text) if name in {"reading", "consumer_id", "account_id", "attachment", "template"} else text


def _mail_not_sent(text: str) -> OldReason | None:
    if text == _MOOT:
        return "email_moot", {}
    return ("email_not_taken", {"answer": text.removeprefix("refusé : ")}) if text.startswith("refusé : ") else None


def _job_waits(text: str) -> OldReason:
    if text == _DIED:
        return "worker_died", {}
    return ("job_failed", {"error": text}) if _RAISED.fullmatch(text) else ("email_later", {"answer": text})


def _job_failed(text: str) -> OldReason:
    return read_back(text) or ("job_failed", {"error": text})


def _fault_found(text: str) -> OldReason:
    for pattern, code in _FAULTS:
        if found := pattern.fullmatch(text):
            return code, {name: _value(name, value) for name, value in found.groupdict().items()}
    return in_own_words(text)


def _what_a_person_wrote(text: str) -> OldReason:
    return "words", {"words": text}


def downgrade() -> None:
    op.drop_index("ix_delivery_reason_code_state_channel_id", "delivery")
    op.drop_column("staff", "language")
    op.add_column("archive_fault", sa.Column("why", sa.Text(), nullable=False, server_default=""))
    op.add_column("account_question", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    for name in ("errand", "account_question", "archive_fault"):
        for column in reason_columns():
            op.drop_column(name, column.name)

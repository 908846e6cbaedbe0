"""The road: feeds, items, bills, accounts, consumers, deliveries, print batches, facts."""

import sqlalchemy as sa
from alembic import op

from store.base import Amount, Blanks, Moment, RowId

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consumer",
        sa.Column("id", RowId, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("signed_up_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("mail_failed_at", Moment(), nullable=True),
        sa.Column("mail_failure", sa.String(length=500), nullable=False),
        sa.Column("claim_failures", RowId, nullable=False),
        sa.Column("claim_blocked_until", Moment(), nullable=True),
        sa.Column("session_epoch", RowId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consumer")),
        sa.UniqueConstraint("email", name=op.f("uq_consumer_email")),
    )
    op.create_table(
        "errand",
        sa.Column("id", RowId, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("particulars", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("attempts", RowId, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("lease_owner", sa.String(length=120), nullable=True),
        sa.Column("lease_until", sa.Float(), server_default="0", nullable=False),
        sa.CheckConstraint("state IN ('todo', 'done', 'failed')", name=op.f("ck_errand_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    op.create_index("ix_errand_state_due_at", "errand", ["state", "due_at"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", RowId, nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("subject_id", RowId, nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_subject_subject_id", "event", ["subject", "subject_id"], unique=False)
    op.create_table(
        "issuer",
        sa.Column("id", RowId, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("voice", sa.Text(), nullable=True),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer")),
        sa.UniqueConstraint("slug", name=op.f("uq_issuer_slug")),
    )
    op.create_table(
        "print_batch",
        sa.Column("id", RowId, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("cut_off_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("handed_over_at", Moment(), nullable=True),
        sa.Column("acknowledged_at", Moment(), nullable=True),
        sa.Column("letters", RowId, nullable=False),
        sa.Column("sheets", RowId, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("lease_owner", sa.String(length=120), nullable=True),
        sa.Column("lease_until", sa.Float(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'closed', 'handed_over', 'acknowledged', 'disputed')", name=op.f("ck_print_batch_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_batch")),
    )
    op.create_index("ix_print_batch_state", "print_batch", ["state"], unique=False)
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_print_batch_open", "print_batch", ["state"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_table(
        "account",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("term", sa.String(length=10), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=300), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("paperless", sa.Boolean(), nullable=False),
        sa.Column("paperless_since", Moment(), nullable=True),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("claim_failures", RowId, nullable=False),
        sa.Column("claim_blocked_until", Moment(), nullable=True),
        sa.Column("person_key", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_account_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint(
            "issuer_id", "term", "scheme", "value", name=op.f("uq_account_issuer_id_term_scheme_value")
        ),
    )
    op.create_index("ix_account_issuer_id_person_key", "account", ["issuer_id", "person_key"], unique=False)
    op.create_table(
        "fact",
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(length=30), nullable=False),
        sa.Column("value", RowId, nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_fact_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("issuer_id", "month", "measure", name=op.f("pk_fact")),
    )
    op.create_index("ix_fact_month", "fact", ["month"], unique=False)
    op.create_table(
        "feed",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", RowId, nullable=False),
        sa.Column("door", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("reading", RowId, nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column("released_at", Moment(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("entries", RowId, nullable=False),
        sa.Column("released_upto", RowId, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("announced", sa.JSON(), nullable=False),
        sa.Column("declared", sa.JSON(), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.Column("lease_owner", sa.String(length=120), nullable=True),
        sa.Column("lease_until", sa.Float(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'reading', 'released', 'held', 'rejected', 'settled')", name=op.f("ck_feed_state")
        ),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_feed_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("issuer_id", "sha256", name=op.f("uq_feed_issuer_id_sha256")),
    )
    op.create_index("ix_feed_state", "feed", ["state"], unique=False)
    op.create_table(
        "issuer_key",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_issuer_key_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_issuer_key_digest")),
    )
    op.create_table(
        "sftp_key",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_sftp_key_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sftp_key")),
    )
    op.create_table(
        "staff",
        sa.Column("id", RowId, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("issuer_id", RowId, nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_staff_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "template",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("prefix_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_template_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
        sa.UniqueConstraint("issuer_id", "version", name=op.f("uq_template_issuer_id_version")),
    )
    op.create_table(
        "bill",
        sa.Column("id", RowId, nullable=False),
        sa.Column("uid", sa.String(length=24), nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("feed_id", RowId, nullable=False),
        sa.Column("item_seq", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("type_code", sa.String(length=10), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("gross", Amount(), nullable=True),
        sa.Column("payable", Amount(), nullable=False),
        sa.Column("to_pay", Amount(), nullable=False),
        sa.Column("seller_name", sa.String(length=300), nullable=False),
        sa.Column("buyer_name", sa.String(length=300), nullable=False),
        sa.Column("line_count", RowId, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=True),
        sa.Column("viewed_at", Moment(), nullable=True),
        sa.Column("said_paid_at", Moment(), nullable=True),
        sa.Column("template_id", RowId, nullable=True),
        sa.Column("segment_sha256", sa.String(length=64), nullable=True),
        sa.Column("segment_at", RowId, nullable=True),
        sa.Column("segment_length", RowId, nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("pdf_size", RowId, nullable=True),
        sa.Column("used_from", sa.Date(), nullable=True),
        sa.Column("used_to", sa.Date(), nullable=True),
        sa.Column("used", Amount(), nullable=True),
        sa.Column("used_unit", sa.String(length=10), nullable=False),
        sa.Column("history", sa.LargeBinary(), nullable=True),
        sa.Column("is_copy", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('released', 'rendered', 'chosen', 'failed', 'recalled', 'superseded', 'erased')",
            name=op.f("ck_bill_state"),
        ),
        sa.CheckConstraint("state NOT IN ('rendered', 'chosen') OR pdf_sha256 IS NOT NULL", name=op.f("ck_bill_pdf")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_bill_account_id_account")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_bill_feed_id_feed")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_bill_issuer_id_issuer")),
        sa.ForeignKeyConstraint(["template_id"], ["template.id"], name=op.f("fk_bill_template_id_template")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill")),
        sa.UniqueConstraint("feed_id", "item_seq", name=op.f("uq_bill_feed_id_item_seq")),
        sa.UniqueConstraint("uid", name=op.f("uq_bill_uid")),
    )
    op.create_index("ix_bill_account_id_issue_date_id", "bill", ["account_id", "issue_date", "id"], unique=False)
    stands = sa.text("state <> 'superseded'")
    op.create_index(
        "uq_bill_issuer_id_number", "bill", ["issuer_id", "number"], unique=True, sqlite_where=stands,
        postgresql_where=stands,
    )  # fmt: skip
    op.create_table(
        "conflict",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("feed_id", RowId, nullable=False),
        sa.Column("seq", RowId, nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("first_id", RowId, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'kept', 'replaced', 'known')", name=op.f("ck_conflict_state")),
        sa.CheckConstraint("state = 'open' OR decided_by <> ''", name=op.f("ck_conflict_decided")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_conflict_feed_id_feed")),
        sa.ForeignKeyConstraint(["first_id"], ["bill.id"], name=op.f("fk_conflict_first_id_bill")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_conflict_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint("feed_id", "seq", name=op.f("uq_conflict_feed_id_seq")),
    )
    op.create_index("ix_conflict_first_id", "conflict", ["first_id"], unique=False)
    op.create_index("ix_conflict_state_issuer_id", "conflict", ["state", "issuer_id"], unique=False)
    op.create_table(
        "parcel",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_parcel")),
    )
    op.create_table(
        "enclosure",
        sa.Column("feed_id", RowId, nullable=False),
        sa.Column("seq", RowId, nullable=False),
        sa.Column("n", RowId, nullable=False),
        sa.Column("blob_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", RowId, nullable=False),
        sa.Column("length", RowId, nullable=False),
        sa.Column("is_sealed", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_enclosure_feed_id_feed")),
        sa.PrimaryKeyConstraint("feed_id", "seq", "n", name=op.f("pk_enclosure")),
    )
    op.create_index("ix_enclosure_blob_sha256", "enclosure", ["blob_sha256"], unique=False)
    op.create_table(
        "chunk",
        sa.Column("id", RowId, nullable=False),
        sa.Column("feed_id", RowId, nullable=False),
        sa.Column("first_seq", RowId, nullable=False),
        sa.Column("last_seq", RowId, nullable=False),
        sa.Column("work", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", RowId, nullable=False),
        sa.Column("not_before", sa.Float(), server_default="0", nullable=False),
        sa.Column("lease_owner", sa.String(length=120), nullable=True),
        sa.Column("lease_until", sa.Float(), server_default="0", nullable=False),
        sa.CheckConstraint("state IN ('todo', 'leased', 'done')", name=op.f("ck_chunk_state")),
        sa.CheckConstraint("work IN ('render', 'choose')", name=op.f("ck_chunk_work")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_chunk_feed_id_feed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunk")),
        sa.UniqueConstraint("feed_id", "first_seq", name=op.f("uq_chunk_feed_id_first_seq")),
    )
    op.create_index("ix_chunk_state_work", "chunk", ["state", "work"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("wording", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.CheckConstraint("act IN ('paperless', 'paper')", name=op.f("ck_consent_act")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_consent_account_id_account")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_consent_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_account_id", "consent", ["account_id"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("enrolled_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_enrolment_account_id_account")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_enrolment_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("consumer_id", "account_id", name=op.f("pk_enrolment")),
    )
    op.create_index("ix_enrolment_account_id", "enrolment", ["account_id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", RowId, nullable=False),
        sa.Column("feed_id", RowId, nullable=False),
        sa.Column("seq", RowId, nullable=True),
        sa.Column("number", sa.String(length=200), nullable=True),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("values", Blanks(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_finding_feed_id_feed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index("ix_finding_feed_id_seq", "finding", ["feed_id", "seq"], unique=False)
    op.create_index("ix_finding_feed_id_rule", "finding", ["feed_id", "rule"], unique=False)
    op.create_table(
        "finding_tally",
        sa.Column("feed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_finding_tally_feed_id_feed")),
        sa.PrimaryKeyConstraint("feed_id", "rule", "severity", name=op.f("pk_finding_tally")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", RowId, nullable=False),
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("person_id", RowId, nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("attempts", RowId, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("delivered_at", Moment(), nullable=True),
        sa.Column("batch_id", RowId, nullable=True),
        sa.Column("replaces_id", RowId, nullable=True),
        sa.Column("claim_digest", sa.String(length=64), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("lease_owner", sa.String(length=120), nullable=True),
        sa.Column("lease_until", sa.Float(), server_default="0", nullable=False),
        sa.CheckConstraint("channel IN ('portal', 'email', 'sms', 'paper')", name=op.f("ck_delivery_channel")),
        sa.CheckConstraint(
            "state IN ('waiting', 'ready', 'attempting', 'in_doubt', 'sent', 'delivered', 'failed', 'cancelled')",
            name=op.f("ck_delivery_state"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["print_batch.id"], name=op.f("fk_delivery_batch_id_print_batch")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_delivery_bill_id_bill")),
        sa.ForeignKeyConstraint(["replaces_id"], ["delivery.id"], name=op.f("fk_delivery_replaces_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "bill_id", "person_id", "channel", "purpose", name=op.f("uq_delivery_bill_id_person_id_channel_purpose")
        ),
    )
    op.create_index("ix_delivery_batch_id", "delivery", ["batch_id"], unique=False)
    op.create_index("ix_delivery_claim_digest", "delivery", ["claim_digest"], unique=False)
    op.create_index(
        "ix_delivery_state_channel_batch_id_due_at",
        "delivery",
        ["state", "channel", "batch_id", "due_at"],
        unique=False,
    )
    op.create_table(
        "item",
        sa.Column("feed_id", RowId, nullable=False),
        sa.Column("seq", RowId, nullable=False),
        sa.Column("number", sa.String(length=200), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("payable", Amount(), nullable=True),
        sa.Column("outcome", sa.String(length=15), nullable=True),
        sa.Column("bill_id", RowId, nullable=True),
        sa.CheckConstraint(
            "outcome IS NULL OR (outcome IN ('bill', 'duplicate')) = (bill_id IS NOT NULL)", name=op.f("ck_item_bill")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('bill', 'duplicate', 'conflict', 'rejected', 'waiting_parent')",
            name=op.f("ck_item_outcome"),
        ),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_item_bill_id_bill")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_item_feed_id_feed")),
        sa.PrimaryKeyConstraint("feed_id", "seq", name=op.f("pk_item")),
    )
    op.create_index("ix_item_bill_id", "item", ["bill_id"], unique=False)
    op.create_index("ix_item_feed_id_number", "item", ["feed_id", "number"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("delivery_id", RowId, nullable=False),
        sa.Column("n", RowId, nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_attempt_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("delivery_id", "n", name=op.f("pk_attempt")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", RowId, nullable=False),
        sa.Column("delivery_id", RowId, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_receipt_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("delivery_id", "kind", name=op.f("uq_receipt_delivery_id_kind")),
    )
    is_leased = sa.text("lease_owner IS NOT NULL")
    for table in ("feed", "chunk", "errand", "delivery", "print_batch"):
        op.create_index(
            f"ix_{table}_lease_owner", table, ["lease_owner"], sqlite_where=is_leased, postgresql_where=is_leased
        )


def downgrade() -> None:
    for table in ("print_batch", "delivery", "errand", "chunk", "feed"):
        op.drop_index(f"ix_{table}_lease_owner", table_name=table)
    op.drop_table("receipt")
    op.drop_table("attempt")
    op.drop_index("ix_item_feed_id_number", table_name="item")
    op.drop_index("ix_item_bill_id", table_name="item")
    op.drop_table("item")
    op.drop_index("ix_delivery_state_channel_batch_id_due_at", table_name="delivery")
    op.drop_index("ix_delivery_claim_digest", table_name="delivery")
    op.drop_index("ix_delivery_batch_id", table_name="delivery")
    op.drop_table("delivery")
    op.drop_table("finding_tally")
    op.drop_index("ix_finding_feed_id_rule", table_name="finding")
    op.drop_index("ix_finding_feed_id_seq", table_name="finding")
    op.drop_table("finding")
    op.drop_index("ix_enrolment_account_id", table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_index("ix_consent_account_id", table_name="consent")
    op.drop_table("consent")
    op.drop_index("ix_chunk_state_work", table_name="chunk")
    op.drop_table("chunk")
    op.drop_index("ix_enclosure_blob_sha256", table_name="enclosure")
    op.drop_table("enclosure")
    op.drop_table("parcel")
    op.drop_index("ix_conflict_state_issuer_id", table_name="conflict")
    op.drop_index("ix_conflict_first_id", table_name="conflict")
    op.drop_table("conflict")
    op.drop_index("uq_bill_issuer_id_number", table_name="bill")
    op.drop_index("ix_bill_account_id_issue_date_id", table_name="bill")
    op.drop_table("bill")
    op.drop_table("template")
    op.drop_table("staff")
    op.drop_table("sftp_key")
    op.drop_table("issuer_key")
    op.drop_index("ix_feed_state", table_name="feed")
    op.drop_table("feed")
    op.drop_index("ix_fact_month", table_name="fact")
    op.drop_table("fact")
    op.drop_index("ix_account_issuer_id_person_key", table_name="account")
    op.drop_table("account")
    op.drop_index("uq_print_batch_open", table_name="print_batch")
    op.drop_index("ix_print_batch_state", table_name="print_batch")
    op.drop_table("print_batch")
    op.drop_table("issuer")
    op.drop_index("ix_event_subject_subject_id", table_name="event")
    op.drop_table("event")
    op.drop_index("ix_errand_state_due_at", table_name="errand")
    op.drop_table("errand")
    op.drop_table("consumer")

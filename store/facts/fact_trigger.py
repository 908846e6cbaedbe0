"""Database triggers that mark bills and accounts for recounting adoption facts (`store.facts.recount_queue`).

Any statement that changes a bill marks it in the same transaction. The triggers are created after each migration, not
by one: SQLite drops a table's triggers when a migration rebuilds the table.
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from store.feeds.feed import OUT

#: States of a bill in which it counts: erased bills count too, recalled and superseded ones do not.
COUNTED: Final = ("released", "rendered", "chosen", "failed", "erased")

_BILL_OF_RECEIPT: Final = "SELECT 'bill', bill_id, 0 FROM delivery WHERE id = {row}.delivery_id"


class Trigger(NamedTuple):
    """A trigger on a table: *on* which change, *when* it matters, and *marks*, the query for what to mark (kind, row,
    0). In SQL that SQLite and PostgreSQL share, except `IS DISTINCT FROM`."""

    name: str
    table: str
    on: str
    when: str
    marks: str

    def sqlite(self) -> list[str]:
        when = f"WHEN {self.when}".replace("IS DISTINCT FROM", "IS NOT") if self.when else ""
        return [f"CREATE TRIGGER {self.name} {self._after} {when} BEGIN {self._mark}; END"]

    def postgresql(self) -> list[str]:
        when = f"WHEN ({self.when})" if self.when else ""
        body = f"$$ BEGIN {self._mark}; RETURN NULL; END $$"
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS {body}",
            f"CREATE TRIGGER {self.name} {self._after} {when} EXECUTE FUNCTION {self.name}()",
        ]

    @property
    def _after(self) -> str:
        return f"AFTER {self.on} ON {self.table} FOR EACH ROW"

    @property
    def _mark(self) -> str:
        return f"INSERT INTO fact_change (kind, row_id, upto) {self.marks}"


def _differ(*columns: str) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def _each(kind: str, column: str) -> str:
    """The new row's value of a column, and the old one's where it differs."""
    return f"SELECT '{kind}', NEW.{column}, 0 UNION SELECT '{kind}', OLD.{column}, 0"


def _one(kind: str, row: str) -> str:
    return f"SELECT '{kind}', {row}, 0"


def _of_account(table: str, *columns: str) -> list[Trigger]:
    """Triggers that mark an account when a row of this table is inserted, deleted or changed in these columns."""
    return [
        Trigger(f"fact_{table}_new", table, "INSERT", "", _one("account", "NEW.account_id")),
        Trigger(
            f"fact_{table}_changed", table, f"UPDATE OF account_id, {', '.join(columns)}",
            _differ("account_id", *columns), _each("account", "account_id"),
        ),
        Trigger(f"fact_{table}_gone", table, "DELETE", "", _one("account", "OLD.account_id")),
    ]  # fmt: skip


_IS_COUNTED: Final = "{row}.kind IN ('bounced', 'returned')"
#: Bills of a feed that is not released do not count; the release marks the whole feed. Creating bills and releasing
#: their feed both lock the feed's row, so that no bill is missed.
_BILL_OF_RELEASED: Final = "SELECT 'bill', NEW.id, 0 FROM feed WHERE id = NEW.feed_id AND state IN {states}"

_OF_BILL: Final = (
    "channel", "viewed_at", "account_id", "issue_date", "issuer_id", "feed_id", "due_date", "last_due_date", "to_pay",
    "is_collected",
)  # fmt: skip
#: Kinds of notices that an account's state or journey follows from, without those that a changed enrolment comes with.
_STATE_NOTICES: Final = (
    "invited", "opened_by_link", "claim_started", "objected", "moved", "address_known", "passed_on", "exempt",
)  # fmt: skip
#: The account, and where its holder follows several issuers, or did, all accounts that they hold: who follows many is
#: counted in each of them (`adoption.account_day_changes`).
_ALL_HELD: Final = (
    "SELECT 'account', {row}.account_id, 0 UNION SELECT 'account', account_id, 0 FROM enrolment"
    " WHERE consumer_id = {row}.consumer_id AND (SELECT count(DISTINCT account.issuer_id) FROM enrolment AS held"
    " JOIN account ON account.id = held.account_id WHERE held.consumer_id = {row}.consumer_id) >= 3"
)
_BILLS_OF_ACCOUNT: Final = "SELECT 'bill', id, 0 FROM bill WHERE account_id = {row}.account_id"

TRIGGERS: Final = [
    Trigger("fact_bill_new", "bill", "INSERT", "", _BILL_OF_RELEASED.format(states=OUT)),
    Trigger(
        "fact_bill_changed", "bill",
        f"UPDATE OF state, {', '.join(_OF_BILL)}",
        f"(OLD.state IN {COUNTED}) <> (NEW.state IN {COUNTED}) OR " + _differ(*_OF_BILL),
        _one("bill", "NEW.id"),
    ),
    Trigger("fact_bill_gone", "bill", "DELETE", "", _one("bill", "OLD.id")),
    Trigger(
        "fact_feed_changed", "feed", "UPDATE OF state", f"(OLD.state IN {OUT}) <> (NEW.state IN {OUT})",
        _one("feed", "NEW.id"),
    ),
    Trigger(
        "fact_delivery_new", "delivery", "INSERT", "NEW.channel = 'paper' OR NEW.sent_at IS NOT NULL",
        _one("bill", "NEW.bill_id"),
    ),
    Trigger(
        "fact_delivery_changed", "delivery", "UPDATE OF state, sent_at, bill_id, channel, purpose",
        "(OLD.state = 'cancelled') <> (NEW.state = 'cancelled') OR "
        + _differ("sent_at", "bill_id", "channel", "purpose"),
        _each("bill", "bill_id"),
    ),
    Trigger("fact_delivery_gone", "delivery", "DELETE", "", _one("bill", "OLD.bill_id")),
    Trigger(
        "fact_receipt_new", "receipt", "INSERT", _IS_COUNTED.format(row="NEW"), _BILL_OF_RECEIPT.format(row="NEW")
    ),
    Trigger(
        "fact_receipt_changed", "receipt", "UPDATE OF kind, delivery_id", _differ("kind", "delivery_id"),
        f"{_BILL_OF_RECEIPT.format(row='NEW')} UNION {_BILL_OF_RECEIPT.format(row='OLD')}",
    ),
    Trigger(
        "fact_receipt_gone", "receipt", "DELETE", _IS_COUNTED.format(row="OLD"), _BILL_OF_RECEIPT.format(row="OLD")
    ),
    Trigger("fact_enrolment_new", "enrolment", "INSERT", "", _ALL_HELD.format(row="NEW")),
    Trigger(
        "fact_enrolment_changed", "enrolment", "UPDATE OF account_id, consumer_id, enrolled_at, ended_at",
        _differ("account_id", "consumer_id", "enrolled_at", "ended_at"),
        f"{_ALL_HELD.format(row='NEW')} UNION {_ALL_HELD.format(row='OLD')}",
    ),
    Trigger("fact_enrolment_gone", "enrolment", "DELETE", "", _ALL_HELD.format(row="OLD")),
    *_of_account("consent", "act", "at", "basis"),
    Trigger(
        "fact_notice_new", "account_notice", "INSERT", f"NEW.kind IN {_STATE_NOTICES}",
        _one("account", "NEW.account_id"),
    ),
    Trigger(
        "fact_notice_changed", "account_notice", "UPDATE OF account_id, kind, at", _differ("account_id", "kind", "at"),
        _each("account", "account_id"),
    ),
    Trigger("fact_notice_gone", "account_notice", "DELETE", "", _one("account", "OLD.account_id")),
    *_of_account("customer_reference", "died_on", "closed_on", "paper_by_right"),
    Trigger(
        "fact_account_changed", "account", "UPDATE OF issuer_id, standing, bereavement_verdict",
        _differ("issuer_id", "standing", "bereavement_verdict"), _one("account", "NEW.id"),
    ),
    Trigger(
        "fact_arm_new", "household_arm", "INSERT", "",
        f"{_one('account', 'NEW.account_id')} UNION {_BILLS_OF_ACCOUNT.format(row='NEW')}",
    ),
    Trigger(
        "fact_arm_gone", "household_arm", "DELETE", "",
        f"{_one('account', 'OLD.account_id')} UNION {_BILLS_OF_ACCOUNT.format(row='OLD')}",
    ),
    Trigger(
        "fact_invited_new", "campaign_invitation", "INSERT", "NEW.sent_at IS NOT NULL",
        _one("account", "NEW.account_id"),
    ),
    Trigger(
        "fact_invited_changed", "campaign_invitation", "UPDATE OF account_id, sent_at, opened_at",
        _differ("account_id", "sent_at", "opened_at"), _each("account", "account_id"),
    ),
    Trigger(
        "fact_invited_gone", "campaign_invitation", "DELETE", "OLD.sent_at IS NOT NULL",
        _one("account", "OLD.account_id"),
    ),
    Trigger("fact_paid_new", "payment_allocation", "INSERT", "NEW.until IS NULL", _one("bill", "NEW.bill_id")),
    Trigger(
        "fact_paid_changed", "payment_allocation", "UPDATE OF bill_id, amount, until, payment_id",
        _differ("bill_id", "amount", "payment_id") + " OR (OLD.until IS NULL) <> (NEW.until IS NULL)",
        _each("bill", "bill_id"),
    ),
    Trigger("fact_paid_gone", "payment_allocation", "DELETE", "", _one("bill", "OLD.bill_id")),
]  # fmt: skip


def drop_triggers(connection: Connection) -> None:
    """Drop the triggers before tables are rebuilt: SQLite renames no table that a trigger refers to."""
    for trigger in TRIGGERS:
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger.name}"))
        else:
            connection.execute(text(f"DROP FUNCTION IF EXISTS {trigger.name}() CASCADE"))


def put_triggers(connection: Connection) -> None:
    """Create the triggers, and start a full count, since changes made by a migration are not marked."""
    for trigger in TRIGGERS:
        for statement in trigger.sqlite() if connection.dialect.name == "sqlite" else trigger.postgresql():
            connection.execute(text(statement.replace(":", r"\:")))
    connection.execute(text("UPDATE fact_count SET bills_upto = 0, accounts_upto = 0, is_full = false"))

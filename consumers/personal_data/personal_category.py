"""One category of what is kept about a person: its tables, and what its person is told of it."""

from msgspec import Struct


class PersonalTable(Struct, frozen=True):
    """A table of which rows are a person's: those in which *column* has the person's number. *without*: columns that
    are not handed out, beside those of `LEFT_OUT`."""

    name: str
    column: str = "consumer_id"
    without: tuple[str, ...] = ()


class PersonalCategory(Struct, frozen=True, kw_only=True):
    """A category: its *key* in JSON, and in French its title, *why* it is kept, how long (*until*) and by which law."""

    key: str
    title: str
    why: str
    until: str
    law: str
    tables: tuple[PersonalTable, ...]


#: Columns of any table that are not handed out, and why. Numbers of rows say nothing to anybody; an account, a bill
#: and an issuer are called by what their person knows them by.
LEFT_OUT = {
    "the number of a row": {
        "id", "job_id", "staff_id", "batch_id", "replaces_id", "signing_key_id", "stands_for_id", "last_account_id",
        "last_bill_id", "account_ids", "uid", "user_handle",
    },
    "a secret, or what one is checked against: handing it out would open what it protects": {
        "password_hash", "session_epoch", "nonce", "endpoint", "endpoint_digest", "public_key", "auth_secret", "salt",
        "root_id", "hash", "encrypted", "encrypted_key", "encrypted_iban", "session_sha256", "cookie_id",
        "browser_digest", "credential_id", "claim_digest", "code_root", "blob_sha256", "sha256", "epoch", "once",
        "last_step", "sign_count", "token_digest", "message_digest", "name_key", "folded", "key",
    },
    "how work is shared out among our machines": {
        "lease_owner", "lease_until", "attempts", "setbacks", "parts_done", "last_issue_date",
    },
    "may say something of other people": {"reason_values"},
    "the issuer's own": {"logo", "voice", "profile", "slug"},
}  # fmt: skip

"""`facteur keys`: lists the root secrets that the store needs, and takes the accounts' keys and the webhooks' secrets
over to the present one."""

import sys
from typing import Final

from cli.command_language import number, said
from cli.open_store import opened_store
from cli.output import as_json, counting, out, print_json, print_line, tell
from cli.text_table import print_table
from cli.translated_help import group
from issuers.brand_preview import renew_preview_keys
from store.bill_archives.renew_archive_keys import renew_archive_keys
from store.delivery import BEFORE_ROOTS
from store.sign_in.authenticator_app import renew_app_secrets
from store.vault.key_ring import KeyRing
from store.vault.push_signing_key import renew_signing_keys
from store.vault.renew_account_keys import renew_account_keys
from store.vault.renew_mandate_ibans import renew_mandate_ibans
from store.vault.renew_provider_secrets import renew_provider_secrets
from store.vault.renew_webhook_secrets import renew_webhook_secrets
from store.vault.root_use import RootUse, root_uses
from words.catalogue import M_

#: What a root is to the store.
_KINDS: Final = {
    "before ids": M_("before ids"), "present": M_("present"), "old": M_("old"), "missing": M_("missing"),
}  # fmt: skip


@group()
def keys() -> None:
    """The root secrets that all keys are derived from."""


@keys.command("list")
@as_json
def keys_list(in_json: bool) -> None:
    """Roots, and what still needs each: an old one may go when nothing does."""
    with opened_store() as (store, _):
        with store.reading() as session:
            uses = {each.root: each for each in root_uses(session)}
        named = [root.id for root in store.keys.roots]
        rows: list[list[str]] = []
        for root in [*named, *(uses.keys() - set(named))]:
            use, kind = uses.get(root, RootUse(root, 0, 0)), _kind(store.keys, root)
            if in_json:
                print_json({"root": root, "is": kind, **use._asdict()})
            figures = (
                use.accounts, use.letters, use.webhook_secrets, use.provider_secrets, use.mandates, use.push_keys,
                use.authenticator_apps,
            )  # fmt: skip
            rows.append([root, said(_KINDS[kind]), *map(number, figures)])
        if not in_json:
            headings = [
                said("root"),
                said("kind"),
                said("accounts"),
                said("letters"),
                said("webhooks"),
                said("providers"),
                said("mandates"),
                said("push keys"),
                said("code apps"),
            ]
            print_table(out, headings, rows, right=(2, 3, 4, 5, 6, 7, 8))


@keys.command("rotate")
def keys_rotate() -> None:
    """Encrypt the keys of all accounts and brand previews, the secrets of webhooks and payment providers, the IBANs of
    mandates, the keys that sign push notifications, and the secrets of apps that show codes, under the present root.

    May be interrupted, and goes on when called again.
    """
    with opened_store() as (store, _), counting("{n} account|{n} accounts") as count:
        renewed = renew_account_keys(store, count)
        lost_secrets = renew_webhook_secrets(store)
        lost_providers = renew_provider_secrets(store)
        lost_ibans = renew_mandate_ibans(store)
        lost_push_keys = renew_signing_keys(store)
        lost_apps = renew_app_secrets(store)
        renew_preview_keys(store)
        renew_archive_keys(store)
        present = store.keys.present.id
    print_line(
        said(
            "the key of {n} account is under root {root} now|the keys of {n} accounts are under root {root} now",
            n=renewed.number, root=present,
        )
    )  # fmt: skip
    if renewed.unreadable:
        some = ", ".join(map(str, renewed.unreadable[:20]))
        tell(
            "{n} account cannot be opened ({some}): its root is not configured; name its file in "
            "FACTEUR_OLD_SECRET_FILES|{n} accounts cannot be opened ({some}): their root is not configured; name its "
            "file in FACTEUR_OLD_SECRET_FILES",
            n=len(renewed.unreadable), some=some,
        )  # fmt: skip
    if lost_secrets:
        tell(
            "{n} webhook secret cannot be opened: name the root's file in FACTEUR_OLD_SECRET_FILES, or make a new one "
            "with facteur webhook rotate|{n} webhook secrets cannot be opened: name the root's file in "
            "FACTEUR_OLD_SECRET_FILES, or make new ones with facteur webhook rotate",
            n=len(lost_secrets),
        )  # fmt: skip
    if lost_providers:
        tell(
            "the secret of {n} payment provider cannot be opened: name the root's file in FACTEUR_OLD_SECRET_FILES, or "
            "set it again with facteur payment-provider set|the secrets of {n} payment providers cannot be opened: "
            "name the root's file in FACTEUR_OLD_SECRET_FILES, or set them again with facteur payment-provider set",
            n=len(lost_providers),
        )  # fmt: skip
    if lost_ibans:
        tell(
            "the IBAN of {n} mandate cannot be opened: name the root's file in FACTEUR_OLD_SECRET_FILES|the IBANs of "
            "{n} mandates cannot be opened: name the root's file in FACTEUR_OLD_SECRET_FILES",
            n=len(lost_ibans),
        )  # fmt: skip
    if lost_push_keys:
        tell(
            "{n} push signing key cannot be opened: name the root's file in FACTEUR_OLD_SECRET_FILES|{n} push signing "
            "keys cannot be opened: name the root's file in FACTEUR_OLD_SECRET_FILES",
            n=len(lost_push_keys),
        )
    if lost_apps:
        tell(
            "the secret of {n} authenticator app cannot be opened: name the root's file in FACTEUR_OLD_SECRET_FILES|"
            "the secrets of {n} authenticator apps cannot be opened: name the root's file in FACTEUR_OLD_SECRET_FILES",
            n=len(lost_apps),
        )
    if renewed.unreadable or lost_secrets or lost_providers or lost_ibans or lost_push_keys or lost_apps:
        sys.exit(1)


def _kind(ring: KeyRing, root: str) -> str:
    if root == BEFORE_ROOTS:
        return "before ids"
    if root == ring.present.id:
        return "present"
    return "old" if root in {each.id for each in ring.roots} else "missing"

"""`facteur keys`: lists the root secrets that the store needs, and takes the accounts' keys and the webhooks' secrets
over to the present one."""

import sys

import click
from rich.table import Table

from cli.open_store import opened_store
from cli.output import as_json, counted, counting, err, out, print_json
from issuers.brand_preview import renew_preview_keys
from store.delivery import BEFORE_ROOTS
from store.vault.key_ring import KeyRing
from store.vault.renew_account_keys import renew_account_keys
from store.vault.renew_webhook_secrets import renew_webhook_secrets
from store.vault.root_use import RootUse, root_uses


@click.group()
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
        table = Table("root", "is", "accounts", "letters", "webhooks", box=None)
        for root in [*named, *(uses.keys() - set(named))]:
            use, kind = uses.get(root, RootUse(root, 0, 0)), _kind(store.keys, root)
            if in_json:
                uses_told = {"accounts": use.accounts, "letters": use.letters, "webhook_secrets": use.webhook_secrets}
                print_json({"root": root, "is": kind, **uses_told})
            table.add_row(root, kind, str(use.accounts), str(use.letters), str(use.webhook_secrets))
        if not in_json:
            out.print(table, markup=False)


@keys.command("rotate")
def keys_rotate() -> None:
    """Encrypt the keys of all accounts and brand previews, and webhooks' secrets, under the present root. May be
    interrupted, and goes on when called again."""
    with opened_store() as (store, _), counting("accounts") as tell:
        renewed = renew_account_keys(store, tell)
        lost_secrets = renew_webhook_secrets(store)
        renew_preview_keys(store)
        present = store.keys.present.id
    out.print(f"the keys of {counted(renewed.number, 'account')} are under root {present} now", markup=False)
    if renewed.unreadable:
        some = ", ".join(map(str, renewed.unreadable[:20]))
        err.print(
            f"{counted(len(renewed.unreadable), 'account')} cannot be opened ({some}): their root is not configured; "
            "name its file in FACTEUR_OLD_SECRET_FILES"
        )
    if lost_secrets:
        err.print(
            f"{counted(len(lost_secrets), 'webhook secret')} cannot be opened: name the root's file in "
            "FACTEUR_OLD_SECRET_FILES, or make new ones with facteur webhook rotate"
        )
    if renewed.unreadable or lost_secrets:
        sys.exit(1)


def _kind(ring: KeyRing, root: str) -> str:
    if root == BEFORE_ROOTS:
        return "before ids"
    if root == ring.present.id:
        return "present"
    return "old" if root in {each.id for each in ring.roots} else "missing"

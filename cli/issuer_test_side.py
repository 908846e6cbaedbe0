"""`facteur issuer test|test-reset`: opens an issuer's test side, and empties it."""

import click

from cli.acting_person import acting
from cli.open_store import find_issuer, now, opened_store
from cli.output import refusing, tell
from cli.translated_help import command
from issuers.test_side import open_test_side
from issuers.test_side_reset import ask_for_reset, progress_of
from pipeline.test_sides.reset_side import resetting_side
from store.db.leases import acquire_lease, lease_heartbeat
from store.job import Job


@command("test")
@click.argument("slug")
@acting
def issuer_test(slug: str, by: str) -> None:
    """Open an issuer's test side, and print its slug: other verbs take it where they take an issuer."""
    with refusing(), opened_store() as (store, _), store.writing() as session:
        click.echo(open_test_side(session, find_issuer(session, slug), by, now()).slug)


@command("test-reset")
@click.argument("slug")
@acting
def issuer_test_reset(slug: str, by: str) -> None:
    """Delete all that is on an issuer's test side, and nothing else; its keys and settings stay."""
    with opened_store() as (store, settings):
        with refusing(), store.writing() as session:
            found = find_issuer(session, slug)
            side = found if found.is_test_side else open_test_side(session, found, by, now())
            job, reset_slug = ask_for_reset(session, side, by, now()), side.slug
        with store.writing() as session:
            is_ours = acquire_lease(session, Job, job.id, Job.state == "todo", attempts=Job.attempts + 1)
        if not is_ours:
            tell("a worker empties {slug} just now", slug=reset_slug)
            return
        with lease_heartbeat(store, Job, job.id):
            for _ in resetting_side(store, job, settings, now()):
                pass
        with store.reading() as session:
            progress = progress_of(session.get_one(Job, job.id))
    tell("{slug} is empty: {n} row deleted|{slug} is empty: {n} rows deleted", n=progress.deleted, slug=reset_slug)

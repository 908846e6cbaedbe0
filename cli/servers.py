"""`facteur up`, `web`, `worker`, `sftp`, `smtp` and `work`: runs all servers, one of them, or the pipeline in
this process."""

import logging
import signal
import sys
from datetime import UTC, datetime

import click

from cli.listening_port import listening, refuse_what_is_taken, served_ports, sftp_port, smtp_port, web_port
from cli.open_pipeline import mail_signers, open_pipeline
from cli.open_store import load_config, now, opened_store
from cli.output import refuse, refusing, tell, working, writes_log_for_programs
from cli.translated_help import command, option
from config import ConfigError
from store.db.wake_up_signal import NoWakeUpSignal, RedisWakeUpSignal
from store.last_worked_as_of import note_work

log = logging.getLogger(__name__)

MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])


@command()
def up() -> None:
    """Serve for real: web, worker, SFTP, SMTP and the embedded Valkey, started again when one dies."""
    from pipeline import supervisor

    settings = load_config()
    refuse_what_is_taken(served_ports(settings))
    mail_signers(settings)  # said here, where a worker would say it again and again
    with opened_store(NoWakeUpSignal()):
        pass  # migrate the database once, before its processes open it

    def say_where() -> None:
        sftp = f"{settings.sftp_host}:{settings.sftp_port}"
        if writes_log_for_programs():
            log.info("serves: web %s, SFTP %s, files in %s", settings.public_url, sftp, settings.home)
        else:
            tell("web {url}, SFTP {sftp}, files in {home}", url=settings.public_url, sftp=sftp, home=settings.home)

    doors = ("sftp", "smtp") if settings.mail_in_domain else ("sftp",)
    supervisor.run(settings, ("web", "worker", *doors), tell=say_where)


@command()
def web() -> None:
    """Serve the portal and the API."""
    import wsgi

    settings = load_config()
    with refusing():
        app = wsgi.make(settings)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # what is being answered is answered first
    with listening(web_port(settings)):
        wsgi.serve(app, settings)


@command()
def worker() -> None:
    """Run the pipeline: sweep the rows, wait for a wake-up signal, repeat."""
    from pipeline import worker_loop as loop

    with open_pipeline() as pipeline:
        wake_up = RedisWakeUpSignal(pipeline.config.redis_url)
        pipeline.store.wake_up = wake_up
        with pipeline.store.writing() as session:
            note_work(session, now())
        loop.run(pipeline, wake_up)


@command()
def sftp() -> None:
    """Serve the issuers' SFTP drop."""
    from doors.sftp import sftp_server as drop_by_sftp

    with opened_store() as (store, settings), listening(sftp_port(settings)):
        drop_by_sftp.run(
            store, settings.sftp_host, settings.sftp_port, settings.drops, settings.home / "sftp_host_key", now
        )


@command()
def smtp() -> None:
    """Take the e-mails with bills that people send to their personal addresses."""
    from doors.smtp import smtp_server

    with opened_store() as (store, settings):
        if not settings.mail_in_domain:
            refuse(ConfigError("FACTEUR_MAIL_IN_DOMAIN: give the domain of people's addresses for bills"))
        door = smtp_server.SmtpDoor(
            host=settings.mail_in_host, port=settings.mail_in_port, domain=settings.mail_in_domain,
            certificate=settings.mail_in_certificate, key=settings.mail_in_key,
        )  # fmt: skip
        with listening(smtp_port(settings)):
            smtp_server.run(store, door, now)


@command()
@option("--until-idle", is_flag=True, help="End when nothing is due and no lease is alive.")
@option("--as-of", type=MOMENT, help="Business time, for due dates and cut-offs; UTC unless it says.")
def work(until_idle: bool, as_of: datetime | None) -> None:
    """Run the pipeline in this process, without Redis."""
    moment = None if as_of is None else as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    with open_pipeline() as pipeline:
        with pipeline.store.writing() as session:
            note_work(session, now(), moment)
        if not until_idle:
            from pipeline import worker_loop as loop

            loop.run(pipeline, RedisWakeUpSignal(pipeline.config.redis_url))
            return
        with working() as report:
            pipeline.work_until_idle(moment or now(), report)

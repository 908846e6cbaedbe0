"""The road's verbs by hand: `facteur …` (design.md §6; scripts lean on it).

`--json` prints one JSON object a line on stdout and nothing else there; progress and words go to stderr.
Exit 0 done, 1 the data said no, 2 wrong usage.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import adoption
import config
import delivery
from bill import spell_money
from issuers import registry
from issuers.drop import Refused, drop
from issuers.profile import ProfileError, read_logo, read_profile
from issuers.report import feed_report, refusal_report
from road import Road, decide
from store import Store, open_store
from store.account import CustomerAccount
from store.bell import Bell, NoBell, RedisBell
from store.bill import BillRow, bill_by_number, released_bills
from store.chunk import Chunk
from store.delivery import deliveries_of
from store.feed import Feed, read_again
from store.invariants import check as check_invariants
from store.issuer import Issuer, all_issuers, issuer_by_slug, new_key, revoke_keys
from store.print_batch import batches

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False)


class Says(click.ClickException):
    """The data said no: the message says what and what to do; exit 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        err.print(f"[red]facteur:[/] {self.message}", markup=True)


def say_no(message: str) -> NoReturn:
    raise Says(message.replace("[", r"\["))


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def a_store(bell: Bell | None = None) -> Iterator[tuple[Store, config.Config]]:
    """The store that the environment names."""
    settings = load_config()
    store = open_store(
        settings.database_url, settings.blobs_url, settings.secret, settings.home / "incoming",
        bell or RedisBell(settings.redis_url),
    )  # fmt: skip
    try:
        yield store, settings
    finally:
        store.close()


def load_config() -> config.Config:
    try:
        return config.load()
    except config.ConfigError as error:
        say_no(str(error))


@contextmanager
def a_road() -> Iterator[Road]:
    """The road, with a postman: the dev inbox, unless there is a relay."""
    with (
        a_store(NoBell()) as (store, settings),
        delivery.open_post(settings.smtp_url, settings.inbox, settings.sender) as post,
    ):
        yield Road(store, settings, post)


def print_json(value: Any) -> None:
    click.echo(msgspec.json.encode(value, decimal_format="string").decode())


def as_json(command: Any) -> Any:
    """The `--json` flag."""
    return click.option("--json", "in_json", is_flag=True, help="One JSON object a line on stdout.")(command)


def find_issuer(session: Session, slug: str) -> Issuer:
    issuer = issuer_by_slug(session, slug)
    if issuer is None:
        known = ", ".join(each.slug for each in all_issuers(session)) or "none yet"
        say_no(f"there is no issuer {slug!r} (known: {known}); add it with: facteur issuer add {slug} --name NAME")
    return issuer


def find_feed(session: Session, feed_id: int) -> Feed:
    feed = session.get(Feed, feed_id)
    if feed is None:
        say_no(f"there is no feed {feed_id}")
    return feed


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="facteur")
@click.option("-v", "--verbose", is_flag=True, help="Say what is being done, on stderr.")
def main(verbose: bool) -> None:
    """Facteur: one portal for every bill, and paper in time for whoever does not go digital."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )  # fmt: skip


# -- serving ---------------------------------------------------------------------------------------------------


@main.command()
def up() -> None:
    """Serve for real: web, worker, SFTP and the embedded Valkey, started again when one dies."""
    import up as supervisor

    settings = load_config()
    with a_store(NoBell()):
        pass  # the tables are brought up to date once, before four processes ask for them

    def tell() -> None:
        err.print(
            f"web [bold]{settings.public_url}[/]   sftp {settings.sftp_host}:{settings.sftp_port}   home {settings.home}"
        )

    supervisor.run(settings, tell=tell)


@main.command()
def web() -> None:
    """Serve the portal and the API."""
    import waitress

    import wsgi

    settings = load_config()
    waitress.serve(
        wsgi.make(settings), host=settings.web_host, port=settings.web_port, threads=8, ident="facteur",
        max_request_body_size=4 << 30,
    )  # fmt: skip


@main.command()
def worker() -> None:
    """Work the road: sweep the rows, listen for the bell, repeat."""
    import worker as loop

    with a_road() as road:
        bell = RedisBell(road.config.redis_url)
        road.store.bell = bell
        loop.run(road, bell)


@main.command()
def sftp() -> None:
    """Serve the issuers' SFTP drop."""
    from issuers import sftp as drop_by_sftp

    with a_store() as (store, settings):
        drop_by_sftp.run(store, settings.sftp_host, settings.sftp_port, settings.drops, settings.home / "sftp_host_key")


@main.command()
@click.option("--until-idle", is_flag=True, help="End when nothing is due and no lease is alive.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]),
              help="Business time: due dates and cut-offs are looked at from this moment (UTC unless it says).")  # fmt: skip
def work(until_idle: bool, as_of: datetime | None) -> None:
    """Work the road in this process, without Redis."""
    import worker as loop

    moment = None if as_of is None else as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    with a_road() as road:
        if not until_idle:
            loop.run(road, RedisBell(road.config.redis_url))
            return
        with working() as tell:
            road.work_until_idle(moment or now(), tell)


@contextmanager
def working() -> Iterator[Any]:
    """A line on stderr that says what is being done, and how often."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task("looking")
        steps: dict[str, int] = {}

        def tell(step: str) -> None:
            steps[step] = steps.get(step, 0) + 1
            bar.update(task, description="  ".join(f"{name} {times}" for name, times in steps.items()))

        yield tell


# -- issuers, operators ----------------------------------------------------------------------------------------


@main.group()
def operator() -> None:
    """Who runs the service."""


@operator.command("add")
@click.argument("email")
def operator_add(email: str) -> None:
    """Invite an operator; prints the link that sets the password."""
    with a_store() as (store, settings):
        with refusing(), store.writing() as session:
            staff = registry.add_operator(session, email, now())
            session.flush()
        store.bell.ring()
        click.echo(registry.invitation(staff, settings.secret, settings.public_url))


@main.group()
def issuer() -> None:
    """Who issues bills."""


@issuer.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="As people know the issuer.")
@click.option("--profile", "profile_file", type=click.Path(path_type=Path, dir_okay=False), help="A TOML file.")
def issuer_add(slug: str, name: str, profile_file: Path | None) -> None:
    """Add an issuer; one that is there takes the new name and profile."""
    with refusing():
        text, logo = read_profile_file(profile_file)
        with a_store() as (store, _), store.writing() as session:
            registry.add_issuer(session, slug, name, now(), profile_text=text, logo=logo)
    err.print(f"issuer {slug}: {name}")


def read_profile_file(path: Path | None) -> tuple[str, bytes | None]:
    """The text of a profile that can be used, and its logo."""
    if path is None:
        return "", None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError("", f"{path} cannot be read: {error}") from error
    profile = read_profile(text)
    return text, read_logo(path.parent, profile.brand.logo) if profile.brand.logo else None


@issuer.command("key")
@click.argument("slug")
@click.option("--revoke", is_flag=True, help="Close the issuer's other keys.")
def issuer_key(slug: str, revoke: bool) -> None:
    """A new API key, shown once."""
    with a_store() as (store, _), store.writing() as session:
        found = find_issuer(session, slug)
        if revoke:
            err.print(f"{revoke_keys(session, found, now())} keys revoked")
        click.echo(new_key(session, found, now()))


@issuer.group("member")
def issuer_member() -> None:
    """Who works for an issuer."""


@issuer_member.command("add")
@click.argument("slug")
@click.argument("email")
def issuer_member_add(slug: str, email: str) -> None:
    """Invite a member of an issuer's team; prints the link that sets the password."""
    with a_store() as (store, settings):
        with refusing(), store.writing() as session:
            staff = registry.add_member(session, find_issuer(session, slug).slug, email, now())
            session.flush()
        store.bell.ring()
        click.echo(registry.invitation(staff, settings.secret, settings.public_url))


@issuer.command("sftp")
@click.argument("slug")
@click.option("--key", "key_file", type=click.Path(path_type=Path, dir_okay=False), help="An OpenSSH public key.")
def issuer_sftp(slug: str, key_file: Path | None) -> None:
    """Let an issuer enter the SFTP drop, by its public key or by a new password, shown once."""
    with refusing(), a_store() as (store, _), store.writing() as session:
        found = find_issuer(session, slug)
        if key_file is not None:
            registry.add_sftp_key(session, found, key_file.read_text(encoding="utf-8"), now())
            err.print(f"issuer {slug} enters with {key_file.name}")
        else:
            click.echo(registry.set_sftp_password(session, found, now()))


@contextmanager
def refusing() -> Iterator[None]:
    """What a person typed wrong is said in one line, with exit code 1."""
    try:
        yield
    except (ProfileError, registry.IssuerError, OSError) as error:
        say_no(str(error))


# -- feeds -----------------------------------------------------------------------------------------------------


@main.group()
def feed() -> None:
    """What issuers dropped, and what became of it."""


@feed.command("drop")
@click.argument("slug")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--wait", is_flag=True, help="Come back when the bills are rendered and chosen.")
@as_json
def feed_drop(slug: str, files: tuple[Path, ...], wait: bool, in_json: bool) -> None:
    """Drop files of an issuer, as the other doors do."""
    refused = False
    with a_road() as road:
        road.store.bell = RedisBell(road.config.redis_url)
        with road.store.reading() as session:
            found = find_issuer(session, slug)
        for path in files:
            report = drop_one(road, found, path, wait)
            refused |= report["feed"] is None or report["state"] == "rejected"
            print_json(report) if in_json else print_report(report)
    sys.exit(1 if refused else 0)


def drop_one(road: Road, found: Issuer, path: Path, wait: bool) -> dict[str, Any]:
    """Drop one file and say what became of it (so far, unless it is waited for)."""
    try:
        with path.open("rb") as stream:
            dropped = drop(road.store, found, stream, path.name, "cli", now())
    except Refused as refusal:
        return refusal_report(found, path.name, refusal.finding)
    except OSError as error:
        say_no(f"{path} cannot be read: {error.strerror}")
    if wait:
        with waiting(road, dropped.feed_id) as tell:
            road.work_feed(dropped.feed_id, now(), tell)
    with road.store.reading() as session:
        return feed_report(session, session.get_one(Feed, dropped.feed_id))


@contextmanager
def waiting(road: Road, feed_id: int) -> Iterator[Any]:
    """A bar of the feed's chunks, on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def tell(_step: str) -> None:
            with road.store.reading() as session:
                every = select(func.count()).where(Chunk.feed_id == feed_id)
                total, done = session.scalar(every) or 0, session.scalar(every.where(Chunk.state == "done")) or 0
            bar.update(task, description="rendering", total=total or None, completed=done)

        yield tell


@feed.command("report")
@click.argument("feed_id", type=int, metavar="FEED")
@as_json
def feed_report_(feed_id: int, in_json: bool) -> None:
    """What became of a feed: every item's outcome, the totals, the findings."""
    with a_store() as (store, _), store.reading() as session:
        report = feed_report(session, find_feed(session, feed_id))
    print_json(report) if in_json else print_report(report)


def print_report(report: dict[str, Any]) -> None:
    out.print(
        f"feed {report['feed'] or '-'}  {report['file']}  [bold]{report['state']}[/]  {report['format']}", markup=True
    )
    counts = "  ".join(f"{name} {number}" for name, number in report["counts"].items() if number)
    totals = "  ".join(f"{amount} {currency}" for currency, amount in report["totals"].items())
    out.print(f"  {counts or 'nothing yet'}   {totals}", markup=False)
    if report["findings"]:
        table = Table("severity", "rule", "number", "place", "message", box=None, padding=(0, 1))
        for finding in report["findings"]:
            table.add_row(*[str(finding[key] or "") for key in ("severity", "rule", "number", "place", "message")])
        out.print(table, markup=False)


@feed.command("release")
@click.argument("feed_id", type=int, metavar="FEED")
@click.option("--by", required=True, help="Who decides.")
@click.option("--reason", required=True)
def feed_release(feed_id: int, by: str, reason: str) -> None:
    """Let a held feed go on."""
    decide_on(feed_id, "release", by, reason)


@feed.command("reject")
@click.argument("feed_id", type=int, metavar="FEED")
@click.option("--by", required=True, help="Who decides.")
@click.option("--reason", required=True)
def feed_reject(feed_id: int, by: str, reason: str) -> None:
    """Refuse a held feed: nothing of it is delivered."""
    decide_on(feed_id, "reject", by, reason)


def decide_on(feed_id: int, decision: str, by: str, reason: str) -> None:
    with a_store() as (store, _):
        with store.writing() as session:
            found = find_feed(session, feed_id)
            if not decide(session, found, decision, by, reason, now()):
                say_no(f"feed {feed_id} is {found.state}, not held")
        store.bell.ring()


@feed.command("replay")
@click.argument("feed_id", type=int, metavar="FEED")
@click.option("--dry-run", is_flag=True, help="Only say what the feed gives with the profile as it is now.")
def feed_replay(feed_id: int, dry_run: bool) -> None:
    """Read a rejected feed again, with a corrected profile."""
    with a_road() as road:
        with road.store.reading() as session:
            found = find_feed(session, feed_id)
        if dry_run:
            say_what_it_gives(road, found)
            return
        with road.store.writing() as session:
            if not read_again(session, session.get_one(Feed, feed_id), now(), "cli"):
                say_no(f"feed {feed_id} is {found.state}: only a rejected feed is read again")
        with waiting(road, feed_id) as tell:
            road.work_feed(feed_id, now(), tell)
        with road.store.reading() as session:
            print_report(feed_report(session, session.get_one(Feed, feed_id)))


def say_what_it_gives(road: Road, found: Feed) -> None:
    trial = road.try_reading(found)
    out.print(f"feed {found.id} would give {trial.bills} bills and {trial.refused} refusals"
              f"{'' if trial.whole else '; it is not whole and would be rejected'}")  # fmt: skip
    for finding in trial.findings:
        out.print(f"  {finding.severity} {finding.rule} {finding.place} {finding.message}", markup=False)


# -- bills -----------------------------------------------------------------------------------------------------


@main.group()
def bill() -> None:
    """Bills as kept."""


@bill.command("list")
@click.option("--issuer", "slug", help="Of this issuer only.")
@as_json
def bill_list(slug: str | None, in_json: bool) -> None:
    """Released bills."""
    with a_store() as (store, _), store.reading() as session:
        issuer_id = find_issuer(session, slug).id if slug else None
        slugs = {each.id: each.slug for each in all_issuers(session)}
        after = 0
        while rows := released_bills(session, issuer_id, after):
            numbers = account_numbers(session, rows)
            for row in rows:
                line = bill_line(row, slugs[row.issuer_id], numbers[row.account_id])
                print_json(line) if in_json else print_bill_line(line)
            after = rows[-1].id
            session.expunge_all()


def account_numbers(session: Session, rows: list[BillRow]) -> dict[int, str]:
    query = select(CustomerAccount).where(CustomerAccount.id.in_({row.account_id for row in rows}))
    return {account.id: account.number or account.value for account in session.scalars(query)}


def bill_line(row: BillRow, slug: str, account: str) -> dict[str, Any]:
    return {
        "issuer": slug, "number": row.number, "type_code": row.type_code, "issue_date": row.issue_date,
        "due_date": row.due_date, "currency": row.currency, "gross": row.gross and written(row.gross),
        "payable": written(row.payable), "seller_name": row.seller_name, "buyer_name": row.buyer_name,
        "account": account, "line_count": row.line_count, "state": row.state, "channel": row.channel,
        "pdf_sha256": row.pdf_sha256,
    }  # fmt: skip


def written(amount: Any) -> str:
    """An amount as a decimal string with at least two places, and no more than it has."""
    text = f"{amount:f}"
    whole, _, places = text.partition(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}"


def print_bill_line(line: dict[str, Any]) -> None:
    out.print(
        f"{line['issuer']:16} {line['number']:24} {line['issue_date']} {line['payable']:>12} {line['currency']} "
        f"{line['state']:9} {line['channel'] or '':7} {line['buyer_name']}",
        markup=False,
    )


@bill.command("show")
@click.argument("slug")
@click.argument("number")
@as_json
def bill_show(slug: str, number: str, in_json: bool) -> None:
    """One bill: its terms, and what became of it."""
    with a_store() as (store, _), store.reading() as session:
        row = find_bill(session, slug, number)
        line = bill_line(row, slug, account_numbers(session, [row])[row.account_id])
        fate = [
            {"channel": each.channel, "purpose": each.purpose, "state": each.state, "due_at": each.due_at, "reason": each.reason}
            for each in deliveries_of(session, row.id)
        ]  # fmt: skip
        if in_json:
            print_json(line | {"bill": msgspec.json.decode(msgspec.json.encode(named(row.bill))), "deliveries": fate})
            return
        print_bill_line(line)
        for each in row.bill.lines:
            amount = "" if each.net_amount is None else spell_money(each.net_amount, row.currency)
            out.print(f"  {each.name[:60]:60} {amount:>16}", markup=False)
        for each in fate:
            out.print(f"  {each['channel']:7} {each['purpose']:9} {each['state']:10} {each['reason']}", markup=False)


def named(value: Any) -> Any:
    """A noun with the names of its fields (packed nouns have places only); absent terms left out."""
    if isinstance(value, msgspec.Struct):
        pairs = ((field, named(getattr(value, field))) for field in value.__struct_fields__)
        return {field: each for field, each in pairs if each not in (None, "", [], {})}
    if isinstance(value, tuple):
        return [named(each) for each in value]
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value


@bill.command("pdf")
@click.argument("slug")
@click.argument("number")
@click.option("-o", "target", required=True, type=click.Path(path_type=Path, dir_okay=False))
def bill_pdf(slug: str, number: str, target: Path) -> None:
    """The archived PDF of a bill, bit for bit."""
    with a_store() as (store, _), store.reading() as session:
        row = find_bill(session, slug, number)
        if row.pdf_sha256 is None:
            say_no(f"bill {number} has no PDF yet: it is {row.state}; run: facteur work --until-idle")
        content = store.archive(session).pdf(row)
    try:
        target.write_bytes(content)
    except OSError as error:
        say_no(f"{target} cannot be written: {error.strerror}")


def find_bill(session: Session, slug: str, number: str) -> BillRow:
    row = bill_by_number(session, find_issuer(session, slug).id, number)
    if row is None:
        say_no(f"issuer {slug} has no bill {number!r}")
    return row


# -- adoption, print, check ------------------------------------------------------------------------------------


@main.command("adoption")
@click.option("--issuer", "slug", help="Of this issuer only.")
@as_json
def adoption_(slug: str | None, in_json: bool) -> None:
    """Who goes digital: by issuer and month."""
    with a_store() as (store, _), store.reading() as session:
        issuer_id = find_issuer(session, slug).id if slug else None
        rows = adoption.months(session, issuer_id)
    if in_json:
        for row in rows:
            print_json(row)
        return
    table = Table(*(rows[0] if rows else ["issuer", "month"]), box=None, padding=(0, 1))
    for row in rows:
        table.add_row(*(f"{value:.0%}" if isinstance(value, float) else str(value) for value in row.values()))
    out.print(table)


@main.group("print")
def print_() -> None:
    """Print batches."""


@print_.command("list")
@as_json
def print_list(in_json: bool) -> None:
    """The latest print batches."""
    with a_store() as (store, _), store.reading() as session:
        rows = batches(session)
    lines = [
        {"batch": row.id, "state": row.state, "letters": row.letters, "sheets": row.sheets, "name": row.name,
         "cut_off_at": row.cut_off_at, "handed_over_at": row.handed_over_at, "pdf_sha256": row.pdf_sha256}
        for row in rows
    ]  # fmt: skip
    for line in lines:
        print_json(line) if in_json else out.print("  ".join(str(value) for value in line.values()), markup=False)


@print_.command("close")
@as_json
def print_close(in_json: bool) -> None:
    """Close the open batch before its cut-off, and hand it over."""
    with a_road() as road:
        handed = road.close_batch(now())
        with road.store.reading() as session:
            rows = batches(session, handed) if handed else []
    for row in rows:
        line = {"batch": row.id, "letters": row.letters, "sheets": row.sheets, "file": f"{row.name}.pdf"}
        print_json(line) if in_json else out.print(
            f"batch {row.id}: {row.letters} letters, {row.sheets} sheets, {row.name}.pdf"
        )
    if not rows:
        err.print("no letter waits to be printed")


@main.command("check")
@as_json
def check(in_json: bool) -> None:
    """The nothing-lost invariants; exit 1 and the rows, if one is broken."""
    with a_store(NoBell()) as (store, _), counting("PDFs read") as tell:
        broken = check_invariants(store, tell)
    ok = not any(broken.values())
    if in_json:
        print_json({"ok": ok, "invariants": {name: len(rows) for name, rows in broken.items()}})
    else:
        for name, rows in broken.items():
            out.print(
                f"{'[green]ok[/]    ' if not rows else '[red]broken[/]'} {name}{f'  {len(rows)}' if rows else ''}"
            )
            for row in rows[:20]:
                out.print(f"         {row}", markup=False)
    sys.exit(0 if ok else 1)


@contextmanager
def counting(what: str) -> Iterator[Any]:
    """A growing number on stderr."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.completed} " + what), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda more: bar.advance(task, more)


# -- the demo --------------------------------------------------------------------------------------------------


@main.command()
@click.option("--no-serve", is_flag=True, help="Stop after the road, with a summary.")
def demo(no_serve: bool) -> None:
    """A world to look at: sample issuers, people and feeds through the whole road; then serve it."""
    from demo.summary import print_summary
    from demo.world import World

    with a_road() as road:
        with road.store.reading() as session:
            if all_issuers(session):
                say_no(f"{road.config.home} holds a world already: give an empty FACTEUR_HOME, or remove that folder")
        world = World(road.store, road.config)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err) as bar:
            task = bar.add_task("the world is made", total=None)
            world.prepare()
            world.live(
                road.work_until_idle,
                lambda words, done, total: bar.update(task, description=words, completed=done, total=total),
            )
        print_summary(road.store, road.config, out)
    if not no_serve:
        up.callback()  # type: ignore[misc]


if __name__ == "__main__":
    main()

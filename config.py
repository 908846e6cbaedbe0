"""Environment -> one frozen Config. Nobody else reads the environment.

Everything has an embedded default but the secret, which is made at first start and kept in a file of mode 0600;
with a database of one's own the secret must be given.
"""

import base64
import binascii
import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

from words.spoken_error import SpokenError

#: A secret shorter than this could be guessed from a signed link (OWASP ASVS 5.0 11.4).
SHORTEST_SECRET: Final = 32
#: Letters before the @ of the mailbox of bounces: a return path adds 46 of at most 64 (RFC 5321 4.5.3.1.1).
LONGEST_BOUNCE_MAILBOX: Final = 18
_DOMAIN: Final = r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
#: An address as mail servers take it: an accented domain is written in ASCII (RFC 5891).
_ADDRESS: Final = rf"[A-Za-z0-9_.!#$%&'*+/=?^`{{|}}~-]{{1,64}}@{_DOMAIN}"
#: What hosts of URLs name this very machine.
THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})
#: Days that anything may wait for a person.
LONGEST_WAIT: Final = 3650


class ConfigError(SpokenError):
    """The environment asks for something that cannot be: the message names the variable and what to do."""


class DkimKey(msgspec.Struct, frozen=True):
    """A private key that signs e-mails: its selector in the DNS, and the content of its file."""

    selector: str
    pem: bytes


class OidcProvider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A provider by which people may sign in (OpenID Connect). *trusts_email*: an address that it says it has verified
    may find the space that has it. The secret is never in the file."""

    id: str
    name: str
    issuer: str
    client_id: str
    scope: str = "openid email profile"
    acr_values: tuple[str, ...] = ()
    trusts_email: bool = False
    client_secret: str = ""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is. Handed in at the entrances (cli, wsgi, worker)."""

    home: Path  # FACTEUR_HOME
    database_url: str  # FACTEUR_DATABASE_URL
    redis_url: str  # FACTEUR_REDIS_URL
    blobs_url: str  # FACTEUR_BLOBS_URL: file:///… or s3://bucket/prefix
    smtp_url: str  # FACTEUR_SMTP_URL: smtp://user:password@host:port; empty is the dev inbox
    public_url: str  # FACTEUR_PUBLIC_URL: what links in mails and letters begin with
    secret: bytes  # FACTEUR_SECRET_FILE: the present root of all keys (`store.vault.key_ring`)
    old_secrets: tuple[bytes, ...] = ()  # FACTEUR_OLD_SECRET_FILES: those before it, newest first
    web_host: str = "127.0.0.1"  # FACTEUR_WEB_HOST
    web_port: int = 8080  # FACTEUR_WEB_PORT
    trusted_proxies: tuple[str, ...] = ()  # FACTEUR_TRUSTED_PROXIES: who may say whom they ask for (X-Forwarded-For)
    sftp_host: str = "127.0.0.1"  # FACTEUR_SFTP_HOST
    sftp_port: int = 2222  # FACTEUR_SFTP_PORT
    mail_in_domain: str = ""  # FACTEUR_MAIL_IN_DOMAIN: of people's addresses for bills; empty: there are none
    mail_in_host: str = "127.0.0.1"  # FACTEUR_MAIL_IN_HOST: where the SMTP door listens
    mail_in_port: int = 2525  # FACTEUR_MAIL_IN_PORT
    mail_in_certificate: Path | None = None  # FACTEUR_MAIL_IN_CERTIFICATE: PEM, for STARTTLS
    mail_in_key: Path | None = None  # FACTEUR_MAIL_IN_KEY: its private key, where the certificate's file has none
    sender: str = "Facteur <facteur@localhost>"  # FACTEUR_MAIL_FROM
    bounce_address: str = ""  # FACTEUR_BOUNCE_ADDRESS: where bounces arrive; empty: at the `sender`
    bounces_url: str = ""  # FACTEUR_BOUNCES_URL: maildir:///… or imaps://user:password@host/folder
    mail_hook_secret: bytes = b""  # FACTEUR_MAIL_HOOK_SECRET_FILE: signs what is told of mails; empty: nobody may
    reply_to: str = ""  # FACTEUR_REPLY_TO: who reads answers to mails of no issuer; empty: the sender does
    dkim_keys: tuple[DkimKey, ...] = ()  # FACTEUR_DKIM_KEY, FACTEUR_DKIM_SELECTOR
    dkim_domain: str = ""  # FACTEUR_DKIM_DOMAIN: whose keys they are; the sender's where it is not given
    print_house: Path | None = (
        None  # FACTEUR_PRINT_HOUSE: a TOML file that `delivery.channels.paper.print_house_profile` reads
    )
    print_postcode: str = ""  # FACTEUR_PRINT_POSTCODE: where it stands; some regions have holidays of their own
    e_seals: Path | None = None  # FACTEUR_SIGNETS: a folder with issuers' certificates (`issuers.pdf_e_seal`)
    tsa_url: str = ""  # FACTEUR_TSA_URL: who stamps the time on seals (RFC 3161)
    time_zone: str = "Europe/Paris"  # FACTEUR_TIME_ZONE: whose days, cut-offs and holidays count
    conflict_days: int = 60  # FACTEUR_CONFLICT_DAYS: how long other content under a used number waits for a decision
    event_days: int = 400  # FACTEUR_EVENT_DAYS: how long events for issuers are kept, to be sent again
    sms_url: str = ""  # FACTEUR_SMS_URL: https://key@host/…, the provider of SMS; empty sends none but in development
    sms_sender: str = "Facteur"  # FACTEUR_SMS_FROM: at most eleven letters and digits, or a number
    sms_price: Decimal = Decimal(0)  # FACTEUR_SMS_PRICE: of a segment in EUR, where the provider does not tell it
    sms_secret: bytes = b""  # FACTEUR_SMS_SECRET: whsec_…, signs what the provider tells of SMS
    webhook_ca_file: Path | None = None  # FACTEUR_WEBHOOK_CA_FILE: authorities trusted in place of the system's
    operators_need_second_factor: bool = False  # FACTEUR_OPERATORS_NEED_SECOND_FACTOR=1: a password alone is not enough
    lost_factor_days: int = 3  # FACTEUR_LOST_FACTOR_DAYS: how long the removal of lost second factors waits
    metrics_token: bytes = b""  # FACTEUR_METRICS_TOKEN_FILE: who may read /metrics; empty: this very machine
    webhook_loopback: bool = False  # FACTEUR_WEBHOOK_LOOPBACK=1: webhooks may go to this very machine, by http too

    oidc_providers: tuple[OidcProvider, ...] = ()  # FACTEUR_OIDC_PROVIDERS: a TOML file; FACTEUR_OIDC_SECRET_<ID>

    @property
    def is_embedded_redis(self) -> bool:
        return self.redis_url == embedded_redis_url(self.home)

    @property
    def has_dev_inbox(self) -> bool:
        """Whether mails go to a folder that anybody on this machine may look into."""
        return not self.smtp_url

    @property
    def offers_sms(self) -> bool:
        """Whether SMS are sent: by a provider, or into a folder where mails go to one too."""
        return bool(self.sms_url) or self.has_dev_inbox

    @property
    def sms_folder(self) -> Path | None:
        """Where SMS are kept that nobody sends; None where mails are sent for real."""
        return self.inbox / "sms" if self.has_dev_inbox else None

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def outbox(self) -> Path:
        """Where print batches are handed over to the print house."""
        return self.home / "outbox"

    @property
    def test_outbox(self) -> Path:
        """Where the letters of test sides lie, a folder a side: no print house looks there."""
        return self.home / "test-outbox"

    @property
    def drops(self) -> Path:
        """The SFTP roots, a folder an issuer."""
        return self.home / "sftp"


def load(environ: Mapping[str, str] | None = None) -> Config:
    """The configuration that the environment describes, with its folders made; ConfigError where it cannot be."""
    env = os.environ if environ is None else environ
    home = Path(env.get("FACTEUR_HOME") or "var").absolute()
    home.mkdir(parents=True, exist_ok=True)
    database_url = env.get("FACTEUR_DATABASE_URL") or f"sqlite:///{home / 'facteur.db'}"
    web_port = _port(env, "FACTEUR_WEB_PORT", 8080)
    return Config(
        home=home,
        database_url=database_url,
        redis_url=env.get("FACTEUR_REDIS_URL") or embedded_redis_url(home),
        blobs_url=env.get("FACTEUR_BLOBS_URL") or (home / "blobs").as_uri(),
        smtp_url=_smtp(env.get("FACTEUR_SMTP_URL", "")),
        public_url=(env.get("FACTEUR_PUBLIC_URL") or f"http://127.0.0.1:{web_port}").rstrip("/"),
        secret=_secret(env, home, embedded=database_url.startswith("sqlite:")),
        old_secrets=_old_secrets(env),
        web_host=env.get("FACTEUR_WEB_HOST") or "127.0.0.1",
        web_port=web_port,
        trusted_proxies=_networks(env, "FACTEUR_TRUSTED_PROXIES"),
        sftp_host=env.get("FACTEUR_SFTP_HOST") or "127.0.0.1",
        sftp_port=_port(env, "FACTEUR_SFTP_PORT", 2222),
        mail_in_domain=_mail_in_domain(env),
        mail_in_host=env.get("FACTEUR_MAIL_IN_HOST") or "127.0.0.1",
        mail_in_port=_port(env, "FACTEUR_MAIL_IN_PORT", 2525),
        mail_in_certificate=Path(pem) if (pem := env.get("FACTEUR_MAIL_IN_CERTIFICATE")) else None,
        mail_in_key=Path(pem) if (pem := env.get("FACTEUR_MAIL_IN_KEY")) else None,
        sender=_sender(env),
        bounce_address=_bounce_address(env),
        bounces_url=_bounces_url(env),
        mail_hook_secret=_read_secret(Path(path)) if (path := env.get("FACTEUR_MAIL_HOOK_SECRET_FILE")) else b"",
        reply_to=_reply_to(env),
        dkim_keys=_dkim_keys(env),
        dkim_domain=env.get("FACTEUR_DKIM_DOMAIN", ""),
        print_house=Path(given) if (given := env.get("FACTEUR_PRINT_HOUSE")) else None,
        print_postcode=_postcode(env, "FACTEUR_PRINT_POSTCODE"),
        e_seals=Path(folder) if (folder := env.get("FACTEUR_SIGNETS")) else None,
        tsa_url=env.get("FACTEUR_TSA_URL", ""),
        time_zone=env.get("FACTEUR_TIME_ZONE") or "Europe/Paris",
        conflict_days=_days(env, "FACTEUR_CONFLICT_DAYS", 60),
        event_days=_days(env, "FACTEUR_EVENT_DAYS", 400),
        sms_url=_sms(env.get("FACTEUR_SMS_URL", "")),
        sms_sender=_sms_sender(env.get("FACTEUR_SMS_FROM") or "Facteur"),
        sms_price=_price(env, "FACTEUR_SMS_PRICE"),
        sms_secret=_hook_secret(env, "FACTEUR_SMS_SECRET"),
        webhook_ca_file=Path(file) if (file := env.get("FACTEUR_WEBHOOK_CA_FILE")) else None,
        operators_need_second_factor=env.get("FACTEUR_OPERATORS_NEED_SECOND_FACTOR") == "1",
        lost_factor_days=_days(env, "FACTEUR_LOST_FACTOR_DAYS", 3),
        metrics_token=_read_secret(Path(path)) if (path := env.get("FACTEUR_METRICS_TOKEN_FILE")) else b"",
        webhook_loopback=env.get("FACTEUR_WEBHOOK_LOOPBACK") == "1",
        oidc_providers=_oidc_providers(env),
    )


def _oidc_providers(env: Mapping[str, str]) -> tuple[OidcProvider, ...]:
    """The tables `[[provider]]` of the file, each with the secret that its variable has."""
    if not (path := env.get("FACTEUR_OIDC_PROVIDERS")):
        return ()
    try:
        found = msgspec.toml.decode(Path(path).read_bytes(), type=dict[str, tuple[OidcProvider, ...]])
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigError("FACTEUR_OIDC_PROVIDERS: {path} cannot be read: {reason}", path=path, reason=error) from error
    providers = found.get("provider", ())
    if len({each.id for each in providers}) < len(providers):
        raise ConfigError("FACTEUR_OIDC_PROVIDERS: two providers have the same id")
    return tuple(_with_secret(env, each) for each in providers)


def _with_secret(env: Mapping[str, str], provider: OidcProvider) -> OidcProvider:
    issuer = urlsplit(provider.issuer)
    if not re.fullmatch("[a-z][a-z0-9-]{1,39}", provider.id):
        raise ConfigError(
            "FACTEUR_OIDC_PROVIDERS: {value!r} is no id: give small letters, digits and hyphens", value=provider.id
        )
    if issuer.scheme != "https" and (issuer.scheme != "http" or issuer.hostname not in THIS_MACHINE):
        raise ConfigError("FACTEUR_OIDC_PROVIDERS: {value!r} is no https URL", value=provider.issuer)
    name = f"FACTEUR_OIDC_SECRET_{provider.id.upper().replace('-', '_')}"
    if provider.client_secret or not (secret := env.get(name, "")):
        raise ConfigError("{name}: give the secret of the provider here, and not in the file", name=name)
    return msgspec.structs.replace(provider, client_secret=secret)


def log_format(environ: Mapping[str, str] | None = None) -> Literal["text", "json"]:
    """The form of the log's lines that FACTEUR_LOG_FORMAT asks for; ConfigError where it is none."""
    env = os.environ if environ is None else environ
    match env.get("FACTEUR_LOG_FORMAT") or "text":
        case "json":
            return "json"
        case "text":
            return "text"
        case other:
            raise ConfigError("FACTEUR_LOG_FORMAT={value!r}: give text or json", value=other)


def preferred_languages(environ: Mapping[str, str] | None = None) -> list[str]:
    """The languages (`fr`, `en`) that the command line is wanted in, the best first; none where the environment says
    none.

    FACTEUR_LANGUAGE comes first, then LC_ALL, LC_MESSAGES and LANG, of which the first that is set counts (POSIX, 8.2).
    LANGUAGE may name several before theirs, with colons between them, but not over the locale C (GNU gettext, 2.3.3).
    """
    env = os.environ if environ is None else environ
    locale = next((given for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (given := env.get(name))), "C")
    asked = [*env.get("LANGUAGE", "").split(":"), locale] if _language_of(locale) not in {"c", "posix"} else []
    return [_language_of(each) for each in (env.get("FACTEUR_LANGUAGE", ""), *asked) if each]


def _language_of(locale: str) -> str:
    """`fr` for `fr_FR.UTF-8`."""
    return re.split(r"[_.@-]", locale.strip().lower(), maxsplit=1)[0]


def embedded_redis_url(home: Path) -> str:
    """The socket of the embedded Valkey: in a short path, since a socket's name ends at 107 bytes."""
    token = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return f"unix://{Path(tempfile.gettempdir()) / f'facteur-{os.getuid()}-{token}' / 'valkey.sock'}"


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or not 0 <= int(text) < 65536:
        raise ConfigError("{name}={value!r} is no port: give a number from 0 to 65535", name=name, value=text)
    return int(text)


def _networks(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Addresses and networks, with commas or blanks between them."""
    given = env.get(name, "").replace(",", " ").split()
    try:
        return tuple(str(ip_network(each, strict=False)) for each in given)
    except ValueError as error:
        raise ConfigError(
            "{name}: {reason}: give addresses or networks, such as 10.0.0.5, 2001:db8::/32", name=name, reason=error
        ) from error


def _days(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= LONGEST_WAIT:
        raise ConfigError(
            "{name}={value!r} is no number of days: give one from 1 to {most}", name=name, value=text, most=LONGEST_WAIT
        )
    return int(text)


def _postcode(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "")
    if text and not re.fullmatch("[0-9]{5}", text):
        raise ConfigError(
            "{name}={value!r} is no French postcode: give five digits, such as 67000", name=name, value=text
        )
    return text


def _bounce_address(env: Mapping[str, str]) -> str:
    """An address whose local part leaves room for the signed part of a return path, or a domain; or ""."""
    given = env.get("FACTEUR_BOUNCE_ADDRESS", "").strip()
    if given and not re.fullmatch(rf"([A-Za-z0-9._-]{{1,{LONGEST_BOUNCE_MAILBOX}}}@)?{_DOMAIN}", given):
        raise ConfigError(
            "FACTEUR_BOUNCE_ADDRESS={value!r}: give an address, such as bounces@example.org, of at most {most} letters "
            "before the @, or a domain, such as bounces.example.org",
            value=given,
            most=LONGEST_BOUNCE_MAILBOX,
        )
    return given


def _bounces_url(env: Mapping[str, str]) -> str:
    url = env.get("FACTEUR_BOUNCES_URL", "")
    parts = urlsplit(url)
    is_there = parts.path if parts.scheme == "maildir" else parts.hostname and parts.username
    if url and (parts.scheme not in {"maildir", "imap", "imaps"} or not is_there):
        raise ConfigError(  # the URL may hold a password
            "FACTEUR_BOUNCES_URL: give maildir:///folder or imaps://user:password@host/folder"
        )
    return url


def _smtp(url: str) -> str:
    if url and urlsplit(url).scheme not in {"smtp", "smtps"}:
        raise ConfigError(
            "FACTEUR_SMTP_URL={value!r}: give smtp://host:port or smtps://user:password@host:port", value=url
        )
    return url


def _sender(env: Mapping[str, str]) -> str:
    given = env.get("FACTEUR_MAIL_FROM") or "Facteur <facteur@localhost>"
    if not re.fullmatch(_ADDRESS, parseaddr(given)[1]):
        raise ConfigError(
            "FACTEUR_MAIL_FROM={value!r}: give the address that e-mails come from, such as Facteur <mail@example.org>",
            value=given,
        )
    return given


def _mail_in_domain(env: Mapping[str, str]) -> str:
    """The domain in small letters. Beside the dev inbox there is one that leads to this machine alone."""
    given = env.get("FACTEUR_MAIL_IN_DOMAIN", "").strip().lower()
    if given and not re.fullmatch(_DOMAIN, given):
        raise ConfigError("FACTEUR_MAIL_IN_DOMAIN={value!r}: give a domain, such as bills.example.org", value=given)
    return given or ("" if env.get("FACTEUR_SMTP_URL") else "bills.localhost")


def _reply_to(env: Mapping[str, str]) -> str:
    given = env.get("FACTEUR_REPLY_TO", "").strip()
    if given and not re.fullmatch(_ADDRESS, given):
        raise ConfigError("FACTEUR_REPLY_TO={value!r}: give an e-mail address that a person reads", value=given)
    return given


def _dkim_keys(env: Mapping[str, str]) -> tuple[DkimKey, ...]:
    """The keys with their selectors: paths, and selectors, with a colon between them, as in PATH."""
    paths = [path for each in env.get("FACTEUR_DKIM_KEY", "").split(os.pathsep) if (path := each.strip())]
    selectors = (env.get("FACTEUR_DKIM_SELECTOR") or "facteur").replace(os.pathsep, " ").split()
    if paths and len(paths) != len(selectors):
        raise ConfigError("FACTEUR_DKIM_SELECTOR: give a selector for each key of FACTEUR_DKIM_KEY")
    return tuple(
        DkimKey(selector, _read_dkim_key(Path(path))) for path, selector in zip(paths, selectors, strict=False)
    )


def _read_dkim_key(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(
            "FACTEUR_DKIM_KEY: the file {path} cannot be read: {reason}", path=path, reason=error.strerror
        ) from error


def _sms(url: str) -> str:
    """The key in it goes in clear to this very machine alone."""
    parts = urlsplit(url)
    if url and parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in THIS_MACHINE):
        raise ConfigError("FACTEUR_SMS_URL: give https://key@host/path")
    return url


def _sms_sender(text: str) -> str:
    if not re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{3,11}|\+?[0-9]{3,15}", text):
        raise ConfigError(
            "FACTEUR_SMS_FROM={value!r}: give three to eleven letters and digits, or a number", value=text
        )
    return text


def _price(env: Mapping[str, str], name: str) -> Decimal:
    text = env.get(name) or "0"
    if not re.fullmatch(r"[0-9](\.[0-9]{1,4})?", text):
        raise ConfigError("{name}={value!r} is no price: give euros, such as 0.045", name=name, value=text)
    return Decimal(text)


def _hook_secret(env: Mapping[str, str], name: str) -> bytes:
    """A secret of Standard Webhooks: `whsec_` and 24 to 64 bytes in base 64."""
    text = env.get(name, "")
    if not text:
        return b""
    try:
        secret = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        secret = b""
    if not 24 <= len(secret) <= 64:
        raise ConfigError("{name}: give whsec_ and 24 to 64 bytes in base 64", name=name)
    return secret


def _secret(env: Mapping[str, str], home: Path, *, embedded: bool) -> bytes:
    given = env.get("FACTEUR_SECRET_FILE")
    if not given and not embedded:
        raise ConfigError(
            "FACTEUR_SECRET_FILE is not set: a store of several machines needs one secret of 32 bytes or more, "
            "in a file that all of them can read"
        )
    path = Path(given) if given else home / "secret"
    if not given and not path.exists():
        _make_secret(path)
    return _read_secret(path)


def _old_secrets(env: Mapping[str, str]) -> tuple[bytes, ...]:
    """The secrets before the present one, newest first: paths with a colon between them, as in PATH."""
    paths = env.get("FACTEUR_OLD_SECRET_FILES", "").split(os.pathsep)
    return tuple(_read_secret(Path(path)) for each in paths if (path := each.strip()))


def _read_secret(path: Path) -> bytes:
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise ConfigError(
            "the secret file {path} cannot be read: {reason}", path=path, reason=error.strerror
        ) from error
    if len(secret) < SHORTEST_SECRET:
        raise ConfigError(
            "the secret in {path} is shorter than {least} bytes: make a longer one", path=path, least=SHORTEST_SECRET
        )
    return secret


def _make_secret(path: Path) -> None:
    """Written whole under a name that no other process has, on whatever machine: two that start together agree on one
    secret."""
    draft = path.with_name(f".secret-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

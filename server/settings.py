"""Every setting of the product, read once from the environment (prefix ``SOVIEC_``)."""

import os
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec
from msgspec import Meta

PREFIX = "SOVIEC_"
#: Further ahead nobody is warned of a due date.
MOST_WARN_DAYS = 20
_SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation decides. Each field is the environment variable ``SOVIEC_<NAME>``."""

    data_dir: Annotated[str, Meta(description="Folder of the database, the files and the keys.")] = "data"
    database_url: Annotated[
        str, Meta(description="`sqlite:///path` or `postgresql://user:password@host/name`. Empty: `soviec.sqlite3` in the data folder.")
    ] = ""
    redis_url: Annotated[str, Meta(description="A Redis or Valkey server for the queue. Empty: the queue runs inside the server.")] = ""
    workers: Annotated[
        int, Meta(ge=0, le=16, description="Processes that `run` starts beside itself to send messages. 0: none, they wait for `worker`.")
    ] = 1
    quiet: Annotated[
        str,
        Meta(
            description="Hours in which nobody is sent a message who did not choose his own: `21:00-06:30`. Empty or `none`: none, "
            "a message goes out at once at any hour."
        ),
    ] = ""
    place: Annotated[str, Meta(description="The province or city that stands before the date on printed papers. Empty: dots.")] = ""
    secret_key: Annotated[
        str, Meta(description="Key of the form tokens. Empty: made on the first run, kept in `secret.key`, mode 600.")
    ] = ""
    host: Annotated[str, Meta(description="Addresses to listen on, separated by commas; IPv4 and IPv6.")] = "127.0.0.1,::1"
    port: Annotated[int, Meta(description="Port to listen on.")] = 8000
    public_url: Annotated[str, Meta(description="The address people type. `https://` makes the cookies secure.")] = ""
    demo_password: Annotated[
        str, Meta(description="Password of every demo account. Empty: random, printed once, kept in a file of mode 600.")
    ] = ""
    upload_limit_mb: Annotated[int, Meta(description="Largest file that is accepted, in megabytes.")] = 25
    keep_originals: Annotated[
        bool,
        Meta(description="Let photos leave the phone as they were taken, place included; else they are scaled and stripped there."),
    ] = False
    push_subject: Annotated[
        str,
        Meta(
            description="Whom a push service may write to about our messages: `mailto:` or `https:`. "
            "Empty: `SOVIEC_PUBLIC_URL` if it is `https://`; neither: no web push."
        ),
    ] = ""
    push_hosts: Annotated[
        str,
        Meta(
            description="Hosts of push services that messages may be sent to, with all hosts below them, separated by commas; "
            "`host:port` for another port than 443. Only a loopback address that is named with its port may be plain HTTP."
        ),
    ] = "fcm.googleapis.com,android.googleapis.com,jmt17.google.com,push.services.mozilla.com,notify.windows.com,push.apple.com"
    telegram_token: Annotated[str, Meta(description="The token that @BotFather gave for the office's bot. Empty: no Telegram.")] = ""
    telegram_api: Annotated[str, Meta(description="Where the Telegram Bot API answers.")] = "https://api.telegram.org"
    telegram_webhook_secret: Annotated[
        str,
        Meta(
            description="1–256 letters, digits, `_` and `-`: Telegram calls `/hooks/telegram` of `SOVIEC_PUBLIC_URL` with it. "
            "Empty: the worker asks Telegram for news, and nobody calls in."
        ),
    ] = ""
    idle_minutes: Annotated[int, Meta(description="Minutes without use after which a session ends. 0: never.")] = 0
    session_days: Annotated[int, Meta(description="Days after which a session ends in any case.")] = 30
    database_pool: Annotated[int, Meta(description="Connections kept to PostgreSQL.")] = 10
    zalo_kind: Annotated[
        Literal["", "oa", "bot"],
        Meta(description="How Zalo is reached: `oa` (an Official Account) or `bot` (a bot of the Zalo Bot Platform). Empty: not at all."),
    ] = ""
    zalo_app_id: Annotated[str, Meta(description="Official Account: the number of the application on Zalo for Developers.")] = ""
    zalo_app_secret: Annotated[str, Meta(description="Official Account: the secret key of the application.")] = ""
    zalo_refresh_token: Annotated[
        str,
        Meta(
            description="Official Account: the first refresh token. Zalo takes each once; the later ones are kept encrypted "
            "in the database. A new value here begins anew, after a new authorisation."
        ),
    ] = ""
    zalo_oa_secret: Annotated[
        str,
        Meta(
            description="What says that a call to `/hooks/zalo` is Zalo's. Official Account: the OA secret key of the webhook page. "
            "Bot: 8 to 256 characters of your own; empty: the bot asks for its messages itself (long polling)."
        ),
    ] = ""
    zalo_template: Annotated[
        str,
        Meta(
            description="Official Account: the ZBS template for people who did not write to the account for 7 days, with the parameters "
            "`title`, `number` and `link`. Empty: those messages fail with the reason."
        ),
    ] = ""
    zalo_bot_token: Annotated[str, Meta(description="Bot: the token that Zalo Bot Manager sent.")] = ""
    zalo_api: Annotated[str, Meta(description="Address of Zalo's Official Account API.")] = "https://openapi.zalo.me"
    zalo_oauth: Annotated[str, Meta(description="Address of Zalo's authorisation service.")] = "https://oauth.zaloapp.com"
    zalo_bot_api: Annotated[str, Meta(description="Address of Zalo's bot API.")] = "https://bot-api.zaloplatforms.com"
    smtp_url: Annotated[
        str,
        Meta(
            description="Server for e-mail. `smtps://user:password@host` (TLS, 465), `smtp+starttls://…` (587), `smtp://host` (25; "
            "STARTTLS where it is offered, and required where there is a password). Special characters of the password as `%40`. "
            "Empty: no e-mail."
        ),
    ] = ""
    warn_days: Annotated[
        str, Meta(description="So many working days before a due date people are warned: `1`, or several as `7,3,1`. `none`: never.")
    ] = "1"
    scheduled_reports: Annotated[
        str,
        Meta(
            description="Reports that are made by themselves on the first working day after their period: `w`, `m`, `q`, `y` "
            "(weeks, months, quarters, years), separated by commas. Empty: none."
        ),
    ] = "w,m,q,y"
    digest_at: Annotated[
        str, Meta(description="From when on working days warnings and the morning's summary are said: `HH:MM` of the office's clock.")
    ] = "07:30"
    smtp_per_second: Annotated[
        int, Meta(ge=0, le=1000, description="E-mails a second that the office's server takes, for all workers together. 0: no limit.")
    ] = 0
    smtp_from: Annotated[str, Meta(description="Sender of e-mail: `So Viec <soviec@example.gov.vn>` or the address alone.")] = ""

    def __repr__(self) -> str:
        # Passwords and tokens are in it: whoever prints it by mistake prints none of them.
        return f"Settings(data_dir={self.data_dir!r})"

    @property
    def data(self) -> Path:
        """The data folder."""
        return Path(self.data_dir)

    @property
    def database(self) -> str:
        """The address of the database, the default filled in."""
        return self.database_url or f"sqlite:///{self.data / 'soviec.sqlite3'}"

    @property
    def hosts(self) -> list[str]:
        """The addresses to listen on."""
        return [host.strip() for host in self.host.split(",") if host.strip()]

    @property
    def upload_limit(self) -> int:
        """Largest accepted file, in bytes."""
        return self.upload_limit_mb * 1024 * 1024

    @property
    def secure(self) -> bool:
        """Whether people reach the product over TLS."""
        return self.public_url.startswith("https://")

    @property
    def warn_offsets(self) -> list[int]:
        """Working days before a due date on which people are warned, the nearest first. Raises BadSetting for what is no such list."""
        if self.warn_days.strip() == "none":
            return []
        try:
            found = sorted({int(one) for one in self.warn_days.split(",") if one.strip()})
        except ValueError:
            found = [-1]
        if any(not 0 <= one <= MOST_WARN_DAYS for one in found):
            raise BadSetting(f"{PREFIX}WARN_DAYS={self.warn_days!r}: numbers from 0 to {MOST_WARN_DAYS}, separated by commas, or none")
        return found

    @property
    def digest_time(self) -> time:
        """From when on working days warnings and summaries are said, by the office's clock. Raises BadSetting for what is no time."""
        try:
            return time.fromisoformat(self.digest_at.strip())
        except ValueError:
            raise BadSetting(f"{PREFIX}DIGEST_AT={self.digest_at!r}: a time as 07:30") from None

    @property
    def quiet_hours(self) -> tuple[int, int] | None:
        """First and last minute of the day, None: no quiet hours. Raises BadSetting for what is no span."""
        if self.quiet.strip() in ("", "none"):
            return None
        match = _SPAN.fullmatch(self.quiet)
        hours, minutes, to_hours, to_minutes = (int(part) for part in match.groups()) if match else (24, 0, 24, 0)
        start, end = hours * 60 + minutes, to_hours * 60 + to_minutes
        if hours > 23 or to_hours > 23 or minutes > 59 or to_minutes > 59 or start == end:
            raise BadSetting(f"{PREFIX}QUIET={self.quiet!r}: two times of the day as 21:00-06:30, or none")
        return start, end

    def secret(self) -> bytes:
        """The key of form tokens; made and kept on the first call if none was set."""
        return (self.secret_key or kept_secret(self.data / "secret.key")).encode()


class BadSetting(Exception):
    """A setting that can't be read; the message names it."""


def described() -> list[tuple[str, str, str]]:
    """Every setting as (variable, default, meaning), for ``docs/settings.md`` and ``doctor``."""
    hints = get_type_hints(Settings, include_extras=True)
    rows = []
    for field in msgspec.structs.fields(Settings):
        meta = next(part for part in get_args(hints[field.name]) if isinstance(part, Meta))
        rows.append((PREFIX + field.name.upper(), str(field.default), meta.description or ""))
    return rows


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this environment. Raises BadSetting for a number that is none."""
    given: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        text = environment.get(PREFIX + field.name.upper())
        if text is None or text == "":
            continue
        try:
            given[field.name] = msgspec.convert(text, field.type, strict=False)
        except msgspec.ValidationError as error:
            raise BadSetting(f"{PREFIX}{field.name.upper()}={text!r}: {error}") from None
    found = Settings(**given)
    # What a type alone can't say is said at the start, not on the first working morning.
    _ = found.warn_offsets, found.digest_time, found.quiet_hours
    return found


def passed_on(names: Iterable[str], environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """These variables of the environment, for a process of ours that must get no setting, no key and no password."""
    return {name: environment[name] for name in names if name in environment}


def handed_down(settings: Settings, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a process of ours that works with the same settings, wherever it is started."""
    database = settings.database
    if database.startswith("sqlite:///"):
        database = f"sqlite:///{Path(database.removeprefix('sqlite:///')).resolve()}"
    whole = msgspec.structs.replace(settings, data_dir=str(settings.data.resolve()), database_url=database)
    said = {PREFIX + name.upper(): str(value) for name, value in msgspec.structs.asdict(whole).items()}
    return {**environment, **said}


def kept_secret(path: Path, length: int = 32) -> str:
    """A random secret kept in a file of mode 600, made by whoever comes first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(length))
    return path.read_text(encoding="utf-8").strip()

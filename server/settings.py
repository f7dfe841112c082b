"""Every setting of the product, read once from the environment (prefix ``SOVIEC_``)."""

import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import msgspec
from msgspec import Meta

PREFIX = "SOVIEC_"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation decides. Each field is the environment variable ``SOVIEC_<NAME>``."""

    data_dir: Annotated[str, Meta(description="Folder of the database, the files and the keys.")] = "data"
    database_url: Annotated[
        str, Meta(description="`sqlite:///path` or `postgresql://user:password@host/name`. Empty: `soviec.sqlite3` in the data folder.")
    ] = ""
    redis_url: Annotated[str, Meta(description="A Redis or Valkey server for the queue. Empty: the queue runs inside the server.")] = ""
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
    idle_minutes: Annotated[int, Meta(description="Minutes without use after which a session ends. 0: never.")] = 0
    session_days: Annotated[int, Meta(description="Days after which a session ends in any case.")] = 30
    database_pool: Annotated[int, Meta(description="Connections kept to PostgreSQL.")] = 10

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
    return Settings(**given)


def passed_on(names: Iterable[str], environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """These variables of the environment, for a process of ours that must get no setting, no key and no password."""
    return {name: environment[name] for name in names if name in environment}


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

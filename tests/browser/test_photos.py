"""What a real browser makes of a photograph before it leaves the device."""

import base64
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from tests.faults.process import ROOT
from tests.js.test_photos import GPS, PLACE, picture

PREPARED = """async ({base64, name, wishes}) => {
    const {learn} = await import("/js/base/words.js");
    learn({"outbox.picture_unreadable": "không đọc được {name}", "files.too_large": "lớn hơn {limit} MB"});
    const {prepare} = await import("/js/outbox/photos.js");
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    try {
        const {blob, ...ready} = await prepare(new File([bytes], name), wishes);
        const sent = new Uint8Array(await blob.arrayBuffer());
        return {...ready, sent: btoa(sent.reduce((text, byte) => text + String.fromCharCode(byte), ""))};
    } catch (error) {
        return {refused: error.message};
    }
}"""


@pytest.fixture
def page(browser: Browser) -> Any:
    """An empty page that can load the scripts."""
    shown = browser.new_page()

    def answer(route: Route) -> None:
        path = Path(route.request.url.split("localhost", 1)[1].split("?")[0].lstrip("/"))
        if path.suffix == ".js":
            route.fulfill(body=(ROOT / "static" / path).read_text(encoding="utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>.</title>", content_type="text/html")

    shown.route("http://localhost/**", answer)
    shown.goto("http://localhost/")
    yield shown
    shown.close()


def prepared(page: Page, name: str, content: bytes, **wishes: Any) -> tuple[dict[str, Any], Image.Image]:
    found = page.evaluate(PREPARED, {"base64": base64.b64encode(content).decode(), "name": name, "wishes": wishes})
    assert "refused" not in found, found
    sent = base64.b64decode(found.pop("sent"))
    assert hashlib.sha256(sent).hexdigest() == found["sha256"] and len(sent) == found["size"]
    assert PLACE not in sent
    read = Image.open(io.BytesIO(sent))
    read.load()
    assert not read.getexif().get_ifd(GPS)
    return found, read


def large(form: str, mode: str = "RGB", **how: Any) -> bytes:
    made = io.BytesIO()
    drawn = Image.new(mode, (3000, 1500), "navy")
    drawn.paste((255, 0, 0), (0, 0, 300, 300))
    drawn.save(made, form, **how)
    return made.getvalue()


def test_a_photograph_is_upright_small_and_from_nowhere(page: Page) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Máy ảnh 21.186"
    exif.get_ifd(GPS).update({1: "N", 2: (21.0, 11.0, 9.6)})
    found, read = prepared(page, "IMG_1.JPG", large("JPEG", exif=exif))
    assert (found["name"], found["type"], read.size) == ("IMG_1.JPG", "image/jpeg", (1024, 2048))
    corner = read.convert("RGB").crop((990, 10, 1010, 30)).resize((1, 1)).tobytes()  # what was at the top left is at the top right now
    assert corner[0] > 200 and corner[2] < 60
    _, read = prepared(page, "a.jpg", large("JPEG"), photo_side=900)
    assert read.size == (900, 450)


def test_a_small_picture_keeps_its_bytes_and_loses_its_place(page: Page) -> None:
    for form, name in (("JPEG", "a.jpg"), ("PNG", "a.png")):
        found, read = prepared(page, name, picture(form))
        assert (found["name"], read.format) == (name, form)


def test_what_is_see_through_stays_a_png_and_another_kind_becomes_a_jpeg(page: Page) -> None:
    found, read = prepared(page, "dấu.png", large("PNG", "RGBA", compress_level=0))
    assert (found["name"], read.format) == ("dấu.jpg", "JPEG"), "nothing shows through it"
    clear = Image.new("RGBA", (3000, 20), (9, 9, 9, 90))
    made = io.BytesIO()
    clear.save(made, "PNG")
    found, read = prepared(page, "dấu.png", made.getvalue())
    assert (found["type"], read.mode, read.width) == ("image/png", "RGBA", 2048)
    found, read = prepared(page, "ảnh.webp", large("WEBP"))
    assert (found["name"], read.format) == ("ảnh.jpg", "JPEG")


def test_what_the_browser_cannot_read_is_refused_in_a_sentence(page: Page) -> None:
    heic = b"\0\0\0\x18ftypheic" + bytes(200)
    asked = {"base64": base64.b64encode(heic).decode(), "name": "IMG_2.HEIC", "wishes": {}}
    assert page.evaluate(PREPARED, asked) == {"refused": "không đọc được IMG_2.HEIC"}
    kept = page.evaluate(PREPARED, {**asked, "wishes": {"keep_originals": True}})
    assert kept["sha256"] == hashlib.sha256(heic).hexdigest()

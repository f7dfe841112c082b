// What leaves the device for a file that was chosen; the drawing itself is the browser's.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { learn } from "../../static/js/base/words.js";
import { prepare, Unsendable } from "../../static/js/outbox/photos.js";

learn({ "outbox.picture_unreadable": "không đọc được {name}", "files.empty": "“{name}” rỗng", "files.too_large": "lớn hơn {limit} MB" });

/** The smallest JPEG that the segments can be read of, with an Exif segment of the given bytes. */
const jpeg = (extra = "") =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    extra ? Buffer.concat([Buffer.from([0xff, 0xe1, 0, extra.length + 2]), Buffer.from(extra)]) : Buffer.alloc(0),
    Buffer.from([0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0, 4, 0xff, 0xd9]),
  ]);
const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic"), Buffer.alloc(60, 7)]);
const chunk = (name, data) => Buffer.concat([Buffer.from([0, 0, 0, data.length]), Buffer.from(name), data, Buffer.alloc(4)]);
const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...["IHDR", "IDAT", "IEND"].map((name) => chunk(name, Buffer.alloc(name === "IEND" ? 0 : 13)))]);

/** A painter whose pictures have this size; what it draws is as many bytes as it is told. */
function painter(width, height, { bytes = 100, alpha = 255, fails = false } = {}) {
  const seen = { type: "", width: 0, height: 0, closed: 0 };
  return {
    seen,
    bitmap: async () => {
      if (fails) throw new DOMException("no", "InvalidStateError");
      return { width, height, close: () => (seen.closed += 1) };
    },
    canvas: (wide, high) => {
      Object.assign(seen, { width: wide, height: high });
      return {
        getContext: () => ({ drawImage() {}, getImageData: () => ({ data: Uint8Array.from([1, 1, 1, alpha]) }) }),
        convertToBlob: async ({ type }) => ((seen.type = type), new Blob([new Uint8Array(bytes).fill(9)], { type })),
      };
    },
  };
}

const text = async (ready) => Buffer.from(await ready.blob.arrayBuffer()).toString("latin1");

test("a document goes as it is, under the hash of its bytes", async () => {
  const bytes = Buffer.from("%PDF-1.4 một tài liệu");
  const ready = await prepare(new File([bytes], "Báo cáo.pdf", { type: "application/pdf" }), {}, painter(1, 1));
  assert.deepEqual([ready.name, ready.type, ready.size], ["Báo cáo.pdf", "application/pdf", bytes.length]);
  assert.equal(ready.sha256, createHash("sha256").update(bytes).digest("hex"));
});

test("a photograph is drawn anew with the longest side that the office wants", async () => {
  const paint = painter(4000, 3000, { bytes: 50 });
  const ready = await prepare(new File([jpeg("Exif 21.186")], "IMG_1.JPG", { type: "image/jpeg" }), { photo_side: 1600 }, paint);
  assert.deepEqual([paint.seen.width, paint.seen.height, paint.seen.closed], [1600, 1200, 1]);
  assert.deepEqual([ready.name, ready.type, ready.size], ["IMG_1.JPG", "image/jpeg", 50]);
});

test("without a canvas a photograph still leaves without its place", async () => {
  const ready = await prepare(new File([jpeg("Exif 21.186")], "a.jpg", { type: "image/jpeg" }), {}, null);
  assert.ok(!(await text(ready)).includes("21.186"));
  assert.equal(ready.size, jpeg().length);
});

test("a photograph that is named a document is known by its bytes", async () => {
  const ready = await prepare(new File([jpeg("Exif 21.186")], "a.pdf", { type: "application/pdf" }), {}, null);
  assert.ok(!(await text(ready)).includes("21.186"));
});

test("a small picture that drawing would make larger is only cleaned", async () => {
  const ready = await prepare(new File([jpeg("Exif 21.186")], "a.jpg"), {}, painter(80, 60, { bytes: 5000 }));
  assert.equal(ready.size, jpeg().length);
});

test("a small PNG stays one, a see-through one as well, a large opaque one becomes a JPEG", async () => {
  const file = new File([png], "hình.png", { type: "image/png" });
  assert.equal((await prepare(file, {}, painter(192, 192))).type, "image/png");
  const clear = await prepare(file, {}, painter(5000, 5000, { alpha: 0 }));
  assert.deepEqual([clear.type, clear.name], ["image/png", "hình.png"]);
  const opaque = await prepare(file, {}, painter(5000, 5000));
  assert.deepEqual([opaque.type, opaque.name], ["image/jpeg", "hình.jpg"]);
});

test("what the device can't read it refuses in a sentence, unless the office keeps originals", async () => {
  const file = new File([heic], "IMG_2.HEIC", { type: "image/heic" });
  await assert.rejects(prepare(file, {}, painter(1, 1, { fails: true })), (wrong) => wrong instanceof Unsendable && wrong.message === "không đọc được IMG_2.HEIC");
  await assert.rejects(prepare(file, {}, null), Unsendable);
  const kept = await prepare(file, { keep_originals: true }, null);
  assert.deepEqual([kept.name, kept.size], ["IMG_2.HEIC", heic.length]);
  const read = await prepare(file, {}, painter(300, 200));
  assert.deepEqual([read.name, read.type], ["IMG_2.jpg", "image/jpeg"]);
});

test("a broken photograph is refused, not sent with its place", async () => {
  await assert.rejects(prepare(new File([jpeg("Exif 21.186").subarray(0, 12)], "a.jpg"), {}, painter(1, 1, { fails: true })), Unsendable);
});

test("an empty file and one that is too large are refused before they are kept", async () => {
  await assert.rejects(prepare(new File([], "a.pdf")), /“a.pdf” rỗng/);
  const big = new File([new Uint8Array(2 * 1024 * 1024 + 1)], "b.pdf");
  await assert.rejects(prepare(big, { max_bytes: 2 * 1024 * 1024 }), /lớn hơn 2 MB/);
});

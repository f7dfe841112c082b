// A file as it may leave the device: pictures scaled down and without the place where they were taken, documents as they are.
import { say } from "../base/words.js";
import { pictureOf, withoutPlace } from "./metadata.js";

/** A file that waits to be sent. @typedef {{sha256: string, name: string, type: string, size: number, blob: Blob}} Ready */

/** What the office wants of files (a row of the replica). @typedef {{photo_side?: number, keep_originals?: boolean, max_bytes?: number}} Wishes */

/** What draws; missing in old browsers. @typedef {{bitmap: (blob: Blob) => Promise<ImageBitmap>, canvas: (width: number, height: number) => OffscreenCanvas} | null} Painter */

/** Pixels of the longest side of a picture, where the office says nothing else. */
export const PHOTO_SIDE = 2048;
const JPEG_QUALITY = 0.82;
/** Bytes up to which a PNG stays as it is: a screenshot, a drawing. Larger ones without transparency are photographs. */
const SMALL_PNG = 1024 * 1024;
const MEGABYTE = 1024 * 1024;
const EXTENSION = /\.(jpe?g|jpe|jfif|png|webp|heic|heif|avif|tiff?|bmp)$/i;

/** A file that can't be sent; the message is a sentence for whoever chose it. */
export class Unsendable extends Error {
  /** @param {string} key @param {Record<string, unknown>} values */
  constructor(key, values) {
    super(say(key, values));
    this.name = "Unsendable";
    this.field = "files";
  }
}

/** @returns {Painter} */
function painter() {
  if (typeof createImageBitmap !== "function" || typeof OffscreenCanvas !== "function") return null;
  return { bitmap: (blob) => createImageBitmap(blob, { imageOrientation: "from-image" }), canvas: (width, height) => new OffscreenCanvas(width, height) };
}

/**
 * The file as it will be sent, with the hash by which a mutation names it.
 * @param {File} file
 * @param {Wishes} [wishes]
 * @param {Painter} [paint]
 * @returns {Promise<Ready>}
 * @throws {Unsendable} an empty or too large file, or a picture that would take its place along
 */
export async function prepare(file, wishes = {}, paint = painter()) {
  if (file.size === 0) throw new Unsendable("files.empty", { name: file.name });
  const kind = pictureOf(new Uint8Array(await file.slice(0, 32).arrayBuffer()));
  const keeps = wishes.keep_originals || kind === "" || kind === "gif";
  const sent = keeps ? { blob: file, name: file.name, type: file.type } : await cleaned(file, kind, wishes.photo_side || PHOTO_SIDE, paint);
  if (wishes.max_bytes && sent.blob.size > wishes.max_bytes) throw new Unsendable("files.too_large", { limit: Math.floor(wishes.max_bytes / MEGABYTE) });
  const bytes = await sent.blob.arrayBuffer();
  // A blob of its own: the file that was chosen may change or go before the network comes.
  const blob = new Blob([bytes], { type: sent.type });
  return { sha256: await sha256(bytes), name: sent.name, type: sent.type, size: bytes.byteLength, blob };
}

/** @param {ArrayBuffer} bytes @returns {Promise<string>} in lower-case hex */
export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @typedef {{blob: Blob, name: string, type: string}} Sent */

/** @param {File} file @param {import("./metadata.js").Picture} kind @param {number} side @param {Painter} paint @returns {Promise<Sent>} */
async function cleaned(file, kind, side, paint) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const bare = withoutPlace(bytes, kind);
  const asItIs = bare && { blob: new Blob([bare], { type: `image/${kind}` }), name: file.name, type: `image/${kind}` };
  if (asItIs && moves(bytes, kind)) return asItIs;
  const drawn = paint && (await drawnAnew(file, kind, side, asItIs, paint));
  if (drawn) return drawn;
  if (!asItIs) throw new Unsendable("outbox.picture_unreadable", { name: file.name });
  return asItIs;
}

/** Whether the picture moves: drawing it would keep one frame. @param {Uint8Array} bytes @param {string} kind @returns {boolean} */
function moves(bytes, kind) {
  const head = String.fromCharCode(...bytes.subarray(0, 64));
  return (kind === "webp" && head.startsWith("VP8X", 12) && (bytes[20] & 0x02) !== 0) || (kind === "png" && head.includes("acTL"));
}

/**
 * @param {File} file @param {string} kind @param {number} side @param {Sent | null} asItIs @param {NonNullable<Painter>} paint
 * @returns {Promise<Sent | null>} null where this device can't read or draw it
 */
async function drawnAnew(file, kind, side, asItIs, paint) {
  let bitmap;
  try {
    bitmap = await paint.bitmap(file);
  } catch {
    return null; // a kind that this device does not know, a broken picture, or one too large for its memory
  }
  try {
    const longest = Math.max(bitmap.width, bitmap.height);
    const small = longest <= side;
    if (small && kind === "png" && asItIs && asItIs.blob.size <= SMALL_PNG) return asItIs;
    const scale = Math.min(1, side / longest);
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    const canvas = paint.canvas(width, height);
    const pen = canvas.getContext("2d");
    if (!pen) return null;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, 0, 0, width, height);
    const type = kind !== "jpeg" && seeThrough(pen, width, height) ? "image/png" : "image/jpeg";
    const blob = await canvas.convertToBlob({ type, quality: JPEG_QUALITY });
    // Drawn anew it can become larger than a picture that was small before.
    if (small && asItIs && kind === "jpeg" && asItIs.blob.size <= blob.size) return asItIs;
    return { blob, name: named(file.name, blob.type), type: blob.type };
  } catch {
    return null; // no memory for the canvas
  } finally {
    bitmap.close();
  }
}

/** @param {OffscreenCanvasRenderingContext2D} pen @param {number} width @param {number} height @returns {boolean} */
function seeThrough(pen, width, height) {
  const { data } = pen.getImageData(0, 0, width, height);
  for (let at = 3; at < data.length; at += 4) if (data[at] < 255) return true;
  return false;
}

/** The name with the extension of what the picture has become. @param {string} name @param {string} type @returns {string} */
function named(name, type) {
  const wanted = type === "image/png" ? /\.png$/i : /\.(jpe?g|jpe|jfif)$/i;
  return wanted.test(name) ? name : `${name.replace(EXTENSION, "")}.${type === "image/png" ? "png" : "jpg"}`;
}

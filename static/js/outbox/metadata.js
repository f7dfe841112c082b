// What kind of picture some bytes are, and the same picture without what tells where and with what it was taken.
import { bare, joined, says } from "./jpeg.js";

/** @typedef {"jpeg" | "png" | "webp" | "gif" | "heic" | "avif" | "tiff" | "bmp"} Picture */

const HEIC = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

/**
 * By the first bytes; a name or a type can be wrong.
 * @param {Uint8Array} head at least 16 bytes, where there are so many
 * @returns {Picture | ""} nothing for what is no picture
 */
export function pictureOf(head) {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "jpeg";
  if (says(head, 1, "PNG\r\n\x1a\n") && head[0] === 0x89) return "png";
  if (says(head, 0, "GIF8")) return "gif";
  if (says(head, 0, "RIFF") && says(head, 8, "WEBP")) return "webp";
  if (says(head, 0, "II*\0") || says(head, 0, "MM\0*")) return "tiff";
  if (says(head, 0, "BM") && head[14] === 40) return "bmp";
  if (!says(head, 4, "ftyp")) return "";
  const brand = String.fromCharCode(...head.subarray(8, 12));
  if (brand === "avif" || brand === "avis") return "avif";
  return HEIC.includes(brand) ? "heic" : "";
}

/** The chunks of a PNG that make the picture; texts, times and Exif are left. */
const PNG_KEPT = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT"]);

/** @param {Uint8Array} bytes @returns {Uint8Array<ArrayBuffer>} @throws {RangeError} */
function barePng(bytes) {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** @type {Uint8Array[]} */
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + 12 + data.getUint32(at);
    if (end > bytes.length) throw new RangeError("a chunk beyond the end");
    if (PNG_KEPT.has(name)) kept.push(bytes.subarray(at, end));
    if (name === "IEND") return joined(kept);
    at = end;
  }
  throw new RangeError("no end of the picture");
}

/** @param {Uint8Array} bytes @returns {Uint8Array<ArrayBuffer>} @throws {RangeError} */
function bareWebp(bytes) {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** @type {Uint8Array[]} */
  const kept = [bytes.slice(0, 12)];
  const whole = data.getUint32(4, true) + 8;
  if (whole > bytes.length) throw new RangeError("not all of it is here");
  for (let at = 12; at + 8 <= whole; ) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = data.getUint32(at + 4, true);
    const end = at + 8 + size + (size % 2);
    if (end > whole) throw new RangeError("a chunk beyond the end");
    if (name === "VP8X") {
      const head = bytes.slice(at, end);
      head[8] &= ~0x0c; // says that there is neither Exif nor XMP
      kept.push(head);
    } else if (name !== "EXIF" && name !== "XMP ") kept.push(bytes.subarray(at, end));
    at = end;
  }
  const left = joined(kept);
  new DataView(left.buffer).setUint32(4, left.length - 8, true);
  return left;
}

/**
 * The same picture, bit for bit as it shows, without place, time and device.
 * @param {Uint8Array} bytes
 * @param {Picture} kind
 * @returns {Uint8Array<ArrayBuffer> | null} null where this kind can't be cleaned without drawing it anew, or is broken
 */
export function withoutPlace(bytes, kind) {
  try {
    if (kind === "jpeg") return bare(bytes);
    if (kind === "png") return barePng(bytes);
    if (kind === "webp") return bareWebp(bytes);
  } catch (wrong) {
    if (!(wrong instanceof RangeError)) throw wrong;
  }
  return null;
}

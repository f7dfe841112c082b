// A JPEG without what the camera wrote into it: place, time, device, hidden second pictures. The picture itself is not touched.

const [SOI, EOI, SOS] = [0xd8, 0xd9, 0xda];
const [APP0, APP1, APP2, APP14, APP15, COM] = [0xe0, 0xe1, 0xe2, 0xee, 0xef, 0xfe];

/** @param {Uint8Array} bytes @param {number} at @returns {number} */
const pair = (bytes, at) => (bytes[at] << 8) | bytes[at + 1];

/** @param {Uint8Array} bytes @param {number} at @param {string} text @returns {boolean} whether this text stands there */
export const says = (bytes, at, text) => at + text.length <= bytes.length && [...text].every((letter, place) => bytes[at + place] === letter.charCodeAt(0));

/** @typedef {{marker: number, start: number, end: number}} Segment `start` is at the 0xff, `end` behind the last byte */

/**
 * The segments up to the end of the first picture; what a scan holds belongs to its segment.
 * @param {Uint8Array} bytes
 * @returns {Segment[]}
 * @throws {RangeError} for what is no whole JPEG
 */
export function segments(bytes) {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw new RangeError("no JPEG");
  /** @type {Segment[]} */
  const found = [{ marker: SOI, start: 0, end: 2 }];
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) throw new RangeError("no marker where one must be");
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    if (marker === EOI) return [...found, { marker, start: at, end: at + 2 }];
    const plain = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    let end = plain ? at + 2 : at + 2 + pair(bytes, at + 2);
    if (!plain && (at + 4 > bytes.length || pair(bytes, at + 2) < 2)) throw new RangeError("a segment without its length");
    if (marker === SOS) end = behindScan(bytes, end);
    if (end > bytes.length) throw new RangeError("a segment beyond the end");
    found.push({ marker, start: at, end });
    at = end;
  }
  throw new RangeError("no end of the picture");
}

/** @param {Uint8Array} bytes @param {number} from @returns {number} where the next marker is that does not belong to the scan */
function behindScan(bytes, from) {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1];
    if (bytes[at] === 0xff && next !== 0x00 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/**
 * How the picture is to be turned, as Exif counts it: 1 (as it is) to 8.
 * @param {Uint8Array} bytes
 * @returns {number}
 */
export function orientation(bytes) {
  const exif = segments(bytes).find((one) => one.marker === APP1 && says(bytes, one.start + 4, "Exif\0\0"));
  if (!exif) return 1;
  const tiff = exif.start + 10;
  const data = new DataView(bytes.buffer, bytes.byteOffset + tiff, exif.end - tiff);
  if (data.byteLength < 8) return 1;
  const little = data.getUint16(0) === 0x4949;
  const ifd = data.getUint32(4, little);
  if (ifd + 2 > data.byteLength) return 1;
  for (let place = 0; place < data.getUint16(ifd, little); place++) {
    const entry = ifd + 2 + place * 12;
    if (entry + 12 > data.byteLength) return 1;
    if (data.getUint16(entry, little) === 0x0112) {
      const turned = data.getUint16(entry + 8, little);
      return turned >= 1 && turned <= 8 ? turned : 1;
    }
  }
  return 1;
}

/** An Exif segment that says nothing but how to turn the picture. @param {number} turned @returns {Uint8Array} */
const onlyTurned = (turned) =>
  // prettier-ignore
  new Uint8Array([
    0xff, APP1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, // "Exif"
    0x4d, 0x4d, 0, 42, 0, 0, 0, 8, // TIFF, big end first, its directory right behind
    0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turned, 0, 0, // one entry: orientation
    0, 0, 0, 0, // no other directory
  ]);

/**
 * Whether a segment is of the picture. Colours (ICC, Adobe) and the density (JFIF) are; Exif, XMP, IPTC, makers' notes, indexes of
 * further pictures and remarks are not.
 * @param {Uint8Array} bytes @param {Segment} one @returns {boolean}
 */
function ofThePicture(bytes, { marker, start }) {
  if (marker === COM) return false;
  if (marker < APP0 || marker > APP15) return true;
  if (marker === APP0) return says(bytes, start + 4, "JFIF\0");
  if (marker === APP2) return says(bytes, start + 4, "ICC_PROFILE\0");
  return marker === APP14;
}

/**
 * The same picture without what was written beside it, and without anything behind its end.
 * @param {Uint8Array} bytes
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {RangeError} for what is no whole JPEG
 */
export function bare(bytes) {
  const turned = orientation(bytes);
  /** @type {Uint8Array[]} */
  const kept = [];
  for (const one of segments(bytes)) {
    if (ofThePicture(bytes, one)) kept.push(bytes.subarray(one.start, one.end));
    if (one.marker === SOI && turned !== 1) kept.push(onlyTurned(turned));
  }
  return joined(kept);
}

/** @param {Uint8Array[]} parts @returns {Uint8Array<ArrayBuffer>} */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// UUIDs of version 5, at once: the browser's own SHA-1 answers only later, and a view is made in one go.

/** @param {number} word @param {number} by @returns {number} */
const turned = (word, by) => (word << by) | (word >>> (32 - by));

/** @param {Uint8Array} bytes @returns {Uint8Array} 20 bytes */
function sha1(bytes) {
  const length = Math.ceil((bytes.length + 9) / 64) * 64;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const data = new DataView(padded.buffer);
  data.setUint32(length - 4, bytes.length * 8);
  const sum = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const words = new Int32Array(80);
  for (let block = 0; block < length; block += 64) {
    for (let at = 0; at < 80; at++) words[at] = at < 16 ? data.getInt32(block + at * 4) : turned(words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16], 1);
    let [a, b, c, d, e] = sum;
    for (let at = 0; at < 80; at++) {
      const [mixed, constant] =
        at < 20 ? [(b & c) | (~b & d), 0x5a827999] : at < 40 ? [b ^ c ^ d, 0x6ed9eba1] : at < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc] : [b ^ c ^ d, 0xca62c1d6];
      [a, b, c, d, e] = [(turned(a, 5) + mixed + e + constant + words[at]) | 0, a, turned(b, 30), c, d];
    }
    [a, b, c, d, e].forEach((part, place) => (sum[place] = (sum[place] + part) | 0));
  }
  const found = new DataView(new ArrayBuffer(20));
  sum.forEach((part, place) => found.setInt32(place * 4, part));
  return new Uint8Array(found.buffer);
}

/**
 * The same as Python's `uuid.uuid5(UUID(space), name)`.
 * @param {string} space a UUID
 * @param {string} name
 * @returns {string}
 */
export function uuid5(space, name) {
  const pairs = space.replaceAll("-", "").match(/../g) ?? [];
  const hash = sha1(Uint8Array.from([...pairs.map((pair) => Number.parseInt(pair, 16)), ...new TextEncoder().encode(name)]));
  hash[6] = 0x50 | (hash[6] & 0x0f);
  hash[8] = 0x80 | (hash[8] & 0x3f);
  const hex = [...hash.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

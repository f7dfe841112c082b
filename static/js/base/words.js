// The catalogue of Vietnamese sentences (server/words/*.toml), as a release carries it.

/** @type {Record<string, string>} */
let catalogue = {};

/** Takes the catalogue of this release. @param {Record<string, string>} words */
export function learn(words) {
  catalogue = words;
}

/** @param {string} key @returns {boolean} whether there is such a sentence */
export const has = (key) => key in catalogue;

/**
 * A sentence of the catalogue with its places filled.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function say(key, values) {
  const text = catalogue[key];
  if (text === undefined) throw new Error(`no words for ${key}`);
  if (!values) return text;
  return text.replace(/\{(\w+)\}|\{\{|\}\}/g, (whole, name) => (name === undefined ? whole[0] : String(values[name] ?? "")));
}

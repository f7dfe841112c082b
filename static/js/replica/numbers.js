// What people say aloud: `#26-014`, and its order. The mirror of number() and ordinal_of() in server/tasks/rules.py.

/** White space at both ends, as Python's strip() sees it. @param {string} text @returns {string} */
export const strip = (text) => text.replace(/^(?:(?!\uFEFF)[\s\x1c-\x1f\x85])+|(?:(?!\uFEFF)[\s\x1c-\x1f\x85])+$/g, "");

/**
 * The ordinal behind `#26-014` or `26-14`; null where the text is no number.
 * @param {string} text
 * @returns {number | null}
 */
export function ordinalOf(text) {
  const found = /^#*(\p{Nd}{2})-(\p{Nd}{1,6})$/u.exec(strip(text));
  if (!found) return null;
  const [year, count] = [Number(found[1].normalize("NFKC")), Number(found[2].normalize("NFKC"))];
  return Number.isNaN(year + count) ? null : (2000 + year) * 1_000_000 + count;
}

/** @type {WeakMap<object, number>} */
const orders = new WeakMap();

/** What has no number yet comes after everything that has one. @param {{number?: string}} task @returns {number} */
export function orderOf(task) {
  const known = orders.get(task);
  if (known !== undefined) return known;
  const order = task.number ? (ordinalOf(task.number) ?? Infinity) : Infinity;
  orders.set(task, order);
  return order;
}

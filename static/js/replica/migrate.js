// Entries of the outbox that an older release wrote, in the shape of this one: nothing that somebody has done is lost by an update.

/** The shape of entries that this release writes. Raised with every change of what an entry holds; then a step is added below. */
export const SCHEMA = 1;

/**
 * What brings an entry from the shape of its place to the next one. Shape 0 is that of an entry which says none.
 * @type {((entry: any) => any)[]}
 */
const STEPS = [
  (entry) => ({ task: null, label: "", files: [], attachments: [], seq: null, attempts: 0, code: "", message: "", answer: null, form: null, shown: false, ...entry }),
];

/** @param {any} entry of any older shape @returns {import("../base/types.js").Entry} */
export function migrateEntry(entry) {
  let made = entry;
  for (let shape = entry.schema ?? 0; shape < SCHEMA; shape++) made = { ...STEPS[shape](made), schema: shape + 1 };
  return made;
}

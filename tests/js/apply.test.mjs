// What entries change at once is a layer over the server's rows: those stay as they came.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { newId } from "../../static/js/base/ids.js";
import { learn } from "../../static/js/base/words.js";
import { Held } from "../../static/js/replica/held.js";
import { uuid5 } from "../../static/js/replica/apply/uuid5.js";
import { View } from "../../static/js/replica/view.js";

const toml = readFileSync(new URL("../../server/words/tasks.toml", import.meta.url), "utf8");
const words = {};
let table = "";
for (const line of toml.split("\n")) {
  const [, section] = /^\[(\w+)\]/.exec(line) ?? [];
  if (section) table = `${section}.`;
  const [, key, text] = /^(\w+) = "(.*)"$/.exec(line) ?? [];
  if (key) words[`tasks.${table}${key}`] = text;
}
learn(words);

const [ME, OTHER, TASK, BELOW] = [newId(), newId(), newId(), newId()];
const AT = "2026-11-23T08:15:00.000+07:00";
const task = (more = {}) => ({
  number: "#26-014", title: "Rà soát", description: "", status: "in_progress", percent: 10, start: null, due: "2026-12-01", no_due: null, unit: null, parent: null,
  children: 0, open_children: 0, assigner: OTHER, lead: ME, lead_share: 0.7, lead_percent: 10, lead_state: "active", started_at: AT, extension: null, source: null,
  collaborators: [{ person: OTHER, share: 0.3, percent: 0, state: "active" }], followers: [], checklist: [{ id: "i1", text: "Một", done: false }], handed_back: false,
  can: { progress: true, submit: true, review: false }, reviewable: [OTHER], reviewers: [], version: 3, quantity: 1, priority: "normal", kind: "planned", ...more,
});
const rows = () => [
  { kind: "person", id: ME, task: null, data: { name: "An", unit: null } },
  { kind: "person", id: OTHER, task: null, data: { name: "Bình", unit: null } },
  { kind: "task", id: TASK, task: TASK, data: task() },
];

/** Nothing of it can be changed any more; what tries to, throws. */
function frozen(value) {
  if (value && typeof value === "object") Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

let count = 0;
const entry = (name, args, more = {}) => ({ n: ++count, id: newId(), name, args, at: AT, person: ME, task: args.task ?? args.id, files: [], state: "waiting", answer: null, ...more });

function view(entries, given = rows()) {
  const held = Held.whole(given);
  for (const one of held.tasks.values()) frozen(one);
  for (const kind of held.office.values()) for (const one of kind.values()) frozen(one);
  return new View(ME, new Date(AT), { held, entries });
}

const DEEDS = [
  ["task.progress", { id: newId(), percent: 40 }], ["task.submit", { id: newId() }], ["task.review", { id: newId(), person: OTHER, verdict: "accept" }],
  ["task.review", { id: newId(), person: ME, verdict: "return", note: "x" }], ["task.review_undo", { person: OTHER }], ["task.status", { to: "paused", reason: "x" }],
  ["task.hand_back", { reason: "x" }], ["task.extend", { due: "2026-12-20", reason: "x" }], ["task.decide", { decision: "approve" }],
  ["task.edit", { fields: { title: "Khác", source: { number: "1" } }, base: { title: "x" } }], ["task.assign", { lead: OTHER, collaborators: null, followers: [ME], reason: "x" }],
  ["task.comment", { id: newId(), text: "x", mentions: [OTHER] }], ["task.follow", { on: true }], ["checklist.set", { item: "i1", done: true }],
  ["checklist.add", { id: newId(), text: "Hai" }], ["checklist.remove", { item: "i1" }], ["task.bin", {}], ["task.restore", {}],
];

test("every mutation changes copies only, alone and after all the others", () => {
  for (const [name, args] of DEEDS) view([entry(name, { task: TASK, ...args })]).get("task", TASK);
  view(DEEDS.map(([name, args]) => entry(name, { task: TASK, ...args }))).get("task", TASK);
  const below = { id: BELOW, title: "Việc con", lead: OTHER, parent: TASK, checklist: ["Một"] };
  assert.equal(view([entry("task.create", below)]).get("task", TASK).open_children, 1);
});

test("a refused entry shows nothing, an unknown one neither", () => {
  const shown = view([entry("task.progress", { task: TASK, percent: 90 }, { state: "rejected" }), entry("task.unheard", { task: TASK })]);
  assert.equal(shown.get("task", TASK).percent, 10);
});

test("a new task has no number until the server has given one", () => {
  const args = { id: BELOW, title: "Việc mới", lead: OTHER };
  assert.deepEqual([view([entry("task.create", args)]).get("task", BELOW).number, view([entry("task.create", args)]).get("task", BELOW).pending], ["", true]);
  const answered = view([entry("task.create", args, { state: "applied", answer: { number: "#26-099" } })]).get("task", BELOW);
  assert.deepEqual([answered.number, answered.pending], ["#26-099", false]);
});

test("the files of a report are shown before the server has them", () => {
  const file = { sha256: "ab".repeat(32), name: "ảnh.jpg", type: "image/jpeg", size: 5 };
  const sent = entry("task.progress", { id: newId(), task: TASK, percent: 40, files: [file.sha256] }, { attachments: [file] });
  const [report] = view([sent]).of("report", TASK);
  assert.deepEqual([report.attachments[0].name, report.attachments[0].thumb, report.pending], ["ảnh.jpg", false, true]);
});

test("a UUID of version 5 is the one that everybody else computes", () => {
  // uuid.uuid5(uuid.NAMESPACE_DNS, "python.org") of Python's own documentation
  assert.equal(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "python.org"), "886313e1-3b8a-5372-9b90-0c9aee199e5d");
});

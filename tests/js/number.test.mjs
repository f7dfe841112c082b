// The number on the app's icon.
import assert from "node:assert/strict";
import { test } from "node:test";
import { View } from "../../static/js/replica/view.js";
import { numberOf } from "../../static/js/worker/number.js";
import { id, ME, NOW, OTHER, task } from "./replica.mjs";

const PERSON = { username: "a", name: "Trần Bảo Kha", position: "head", title: "Trưởng phòng", initials: "BK", unit: null, rank: 1, active: true, nav: [] };
const notice = (n, about, more = {}) => ({ kind: "notice", id: id(n), task: about && id(about), data: { kind: "task.submitted", task: about && id(about), text: "", read: false, at: "2026-11-20T08:00:00.000+07:00", data: {}, ...more } });
const waits = (n) => task(n, { status: "submitted", lead: OTHER, can: { review: true } });

/** @param {boolean} judges @param {object[]} rows @param {object[]} [entries] */
function number(judges, rows, entries = []) {
  const me = { kind: "person", id: ME, data: { ...PERSON, judges } };
  return numberOf(View.from({ person: ME, now: NOW, rows: [me, ...rows].map((row) => ({ task: null, ...row })), entries }));
}

const ROWS = [waits(1), waits(2), notice(10, 1), notice(11, 9), notice(12, null), notice(13, 2, { read: true })];

test("what waits and what is not read count, a task that is both counts once", () => {
  assert.equal(number(true, ROWS), 4, "task 2, the notice of task 1 that waits too, one of another task, one of none");
  assert.equal(number(false, ROWS), 3, "for whom nothing can wait, messages alone");
  assert.equal(number(true, []), 0);
});

test("what was read here counts no more, before the server knows of it", () => {
  const read = { n: 1, id: id(90), name: "notice.read", args: { notices: [id(10), id(11)] }, at: "2026-11-23T08:00:00.000+07:00", person: ME, task: null, label: "", files: [], state: "waiting", seq: null };
  assert.equal(number(true, ROWS, [read]), 3, "both tasks wait, and the message of none");
});

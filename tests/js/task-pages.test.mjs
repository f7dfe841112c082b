// A task's page, its forms and Chờ duyệt over a real store, which has in memory only what they asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { learn } from "../../static/js/base/words.js";
import { workingDays } from "../../static/js/show/calendar.js";
import { match } from "../../static/js/worker/addresses.js";
import { filled, hung, id, ME, NOW, OTHER, task } from "./replica.mjs";

// Every sentence says its own key.
learn(new Proxy({}, { get: (_, key) => String(key), has: () => true }));

const PERSON = { username: "a", name: "Trần Bảo Kha", position: "head", title: "Trưởng phòng", initials: "BK", unit: null, rank: 1, active: true };
const CAN = { review: true, edit: true, assign: true };
const FULL = {
  quantity: 1, kind: "planned", percent: 0, checklist: [], reviewable: [], reviewers: [], can: CAN, due_text: "", outside_leads: "", outside_partners: "",
  children: 0, lead_share: 1, lead_percent: 0, lead_state: "active", submitted_at: "2026-11-20T08:00:00.000+07:00", extension: null,
};

/** Rows of an office with a parent, its child, a result that waits and a closed task. */
const ROWS = [
  { kind: "person", id: ME, op: "put", data: { ...PERSON, may_assign: [OTHER], judges: true, nav: [] } },
  { kind: "person", id: OTHER, op: "put", data: { ...PERSON, name: "Nông Thị Quế Anh", rank: 2 } },
  task(1, { ...FULL, children: 1 }),
  task(2, { ...FULL, parent: id(1), parent_task: { number: "#26-001", title: "Việc 1" } }),
  task(3, { ...FULL, status: "submitted", lead: OTHER }),
  task(4, { ...FULL, status: "completed" }),
  hung("report", 10, 3, { kind: "submit", note: "Xong", percent: 100, seq: 7, quantity: null, attachments: [] }),
  hung("event", 11, 1, { action: "create", title: "Giao việc", seq: 3 }),
  hung("comment", 12, 4, { text: "Tốt", seq: 9, attachments: [] }),
];

/** What the page of this address shows on a device that has just started. @param {string} address @param {any} [claim] */
async function shown(address, claim) {
  const { store, device } = await filled(ROWS);
  if (claim) await store.enqueue(claim);
  const fresh = await device.open();
  const url = new URL(address, "http://soviec.test");
  const found = match(url, "GET");
  const view = await fresh.view({ now: NOW, needs: found.needs });
  const page = await import(`../../static/js/worker/pages/${found.key}.js`);
  const desk = { url, request: new Request(url), view, store: fresh, days: workingDays(view), htmx: false, target: "", online: false, maxBytes: 25e6, csrf: "", client: "" };
  return page[found.key](desk, ...found.names);
}

test("a task is found by its identifier and by its number, with its children and what hangs on it", async () => {
  for (const name of [id(1), "26-001"]) {
    const { context, badges } = await shown(`/tasks/${name}`);
    assert.deepEqual(context.children.map((one) => one.title), ["Việc 2"]);
    assert.deepEqual(context.history.map((one) => one.title), ["Giao việc"]);
    assert.deepEqual(badges, { reviews: 1 });
  }
  assert.equal((await shown(`/tasks/${id(2)}`)).context.parent.number, "#26-001");
  assert.equal((await shown(`/tasks/${id(4)}`)).context.history[0].note, "Tốt");
});

test("every form and the older timeline find their task", async () => {
  assert.equal((await shown(`/tasks/${id(1)}/edit`)).context.values.title, "Việc 1");
  assert.equal((await shown("/tasks/26-001/assign")).context.values.lead, ME);
  assert.equal((await shown(`/tasks/new?parent=${id(4)}`)).context.parent.title, "Việc 4");
  assert.equal((await shown("/tasks/new")).context.parent, null);
  assert.equal((await shown(`/tasks/${id(3)}/history?before=8`)).context.history.length, 1);
});

test("Chờ duyệt reads the words of each result", async () => {
  const { context } = await shown("/reviews");
  assert.deepEqual(context.groups.map((one) => one.entries.map((entry) => entry.note)), [["Xong"]]);
});

test("what waits in the outbox is there after a new start", async () => {
  const args = { id: id(30), task: id(1), text: "Viết lúc mất mạng", mentions: [], files: [] };
  const { context } = await shown(`/tasks/${id(1)}`, { name: "task.comment", args, task: id(1), label: "Trao đổi", files: [] });
  assert.equal(context.waits, 1);
  assert.deepEqual(context.history.map((one) => [one.note, one.pending]), [["Viết lúc mất mạng", true], ["", undefined]]);
});

test("a withdrawn acceptance makes Chờ duyệt show the result again with its words", async () => {
  const { context } = await shown("/reviews", { name: "task.review_undo", args: { task: id(4), person: null }, task: id(4), label: "Rút lại", files: [] });
  assert.deepEqual(context.groups[0].entries.map((one) => one.id).sort(), [id(3), id(4)].sort());
});

test("a task that is not on the device is the server's", async () => {
  for (const name of [id(99), "26-099", "gì-đó"]) assert.equal(await shown(`/tasks/${name}`), null);
});

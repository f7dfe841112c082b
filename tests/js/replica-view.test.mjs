// What a page sees: rows with what waits on top, no less than it asked for, from sheets as from rows; and lists out of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { learn } from "../../static/js/base/words.js";
import { NotLoaded } from "../../static/js/replica/errors.js";
import { alike, listed, needsOf } from "../../static/js/replica/search.js";
import { isLight } from "../../static/js/replica/sheets.js";
import { View } from "../../static/js/replica/view.js";
import { drop, filled, hung, id, ME, NOW, OTHER, server, task } from "./replica.mjs";

learn(new Proxy({}, { has: () => true, get: (_, key) => String(key) }));
const ALL = { q: "", status: "all", whose: "all", person: "", unit: "", field: "", priority: "", plan: "", parent: "", due_from: null, due_to: null, sort: "due", start: 0 };
const person = (/** @type {string} */ one, more = {}) => ({ kind: "person", id: one, op: "put", data: { name: one, rank: 1, unit: id(500), ...more } });
/** @param {View} view @param {any} filters */
const titles = (view, filters) => listed(view, { ...ALL, ...filters }).rows.map((one) => one.title);
const rowsOf = (/** @type {any[]} */ changes) => changes.map(({ kind, id: one, data }) => ({ kind, id: one, task: kind === "task" ? null : (data.task ?? null), data }));

test("a page that reads what it did not ask for fails instead of showing less", async () => {
  const { store } = await filled([task(1), task(2, { status: "completed" }), hung("report", 11, 1)]);
  const view = await store.view();
  for (const ask of [() => view.open(), () => view.all("task"), () => view.get("task", id(1)), () => view.all("notice"), () => view.all("report"), () => view.byNumber("26-001")]) assert.throws(ask, NotLoaded);
  await view.need("open");
  assert.equal(view.open().length, 1);
  for (const ask of [() => view.of("report", id(1)), () => view.get("task", id(2)), () => view.childrenOf(id(1)), () => view.all("task"), () => view.get("task", id(1)).description, () => view.lastVerdict(id(1), ME)]) assert.throws(ask, NotLoaded);
  await view.need({ task: "26-001" });
  assert.deepEqual([view.of("report", id(1)).length, view.childrenOf(id(1)), view.byNumber("#26-1").id, view.get("task", id(1)).description], [1, [], id(1), ""]);
  await view.need({ task: "26-999" });
  assert.deepEqual([view.byNumber("26-999"), view.get("task", "26-999")], [undefined, undefined]);
});

test("lists are the same from sheets and from rows, and what changed since the sheets is in them", async () => {
  const many = Array.from({ length: 120 }, (_, n) => task(n + 1, { status: n % 3 ? "in_progress" : "completed", can: { edit: n % 2 === 0 }, title: `Việc ${n + 1}`, collaborators: n % 5 ? [] : [{ person: OTHER, share: 0.5, percent: n, state: "active" }] }));
  const { store, device } = await filled(many);
  await store.pull(server([{ changes: [task(1, { title: "mở lại" }), task(2, { status: "cancelled" }), drop("task", id(3)), task(500, { title: "mới" })] }]));
  const fresh = await device.open();
  const view = await fresh.view({ needs: ["tasks", "words"] });
  assert.ok(view.all("task").filter(isLight).length >= 100, "sheets are used");
  const rows = (await store.db.rows.toArray()).map(({ kind, id: one, data }) => ({ kind, id: one, task: null, data }));
  const plain = View.from({ person: ME, now: view.now, rows });
  for (const filters of [{}, { status: "open" }, { status: "cancelled" }, { person: OTHER }, { sort: "new" }, { q: "moi" }, { q: "viec 77" }, { start: 60 }]) assert.deepEqual(titles(view, filters), titles(plain, filters), JSON.stringify(filters));
  const light = view.all("task").find(isLight);
  const { description, checklist, files, attachments, source, product_text, ...shown } = plain.get("task", light.id);
  assert.deepEqual({ ...light }, shown);
  await view.need({ task: light.id });
  assert.deepEqual(view.get("task", light.id), plain.get("task", light.id));
});

test("what the person did is over the rows at once, waits, and goes without a trace when it is taken back", async () => {
  const { store } = await filled([person(ME), task(1, { can: { comment: true } }), task(2)]);
  const { n } = await store.enqueue({ name: "task.comment", args: { id: id(50), task: id(1), text: "Đã rõ", mentions: [], files: [] }, task: id(1), label: "Trao đổi" });
  const view = await store.view({ now: NOW, needs: ["open"] });
  assert.deepEqual(view.of("comment", id(1)).map((one) => [one.text, one.pending]), [["Đã rõ", true]]);
  assert.deepEqual([view.get("task", id(1)).waits, view.get("task", id(2)).waits, view.entries(id(1)).length, view.entries(id(2)).length], [1, 0, 1, 0]);
  assert.equal(view.stored("task", id(1)).waits, 0);
  await store.takeBack(n);
  const after = await store.view({ now: NOW, needs: [{ task: id(1) }] });
  assert.deepEqual([after.of("comment", id(1)), after.get("task", id(1)).waits], [[], 0]);
});

test("what was rejected is not shown as done, and what was answered no longer waits", async () => {
  const { store } = await filled([person(ME), task(1)]);
  const some = [];
  for (const number of [50, 51]) some.push(await store.enqueue({ name: "task.comment", args: { id: id(number), task: id(1), text: `${number}`, mentions: [], files: [] }, task: id(1), label: "Trao đổi" }));
  await store.markSending(some.map((one) => one.n));
  await store.markAnswered({ seq: 1, id: some[0].id, status: "applied", data: {} });
  await store.markAnswered({ seq: 2, id: some[1].id, status: "rejected", code: "gone", message: "m" });
  const view = await store.view({ needs: [{ task: id(1) }] });
  assert.deepEqual(view.of("comment", id(1)).map((one) => [one.text, one.pending]), [["50", false]]);
  assert.deepEqual([view.get("task", id(1)).waits, view.entries().map((one) => one.state)], [0, ["rejected"]]);
});

test("views that were given out do not change under a page when a pull comes between", async () => {
  const { store } = await filled([task(1, { title: "cũ" })]);
  const view = await store.view({ needs: ["open"] });
  await store.pull(server([{ changes: [task(1, { title: "mới" }), task(2)] }]));
  await store.view({ needs: ["open"] });
  assert.deepEqual(view.open().map((one) => one.title), ["cũ"]);
});

test("people, units and fields are in their order, a task's things the oldest first, its last judgement is the last", async () => {
  const unit = (/** @type {number} */ number, sort = 0, parent = null) => ({ kind: "unit", id: id(number), op: "put", data: { name: `${number}`, sort, parent } });
  const review = (/** @type {number} */ number, at, verdict, who = ME) => hung("review", number, 1, { at, verdict, person: who });
  const rows = rowsOf([person(ME, { rank: 3 }), person(OTHER, { rank: 2 }), unit(500, 2), unit(501, 1, id(500)), task(1), task(3, { parent: id(1) }), task(2, { parent: id(1) }), review(13, "2026-11-03T08:00:00.000+07:00", "accept"), review(12, "2026-11-02T08:00:00.000+07:00", "return"), review(11, "2026-11-04T08:00:00.000+07:00", "undone", OTHER)]);
  const view = View.from({ person: ME, now: NOW, rows });
  assert.deepEqual(view.people().map((one) => one.id), [OTHER, ME]);
  assert.deepEqual(view.units().map((one) => one.id), [id(501), id(500)]);
  assert.deepEqual(view.pathOf(id(501)), [id(500), id(501)]);
  assert.deepEqual(view.reviewsOf(id(1)).map((one) => one.id), [id(12), id(13), id(11)]);
  assert.deepEqual([view.lastVerdict(id(1), ME), view.lastVerdict(id(1), OTHER), view.lastVerdict(id(2), ME)], ["accept", "undone", ""]);
  assert.deepEqual(view.childrenOf(id(1)).map((one) => one.id), [id(2), id(3)]);
  assert.equal(view.today, "2026-11-23");
});

test("every filter and every order of the list", () => {
  const unit = (/** @type {number} */ number, parent) => ({ kind: "unit", id: id(number), op: "put", data: { name: `${number}`, sort: 0, parent } });
  const rows = rowsOf([
    unit(500, null), unit(501, id(500)), unit(502, id(500)), person(ME, { unit: id(501) }),
    task(1, { title: "a", due: "2026-11-22", unit: id(501), field: "f", priority: "urgent", changed_at: "2026-11-01T08:00:00.000+07:00" }),
    task(2, { title: "b", due: null, lead: OTHER, collaborators: [{ person: ME }], unit: id(502), plan: "p" }),
    task(3, { title: "c", due: "2026-11-30", lead: OTHER, followers: [ME], status: "paused", parent: id(1) }),
    task(4, { title: "d", due: "2026-12-01", lead: OTHER, status: "submitted", priority: "critical" }),
    task(5, { title: "e", due: "2026-11-22", lead: OTHER, status: "completed", creator: ME, changed_at: "2026-11-22T08:00:00.000+07:00" }),
    task(6, { title: "f", due: "2026-11-01", lead: OTHER, status: "proposed", delegate: ME }),
  ]);
  const view = View.from({ person: ME, now: NOW, rows });
  const found = (/** @type {any} */ filters) => titles(view, filters).join("");
  const cases = { abcd: { status: "open", sort: "due" }, a: { status: "overdue" }, c: { status: "soon" }, f: { status: "proposed" }, e: { status: "completed" } };
  for (const [wanted, filters] of Object.entries(cases)) assert.equal([...found(filters)].sort().join(""), wanted, JSON.stringify(filters));
  assert.equal(found({}), "faecdb");
  assert.equal(found({ sort: "new" }), "fedcba");
  assert.equal(found({ sort: "changed" })[0], "e");
  assert.equal(found({ sort: "priority" }), "dafecb");
  assert.deepEqual([found({ whose: "mine" }), found({ whose: "lead" }), found({ whose: "given" }), found({ whose: "followed" }), found({ whose: "room" })], ["ab", "a", "fe", "c", "a"]);
  assert.deepEqual([found({ unit: id(500) }), found({ unit: id(502) }), found({ field: "f" }), found({ plan: "p" }), found({ parent: id(1) }), found({ person: ME })], ["ab", "b", "a", "b", "c", "ab"]);
  assert.deepEqual([found({ due_from: "2026-11-22", due_to: "2026-11-30" }), found({ due_from: "2026-11-30" })], ["aec", "cd"]);
  assert.deepEqual([found({ q: "26-005", status: "open" }), found({ q: "#26-1" }), found({ q: "26-999" })], ["e", "a", ""]);
});

test("words are found without marks and, where they are written, with them first; a page has thirty", () => {
  const rows = rowsOf([task(1, { title: "Đường truyền số liệu" }), task(2, { title: "Con duong moi" }), task(3, { title: "x", source: { number: "12/KH-UBND" } }), task(4, { title: "Đường phố", status: "completed" }), ...Array.from({ length: 40 }, (_, n) => task(100 + n, { title: "chung" }))]);
  const view = View.from({ person: ME, now: NOW, rows });
  assert.deepEqual(titles(view, { q: "duong" }), ["Đường phố", "Con duong moi", "Đường truyền số liệu"]);
  assert.deepEqual(titles(view, { q: "đường" }), ["Đường phố", "Đường truyền số liệu", "Con duong moi"]);
  assert.deepEqual(titles(view, { q: "TRUYỀN đươ" }), ["Đường truyền số liệu"]);
  assert.deepEqual(titles(view, { q: "ubnd 12" }), ["x"]);
  assert.deepEqual([titles(view, { q: "uong" }), titles(view, { q: "* \" -" }).length], [[], 30]);
  const page = listed(view, { ...ALL, q: "chung", start: 30 });
  assert.deepEqual([page.rows.length, page.more, listed(view, { ...ALL, q: "chung" }).more], [10, false, true]);
  assert.deepEqual(alike(view, "Đường truyền số").map((one) => one.id), [id(1)]);
  assert.deepEqual(alike(view, "duong pho x chung"), []);
});

test("a list says what it will read", () => {
  const needs = (/** @type {any} */ more) => needsOf({ ...ALL, status: "open", ...more });
  assert.deepEqual(needs({}), ["open"]);
  assert.deepEqual(needs({ status: "completed" }), ["tasks"]);
  assert.deepEqual(needs({ q: "26-014" }), ["tasks"]);
  assert.deepEqual(needs({ q: "duong" }), ["open", "words"]);
  assert.deepEqual(needs({ q: "đường", status: "all" }), ["tasks", "words", "marks"]);
});

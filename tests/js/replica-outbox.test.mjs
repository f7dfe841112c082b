// The outbox as transactions: what is claimed is whole, in order, and can be taken back until it was sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Full, TooLate } from "../../static/js/replica/errors.js";
import { Device, filled, id, ME, server, task } from "./replica.mjs";

/** @param {any} store @param {string} name @param {any} args @param {any} [more] */
const claim = (store, name, args, more = {}) => store.enqueue({ name, args, task: args.task ?? args.id ?? null, label: name, ...more });
const photo = (/** @type {string} */ sha256, size = 3) => ({ sha256, name: `${sha256}.jpg`, type: "image/jpeg", size, blob: new Blob(["x".repeat(size)], { type: "image/jpeg" }) });
const states = async (/** @type {any} */ store) => (await store.entries()).map((/** @type {any} */ one) => `${one.name} ${one.state} ${one.seq ?? "-"}`);

test("an entry and its files are there after the worker has ended, in the order in which things were done", async () => {
  const device = new Device();
  const first = await device.open();
  const one = await claim(first, "task.progress", { id: id(1), task: id(9), percent: 40, files: ["f1"] }, { files: [photo("f1")], form: { percent: "40" } });
  await claim(first, "task.comment", { id: id(2), task: id(9), text: "x" });
  first.close();
  const store = await device.open();
  const [kept, other] = await store.entries();
  assert.deepEqual({ ...kept }, { ...one });
  assert.ok(kept.n < other.n);
  assert.equal(kept.person, ME);
  assert.match(kept.at, /[+-]\d\d:\d\d$/);
  assert.deepEqual([kept.state, kept.seq, kept.files, kept.form], ["waiting", null, ["f1"], { percent: "40" }]);
  const file = await store.blob("f1");
  assert.deepEqual([file.name, file.size, file.uploaded, await file.blob.text()], ["f1.jpg", 3, false, "xxx"]);
  assert.deepEqual(await store.counts(), { waiting: 2, sending: 0, rejected: 0 });
});

test("the same form sent twice is one entry", async () => {
  const store = await new Device().open();
  const [one, other] = await Promise.all([1, 2].map(() => claim(store, "task.comment", { id: id(2), task: id(9), text: "x" }, { id: id(70) })));
  assert.equal(one.n, other.n);
  assert.equal((await store.entries()).length, 1);
});

test("a full disk is said before anything is claimed: by the estimate, and by the write itself", async () => {
  const store = await new Device().open();
  const had = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { storage: { estimate: async () => ({ quota: 5_000_000, usage: 4_999_000 }) } } });
  try {
    await assert.rejects(claim(store, "task.progress", { id: id(1), task: id(9) }, { files: [photo("f1")] }), Full);
  } finally {
    if (had) Object.defineProperty(globalThis, "navigator", had);
    else Reflect.deleteProperty(globalThis, "navigator");
  }
  const add = store.db.outbox.add;
  store.db.outbox.add = () => {
    throw Object.assign(new Error("aborted"), { name: "AbortError", inner: Object.assign(new Error("full"), { name: "QuotaExceededError" }) });
  };
  await assert.rejects(claim(store, "task.progress", { id: id(1), task: id(9) }, { files: [photo("f1")] }), Full);
  store.db.outbox.add = add;
  assert.deepEqual([await store.entries(), await store.blob("f1")], [[], undefined]);
});

test("what was never sent can be changed, with its files; what is on its way can't", async () => {
  const store = await new Device().open();
  const { n } = await claim(store, "task.progress", { id: id(1), task: id(9), percent: 40 }, { files: [photo("f1"), photo("f2")] });
  const made = await store.change(n, { id: id(1), task: id(9), percent: 50 }, { label: "50%", files: [{ sha256: "f2" }, photo("f3")], form: { percent: "50" } });
  assert.deepEqual([made.args.percent, made.label, made.files, made.form], [50, "50%", ["f2", "f3"], { percent: "50" }]);
  assert.deepEqual([await store.blob("f1"), (await store.blob("f2"))?.size, (await store.blob("f3"))?.size], [undefined, 3, 3]);
  await store.markSending([n]);
  await assert.rejects(store.change(n, {}), TooLate);
  await assert.rejects(store.takeBack(n), TooLate);
  await assert.rejects(store.discard(n), TooLate);
  await assert.rejects(store.retry(n), TooLate);
});

test("taking back a new task takes back what hangs on it, its children's too, and their files, and nothing else", async () => {
  const store = await new Device().open();
  await claim(store, "task.comment", { id: id(1), task: id(9), text: "trước" }, { files: [photo("both")] });
  const { n } = await claim(store, "task.propose", { id: id(10), title: "Mới" });
  await claim(store, "task.progress", { id: id(2), task: id(10), percent: 5 }, { files: [photo("f1"), photo("both")] });
  await claim(store, "task.create", { id: id(11), title: "Con", parent: id(10) });
  await claim(store, "task.comment", { id: id(3), task: id(11), text: "con" });
  await claim(store, "task.comment", { id: id(4), task: id(9), text: "sau" });
  assert.equal((await store.hanging(n)).length, 4);
  const went = await store.takeBack(n);
  assert.deepEqual(went.map((one) => one.name), ["task.propose", "task.progress", "task.create", "task.comment"]);
  assert.deepEqual((await store.entries()).map((one) => one.args.id), [id(1), id(4)]);
  assert.equal(await store.blob("f1"), undefined);
  assert.equal((await store.blob("both"))?.size, 3);
  await assert.rejects(store.takeBack(n), TooLate);
});

test("numbers have no gaps: what was taken back before has none, what was sent keeps its own", async () => {
  const device = new Device();
  let store = await device.open();
  const ns = [];
  for (let place = 1; place <= 4; place++) ns.push((await claim(store, "task.comment", { id: id(place), task: id(9), text: "x" })).n);
  assert.equal(await store.numbers(), null);
  await store.takeBack(ns[1]);
  assert.deepEqual((await store.markSending(ns.slice(0, 3))).map((one) => one.seq), [1, 2]);
  store.close();
  store = await device.open();
  assert.deepEqual((await store.markSending(ns)).map((one) => [one.seq, one.attempts]), [[1, 2], [2, 2], [3, 1]]);
  assert.deepEqual(await store.numbers(), { answered: 0, given: 3 });
});

test("an answer is kept with the number that it answers, the same answer again changes nothing, and a refusal waits for its author", async () => {
  const store = await new Device().open();
  const entries = [];
  for (let place = 1; place <= 2; place++) entries.push(await claim(store, "task.comment", { id: id(place), task: id(9), text: "x" }));
  await store.markSending(entries.map((one) => one.n));
  await store.markAnswered({ seq: 1, id: entries[0].id, status: "applied", data: { id: id(1) } });
  await store.markAnswered({ seq: 2, id: entries[1].id, status: "rejected", code: "gone", message: "Đã bị xóa." });
  await store.markAnswered({ seq: 1, id: entries[0].id, status: "rejected", code: "conflict" });
  assert.deepEqual(await states(store), ["task.comment applied 1", "task.comment rejected 2"]);
  assert.deepEqual(await store.numbers(), { answered: 2, given: 2 });
  const [, refused] = await store.entries();
  assert.deepEqual([refused.code, refused.message, refused.shown], ["gone", "Đã bị xóa.", false]);
  await store.seen(refused.n);
  assert.equal((await store.entry(refused.n)).shown, true);
  assert.deepEqual((await store.discard(refused.n)).map((one) => one.n), [refused.n]);
});

test("a rejected task that is tried again is a new mutation at the end, and what hangs on it follows it", async () => {
  const store = await new Device().open();
  const create = await claim(store, "task.create", { id: id(10), title: "Mới", lead: "x" });
  const report = await claim(store, "task.progress", { id: id(2), task: id(10), percent: 5 }, { files: [photo("f1")] });
  await claim(store, "task.comment", { id: id(3), task: id(9), text: "khác" });
  await store.markSending([create.n, report.n]);
  await store.markAnswered({ seq: 1, id: create.id, status: "rejected", code: "invalid", message: "m" });
  await store.markAnswered({ seq: 2, id: report.id, status: "rejected", code: "not_found", message: "m" });
  const made = await store.retry(create.n, { args: { id: id(10), title: "Mới", lead: ME } });
  assert.notEqual(made.id, create.id);
  assert.deepEqual(await states(store), ["task.comment waiting -", "task.create waiting -", "task.progress waiting -"]);
  const again = (await store.entries())[2];
  assert.notEqual(again.id, report.id);
  assert.deepEqual([again.args, again.files, again.code, again.attempts, (await store.blob("f1"))?.size], [report.args, ["f1"], "", 0, 3]);
});

test("after a restored backup what is on its way gets new numbers in its order", async () => {
  const store = await new Device().open();
  const ns = [];
  for (let place = 1; place <= 3; place++) ns.push((await claim(store, "task.comment", { id: id(place), task: id(9), text: "x" })).n);
  await store.markSending(ns);
  assert.deepEqual((await store.renumber(7)).map((one) => [one.n, one.seq]), [[ns[0], 8], [ns[1], 9], [ns[2], 10]]);
  assert.deepEqual(await store.numbers(), { answered: 7, given: 10 });
});

test("wiping forgets the rows and keeps the outbox, or forgets everything", async () => {
  const { store, device } = await filled([task(1)]);
  await claim(store, "task.comment", { id: id(2), task: id(1), text: "x" }, { files: [photo("f1")] });
  await store.wipe({ keepOutbox: true });
  const view = await store.view({ needs: ["tasks"] });
  assert.deepEqual([view.complete, view.all("task").length, view.entries().length, await store.toPurge()], [false, 0, 1, ["*"]]);
  assert.equal((await store.blob("f1"))?.size, 3);
  await store.pull(server([{ changes: [task(1)] }]));
  assert.equal((await store.view({ needs: ["tasks"] })).all("task").length, 1);
  await store.wipe({ keepOutbox: false });
  const fresh = await device.open();
  assert.deepEqual([await fresh.complete(), await fresh.entries(), await fresh.blob("f1")], [false, [], undefined]);
});

test("two people of one device have nothing in common", async () => {
  const { device } = await filled([task(1)]);
  const other = await device.open(id(999));
  assert.deepEqual([await other.complete(), await other.entries()], [false, []]);
});

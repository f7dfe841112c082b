// The replica under pulls: pages, resets, drops, whoever else answers, and what an interruption leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Full, OtherPerson, SignedOut, Unreachable } from "../../static/js/replica/errors.js";
import { Device, drop, filled, hung, id, ME, NOW, OTHER, server, task } from "./replica.mjs";

/** @param {any} store @param {...any} needs */
const seen = async (store, ...needs) => (await store.view({ now: NOW, needs: ["tasks", ...needs] })).all("task").map((/** @type {any} */ one) => one.title).sort();

test("a first copy in pages is shown when its last page is there, not before", async () => {
  const store = await new Device().open();
  const cut = server([{ changes: [task(1)], more: true }, new TypeError("cut")]);
  await assert.rejects(store.pull(cut), Unreachable);
  assert.deepEqual(await seen(store), []);
  assert.equal((await store.view()).complete, false);
  const { fetch, asked } = server([{ changes: [task(2)], more: false }]);
  assert.deepEqual(await store.pull({ fetch }), { changed: true });
  assert.deepEqual(asked, ["c1", "c1"]);
  assert.deepEqual(await seen(store), ["Việc 1", "Việc 2"]);
  assert.equal((await store.view()).complete, true);
  assert.equal(await store.complete(), true);
});

test("each page begins where the one before ended, and a quiet pull says that nothing changed", async () => {
  const store = await new Device().open();
  const { fetch, asked } = server([{ more: true, changes: [task(1)] }, { more: true, changes: [task(2)] }, { changes: [task(3)] }]);
  await store.pull({ fetch });
  assert.deepEqual(asked, ["", "c1", "c2", "c3"]);
  assert.deepEqual(await store.pull({ fetch }), { changed: false });
  assert.deepEqual(asked.slice(4), ["c4"]);
});

test("a put replaces the row, of several changes of a row the last one holds, and an unknown kind is no error", async () => {
  const { store } = await filled([task(1, { title: "cũ" })]);
  const changes = [task(1, { title: "giữa" }), task(1, { title: "mới" }), { kind: "score", id: id(9), op: "put", data: { total: 90 } }, drop("score", id(8)), { kind: "x" }, null];
  await store.pull(server([{ changes }]));
  assert.deepEqual(await seen(store), ["mới"]);
  assert.equal((await store.view()).get("score", id(9)).total, 90);
});

test("a reset that is cut in the middle leaves the old rows to be seen until the new copy is whole", async () => {
  const { store } = await filled([task(1), task(2)]);
  await assert.rejects(store.pull(server([{ reset: true, more: true, changes: [task(3)] }, new TypeError("cut")])), Unreachable);
  assert.deepEqual(await seen(store), ["Việc 1", "Việc 2"]);
  const { fetch, asked } = server([{ more: false, changes: [task(4)] }]);
  await store.pull({ fetch });
  assert.equal(asked[0], "c1");
  assert.deepEqual(await seen(store), ["Việc 3", "Việc 4"]);
  assert.equal(await store.db.rows.count(), 2);
});

test("a reset in the middle of a copy begins that copy anew", async () => {
  const { store } = await filled([task(1)]);
  await store.pull(server([{ reset: true, more: true, changes: [task(2)] }, { reset: true, more: true, changes: [task(3)] }, { changes: [task(4)] }]));
  assert.deepEqual(await seen(store), ["Việc 3", "Việc 4"]);
  assert.equal(await store.db.rows.count(), 2);
});

test("a dropped task goes with what hangs on it, and its files are named to whoever keeps copies", async () => {
  const file = { files: ["f1"], attachments: [{ sha256: "f2" }] };
  const { store } = await filled([task(1), task(2), hung("report", 11, 1, file), hung("comment", 12, 1), hung("report", 13, 2), { ...hung("notice", 14, 1), data: { ...hung("notice", 14, 1).data, at: new Date().toISOString() } }]);
  await store.view({ needs: [{ task: id(1) }] });
  await store.pull(server([{ changes: [drop("task", id(1)), drop("report", id(11)), drop("task", id(77))] }]));
  const view = await store.view({ needs: ["tasks", "notices", { task: id(1) }, { task: id(2) }] });
  assert.equal(view.get("task", id(1)), undefined);
  assert.deepEqual([view.of("report", id(1)), view.of("comment", id(1))], [[], []]);
  assert.equal(view.of("report", id(2)).length, 1);
  assert.equal(view.all("notice").length, 1);
  assert.equal(await store.db.rows.count(), 3);
  assert.deepEqual((await store.toPurge()).sort(), ["f1", "f2"]);
  await store.purged(["f1", "f2"]);
  assert.deepEqual(await store.toPurge(), []);
});

test("what hung on a task that goes later in the same page is not left behind, and a task that comes back is there", async () => {
  const { store } = await filled([task(1), task(2), hung("report", 12, 2)]);
  await store.pull(server([{ changes: [hung("report", 11, 1), drop("task", id(1)), drop("task", id(2)), task(2, { title: "lại" }), hung("report", 13, 2)] }]));
  assert.deepEqual(await seen(store), ["lại"]);
  assert.deepEqual((await store.db.rows.toArray()).filter((one) => one.kind !== "task").map((one) => one.id), [id(13)]);
});

test("after a reset, the files that the new copy does not have are named", async () => {
  const { store } = await filled([task(1, { files: ["kept"] }), task(2, { files: ["lost"] })]);
  await store.pull(server([{ reset: true, changes: [task(1, { files: ["kept"] })] }]));
  assert.deepEqual(await store.toPurge(), ["lost"]);
});

test("an answer to another person stores nothing", async () => {
  const { store } = await filled([task(1)]);
  const before = await store.db.state.toArray();
  await assert.rejects(store.pull(server([{ changes: [task(2)] }], { person: OTHER })), OtherPerson);
  assert.deepEqual(await store.db.state.toArray(), before);
  assert.deepEqual(await seen(store), ["Việc 1"]);
});

test("a session that is over, a server that is down, a page of somebody's hotel: each has its name, and nothing is stored", async () => {
  const { store } = await filled([task(1)]);
  const before = await store.db.state.toArray();
  await assert.rejects(store.pull(server([Response.json({ code: "signed_out" }, { status: 401 })])), SignedOut);
  const busy = new Response("", { status: 503, headers: { "Retry-After": "7" } });
  await assert.rejects(store.pull(server([busy])), (error) => error instanceof Unreachable && error.status === 503 && error.retryAfter === 7);
  await assert.rejects(store.pull(server([new Response("<h1>Wi-Fi</h1>", { headers: { "Content-Type": "text/html" } })])), Unreachable);
  await assert.rejects(store.pull(server([new Response("{", { headers: { "Soviec-Person": ME } })])), Unreachable);
  assert.deepEqual(await store.db.state.toArray(), before);
});

test("an entry that was answered stays over the rows until a pull that began afterwards has ended", async () => {
  const { store } = await filled([task(1)]);
  const entry = await store.enqueue({ name: "task.comment", args: { id: id(50), task: id(1), text: "Đã rõ" }, task: id(1), label: "Trao đổi" });
  await store.markSending([entry.n]);
  // Answered while a pull is under way: what that pull brings may be older.
  const during = async () => {
    await store.markAnswered({ seq: 1, id: entry.id, status: "applied", data: {} });
    return { more: true, changes: [task(2)] };
  };
  await store.pull(server([during, {}]));
  assert.deepEqual((await store.entries()).map((one) => one.state), ["applied"]);
  const states = [];
  await store.pull(server([async () => (states.push((await store.entries()).length), { more: true }), async () => (states.push((await store.entries()).length), {})]));
  assert.deepEqual(states, [1, 1]);
  assert.deepEqual(await store.entries(), []);
});

test("a copy that was begun before the answer does not let the entry go; the changes after it do", async () => {
  const { store } = await filled([task(1)]);
  await assert.rejects(store.pull(server([{ reset: true, more: true, changes: [task(1)] }, new TypeError("cut")])), Unreachable);
  const entry = await store.enqueue({ name: "task.comment", args: { id: id(50), task: id(1), text: "Đã rõ" }, task: id(1), label: "Trao đổi" });
  await store.markSending([entry.n]);
  await store.markAnswered({ seq: 1, id: entry.id, status: "applied", data: {} });
  let between = -1;
  await store.pull(server([{}, async () => ((between = (await store.entries()).length), { changes: [hung("comment", 50, 1, { text: "Đã rõ" })] })]));
  assert.equal(between, 1);
  assert.deepEqual(await store.entries(), []);
  assert.equal((await store.view({ needs: [{ task: id(1) }] })).of("comment", id(1)).length, 1);
});

test("two stores on one database see each other's writes", async () => {
  const { store, device } = await filled([task(1), hung("report", 11, 1)]);
  const other = await device.open();
  assert.deepEqual(await seen(other), ["Việc 1"]);
  await (await other.view({ needs: [{ task: id(1) }] })).of("report", id(1));
  await store.pull(server([{ changes: [task(1, { title: "mới" }), task(2), hung("report", 12, 1), drop("report", id(11))] }]));
  await store.enqueue({ name: "task.comment", args: { id: id(50), task: id(1), text: "x" }, task: id(1), label: "Trao đổi" });
  const view = await other.view({ needs: ["tasks", { task: id(1) }] });
  assert.deepEqual(view.all("task").map((one) => one.title).sort(), ["Việc 2", "mới"]);
  assert.deepEqual(view.of("report", id(1)).map((one) => one.id), [id(12)]);
  assert.equal(view.entries().length, 1);
  // More than is remembered: everything is read anew.
  for (let turn = 0; turn < 3; turn++) await store.pull(server([{ changes: Array.from({ length: 600 }, (_, place) => task(100 + place, { title: `lần ${turn}` })) }]));
  assert.equal((await seen(other)).filter((title) => title === "lần 2").length, 600);
});

test("a view that asks for more while another store writes has what it asked for before, as it is now", async () => {
  const { store, device } = await filled([task(1), task(2, { status: "completed" })]);
  const other = await device.open();
  const view = await other.view({ needs: ["open"] });
  for (let turn = 0; turn < 2; turn++) await store.pull(server([{ changes: Array.from({ length: 700 }, (_, place) => task(100 + place)) }]));
  await view.need({ task: id(2) });
  assert.equal(view.open().length, 701);
  assert.equal(view.get("task", id(2)).status, "completed");
});

test("two pulls at once leave what one would have left", async () => {
  const device = new Device();
  const [one, other] = [await device.open(), await device.open()];
  const pages = () => server([async () => (await new Promise((done) => setTimeout(done, 5)), { changes: [task(1)], more: true }), { changes: [task(2)] }]);
  await Promise.all([one.pull(pages()), other.pull(pages())]);
  assert.ok((await seen(one)).length > 0 && (await one.db.rows.count()) === (await seen(one)).length);
});

test("a page that does not fit on the disk leaves everything as it was, and says so", async () => {
  const { store } = await filled([task(1)]);
  const before = await store.db.state.get("cursor");
  const full = Object.assign(new Error("full"), { name: "QuotaExceededError" });
  const put = store.db.rows.bulkPut;
  store.db.rows.bulkPut = () => {
    throw full;
  };
  await assert.rejects(store.pull(server([{ changes: [task(2)] }])), Full);
  store.db.rows.bulkPut = put;
  assert.deepEqual(await store.db.state.get("cursor"), before);
  assert.deepEqual(await seen(store), ["Việc 1"]);
});

test("the clock of the server corrects the device's, and old notices go by themselves", async () => {
  const store = await new Device().open();
  const ahead = new Date(Date.now() + 86_400_000);
  const notice = (number, days) => ({ kind: "notice", id: id(number), op: "put", data: { kind: "task.assigned", task: null, text: "x", at: new Date(ahead.getTime() - days * 86_400_000).toISOString() } });
  await store.pull(server([{ changes: [notice(1, 59), notice(2, 61)] }], { date: ahead.toUTCString() }));
  const view = await store.view({ needs: ["notices"] });
  assert.ok(Math.abs(view.now.getTime() - ahead.getTime()) < 60_000);
  assert.deepEqual(view.all("notice").map((one) => one.id), [id(1)]);
  assert.equal(await store.db.rows.count(), 1);
});

// One run at a time: what is told to the pages, what waits for its time, who waits for an answer; and putting things into the outbox.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { newId } from "../../static/js/base/ids.js";
import { learn } from "../../static/js/base/words.js";
import { enter } from "../../static/js/outbox/entries.js";
import { labelOf, short } from "../../static/js/outbox/labels.js";
import { View } from "../../static/js/replica/view.js";
import { run, settled } from "../../static/js/worker/run.js";
import { device, file, TASK } from "./outbox_desk.mjs";
import { ANNA, FakeServer } from "./outbox_server.mjs";

/** The sentences of the catalogue that are of the outbox, and some that it needs. */
const toml = readFileSync(new URL("../../server/words/outbox.toml", import.meta.url), "utf8");
const words = { "tasks.due.none": "Không thời hạn" };
let table = "";
for (const line of toml.split("\n")) {
  const [, section] = /^\[(\w+)\]/.exec(line) ?? [];
  if (section) table = `${section}.`;
  const [, key, text] = /^(\w+) = "(.*)"$/.exec(line) ?? [];
  if (key) words[`outbox.${table}${key}`] = text;
}
learn(words);

/** Everything that pages hear until the end of the test. */
function listen(context) {
  const heard = [];
  const channel = new BroadcastChannel("soviec");
  channel.onmessage = (event) => heard.push(event.data);
  channel.unref?.();
  context.after(() => channel.close());
  return heard;
}

const quiet = () => new Promise((done) => setTimeout(done, 30));

/** A person of its own for each test: runs and locks are by person. */
async function desk(prepare = () => {}) {
  const server = new FakeServer();
  server.person = newId();
  prepare(server);
  return { server, at: await device(server, server.person) };
}

test("a run sends, then pulls, and tells the pages how much waits", async (context) => {
  const heard = listen(context);
  const { server, at } = await desk();
  await at.does();
  const went = await run(at.store, { why: "save", fetch: server.fetch });
  assert.deepEqual(went, { online: true, stopped: "", wait: 0, changed: true, skipped: false });
  assert.deepEqual(server.requests.map((one) => one.path).slice(-2), ["/sync/pull", "/sync/pull"]);
  await quiet();
  const mine = heard.filter((one) => one.person === server.person);
  assert.deepEqual(mine.map((one) => [one.type, one.waiting, one.busy]), [["state", 1, true], ["state", 0, false], ["changed", undefined, undefined]]);
  assert.deepEqual(await at.states(), [], "what was answered before the pull is in what the pull brought");
});

test("while a run is under way, all further calls share one that comes after it", async () => {
  const { server, at } = await desk();
  await at.does(1);
  const first = run(at.store, { why: "save", fetch: server.fetch });
  await at.does(2);
  const [second, third] = [run(at.store, { why: "save", fetch: server.fetch }), run(at.store, { why: "online", fetch: server.fetch })];
  assert.equal(second, third);
  assert.equal(run(at.store, { why: "beat", fetch: server.fetch }), first);
  await Promise.all([first, second]);
  assert.deepEqual(server.effects.map((one) => one.args.percent), [1, 2]);
});

test("after a failure the regular call waits for its time, a save and the button try at once", async () => {
  const { server, at } = await desk((one) => (one.fault = () => "before"));
  await at.does();
  const clock = { now: () => 1_000_000 };
  const failed = await run(at.store, { why: "save", fetch: server.fetch, random: () => 0, ...clock });
  assert.deepEqual([failed.online, failed.stopped, failed.wait], [false, "offline", 1000]);
  const asked = server.requests.length;
  assert.ok((await run(at.store, { why: "beat", fetch: server.fetch, ...clock })).skipped);
  assert.equal(server.requests.length, asked);
  const again = await run(at.store, { why: "button", fetch: server.fetch, random: () => 0, ...clock });
  assert.equal(again.wait, 2000, "longer each time");
  server.fault = () => undefined;
  assert.equal((await run(at.store, { why: "beat", fetch: server.fetch, now: () => 1_003_000 })).online, true);
  assert.equal(server.effects.length, 1);
});

test("a clock that was set back holds nothing up for ever", async () => {
  const { server, at } = await desk((one) => (one.fault = () => "before"));
  await at.does();
  await run(at.store, { why: "save", fetch: server.fetch, random: () => 0, now: () => 9_000_000_000 });
  const waits = (await run(at.store, { why: "beat", fetch: server.fetch, now: () => 0 })).wait;
  assert.ok(waits <= 2000, String(waits));
});

test("another worker that is at it is not disturbed by the regular call", async () => {
  const { server, at } = await desk();
  await at.does();
  await navigator.locks.request(`soviec-sync-${server.person}`, async () => {
    assert.ok((await run(at.store, { why: "beat", fetch: server.fetch })).skipped);
  });
  assert.equal(server.requests.length, 0);
});

test("a session that is over is not asked for every few seconds, and is asked at once after signing in", async () => {
  const { server, at } = await desk();
  const who = server.person;
  server.person = null;
  await at.does();
  assert.equal((await run(at.store, { why: "save", fetch: server.fetch })).stopped, "signed_out");
  const asked = server.requests.length;
  assert.ok((await run(at.store, { why: "beat", fetch: server.fetch })).skipped);
  assert.equal(server.requests.length, asked);
  server.person = who;
  await run(at.store, { why: "session", fetch: server.fetch });
  assert.equal(server.effects.length, 1);
});

test("where the browser can, it is woken when the network is back", async (context) => {
  const tags = [];
  globalThis.registration = { sync: { register: async (tag) => void tags.push(tag) } };
  context.after(() => delete globalThis.registration);
  const { server, at } = await desk((one) => (one.fault = () => "before"));
  await run(at.store, { why: "start", fetch: server.fetch });
  assert.deepEqual(tags, [], "nothing waits");
  await at.does();
  await run(at.store, { why: "save", fetch: server.fetch });
  assert.deepEqual(tags, ["soviec"]);
});

test("who waits for an answer gets it, and null where none comes", async () => {
  const { server, at } = await desk((one) => (one.refuses = ({ args }) => (args.percent === 2 ? { code: "conflict", message: "đã xong" } : null)));
  const [good, bad] = [await at.does(1), await at.does(2)];
  const both = Promise.all([good, bad].map((entry) => settled(at.store, entry.id, 5000)));
  await run(at.store, { why: "save", fetch: server.fetch });
  assert.deepEqual((await both).map((entry) => entry?.state), ["applied", "rejected"]);
  server.fault = () => "before";
  const late = await at.does(3);
  const none = settled(at.store, late.id, 60_000);
  await run(at.store, { why: "save", fetch: server.fetch });
  assert.equal(await none, null, "told as soon as the line is known to be down");
  assert.equal(await settled(at.store, late.id, 1), null);
});

const rows = [
  { kind: "person", id: ANNA, task: null, data: { name: "Nguyễn Thị An", unit: null } },
  { kind: "task", id: TASK, task: TASK, data: { number: "#26-014", title: "Rà soát thủ tục hành chính", status: "in_progress", checklist: [{ id: "i1", text: "Lập danh mục", done: false }] } },
];
const view = View.from({ person: ANNA, now: new Date("2026-11-23T01:15:00Z"), rows });

test("an entry says in one line what it is", () => {
  assert.equal(labelOf("task.progress", { task: TASK, percent: 45 }, view), "Báo cáo tiến độ 45 % – việc 26-014 Rà soát thủ tục hành chính");
  assert.equal(labelOf("task.create", { id: newId(), title: "Việc mới" }, view), "Giao việc mới – việc chưa có số “Việc mới”");
  assert.match(labelOf("checklist.set", { task: TASK, item: "i1", done: true }, view), /^Đánh dấu xong “Lập danh mục” – /);
  assert.equal(labelOf("notice.read", { notice: newId() }, view), "Đánh dấu đã đọc thông báo");
  assert.match(labelOf("task.extend", { task: TASK, due: "2026-12-01" }, view), /01\/12\/2026/);
  assert.match(labelOf("task.assign", { task: TASK, lead: ANNA }, view), /Nguyễn Thị An/);
  assert.equal(labelOf("task.unheard", { task: newId() }, view), "Thay đổi nhiệm vụ");
  for (const name of ["propose", "decide", "edit", "submit", "review", "review_undo", "status", "hand_back", "comment", "follow", "bin", "restore"]) {
    assert.ok(labelOf(`task.${name}`, { task: TASK, verdict: "accept", text: "Xin ý kiến" }, view).includes("26-014"), name);
  }
});

test("a long title is cut at a word", () => {
  assert.equal(short("một hai ba bốn", 9), "một hai…");
  assert.equal(short("  một\n hai ", 9), "một hai");
});

test("a refusal that was seen goes when the same is sent again; one that was not, or of something else, stays", async () => {
  const { server, at } = await desk((one) => (one.refuses = () => ({ code: "conflict", message: "không" })));
  const done = (name, args) => enter(at.store, view, { name, args: { task: TASK, ...args } });
  const report = await done("task.progress", { id: newId(), percent: 10 });
  const ticked = await done("checklist.set", { item: "i1", done: true });
  const note = await done("task.comment", { id: newId(), text: "a" });
  await at.flush();
  for (const entry of [report, ticked]) await at.store.seen(entry.n);
  assert.equal(report.label, "Báo cáo tiến độ 10 % – việc 26-014 Rà soát thủ tục hành chính");
  await done("checklist.set", { item: "i2", done: true });
  assert.deepEqual((await at.store.entries()).filter((one) => one.state === "rejected").map((one) => one.n), [report.n, ticked.n, note.n]);
  await done("task.progress", { id: newId(), percent: 20 });
  await done("task.comment", { id: newId(), text: "b" });
  assert.deepEqual((await at.store.entries()).filter((one) => one.state === "rejected").map((one) => one.n), [ticked.n, note.n]);
  assert.equal(server.effects.length, 0);
});

test("what hangs on a refused task goes behind it when the task is sent again", async () => {
  const { server, at } = await desk((one) => (one.refuses = ({ name }) => (name === "task.create" ? { code: "invalid", message: "thiếu" } : null)));
  const id = newId();
  const made = await enter(at.store, view, { name: "task.create", args: { id, title: "Việc", lead: ANNA } });
  server.fault = (method) => (method === "HEAD" ? "before" : undefined);
  const photo = file(100);
  const said = await enter(at.store, view, { name: "task.comment", args: { id: newId(), task: id, text: "Lưu ý", files: [photo.sha256] }, files: [photo] });
  await at.flush();
  await at.store.seen(made.n);
  await enter(at.store, view, { name: "task.create", args: { id, title: "Việc sửa", lead: ANNA } });
  assert.deepEqual((await at.store.entries()).map((one) => one.name), ["task.create", "task.comment"]);
  assert.equal((await at.store.entries())[1].id, said.id, "it was never sent");
  server.refuses = () => null;
  server.fault = () => undefined;
  await at.flush();
  assert.deepEqual(server.effects.map((one) => one.name), ["task.create", "task.comment"]);
});

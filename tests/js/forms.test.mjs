// A form on the device: kept once, sent at once where there is a network, shown again with what was typed where it is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, deviceWith, id, ME, OTHER, ROWS, tools } from "./device.mjs";
import { Full, TooLate } from "../../static/js/replica/errors.js";

const MUTATION = id(77);
const T1 = `/tasks/${id(1)}`;

test("without a network a report is kept, and the page goes on and says that it waits", async () => {
  const device = await deviceWith();
  const given = await device.post(`${T1}/progress`, { mutation: MUTATION, percent: "45", note: " Đã xong\r\nphần 1 ", quantity: "1.234,5", next: `${T1}?q=a` });
  assert.equal(given.to, `${T1}?q=a`);
  assert.deepEqual([given.notice.text.split(" ")[0], given.notice.kind], ["offline.saved", "info"]);
  const [entry] = await device.entries();
  assert.equal(entry.id, MUTATION);
  assert.deepEqual(entry.args, { id: MUTATION, task: id(1), percent: 45, note: "Đã xong\nphần 1", quantity: 1234.5, files: [] });
  assert.deepEqual([entry.state, entry.task, entry.form.percent], ["waiting", id(1), "45"]);
  assert.equal((await device.get(T1)).context.task.percent, 45, "the page shows it at once");
});

test("the same form twice is one entry, and the same identifier with other content is refused", async () => {
  const device = await deviceWith();
  const fields = { mutation: MUTATION, percent: "45", note: "Một" };
  await Promise.all([device.post(`${T1}/progress`, fields), device.post(`${T1}/progress`, fields)]);
  assert.equal((await device.entries()).length, 1);
  const other = await device.post(`${T1}/progress`, { ...fields, note: "Hai" });
  assert.equal(other.status, 409);
  assert.equal(other.context.problem.values.note, "Hai", "what was typed is not lost");
  assert.equal((await device.entries())[0].args.note, "Một");
});

test("with a network the answer is awaited: what the server took is said as the server says it, with its undo", async () => {
  const device = await deviceWith(ROWS, { online: true });
  answers(device.store, () => ({ status: "applied", data: { id: id(1), number: "#26-001" } }));
  const given = await device.post(`${T1}/review`, { mutation: MUTATION, person: ME, verdict: "accept", next: "/reviews" });
  assert.deepEqual([given.to, given.notice.kind], ["/reviews", "success"]);
  assert.match(given.notice.text, /^tasks\.done\.accept #26-001/);
  assert.deepEqual([given.notice.undo.action, given.notice.undo.fields], [`${T1}/review_undo`, [{ name: "person", value: ME }, { name: "next", value: "/reviews" }]]);
});

test("what the server refuses comes back to the page with its sentence and what was typed, and counts as seen", async () => {
  const device = await deviceWith(ROWS, { online: true });
  answers(device.store, () => ({ status: "rejected", code: "conflict", message: "Nhiệm vụ đang “Hoàn thành”." }));
  const given = await device.post(`${T1}/progress`, { mutation: MUTATION, percent: "45", note: "Xong" });
  assert.deepEqual([given.status, given.context.problem.message, given.context.problem.values.note], [409, "Nhiệm vụ đang “Hoàn thành”.", "Xong"]);
  const [entry] = await device.entries();
  assert.deepEqual([entry.state, entry.shown], ["rejected", true]);
});

test("a form whose answer does not come in time goes on as if there were no network", async () => {
  const device = await deviceWith(ROWS, { online: true });
  const given = await device.post(`${T1}/comment`, { mutation: MUTATION, text: "Xin ý kiến" });
  assert.deepEqual([given.to, given.notice.text.split(" ")[0]], [T1, "offline.saved"]);
});

test("what can be known at once is refused before anything is kept", async () => {
  const device = await deviceWith(ROWS, { online: true });
  const refusals = [
    ["progress", { percent: "101" }, "percent"], ["progress", { percent: "x" }, "percent"], ["progress", { percent: "5", quantity: "nhiều" }, "quantity"],
    ["hand_back", { reason: " " }, "reason"], ["extend", { due: "", reason: "a" }, "due"], ["extend", { due: "2026-12-31", reason: "" }, "reason"],
    ["comment", { text: "" }, "text"], ["review", { verdict: "return", note: "" }, "reason"], ["review", { verdict: "accept", score: "101" }, "score"],
    ["decide", { decision: "decline" }, "reason"], ["status", { to: "paused" }, "reason"], ["item", { text: " " }, "text"],
    ["progress", { percent: "5", quantity: "nan" }, "quantity"], ["comment", { text: "a".repeat(20_001) }, "text"],
  ];
  for (const [word, fields, field] of refusals) {
    const given = await device.post(`${T1}/${word}`, { mutation: id(50), ...fields });
    assert.deepEqual([given.status, given.context.problem.move, given.context.problem.field], [422, word, field], JSON.stringify([word, fields]));
  }
  for (const [fields, field] of [[{ title: " ", lead: OTHER, due: "2026-12-31" }, "title"], [{ title: "A", lead: "", due: "2026-12-31" }, "lead"], [{ title: "A", lead: OTHER }, "due"],
    [{ title: "A", lead: OTHER, start: "2026-12-31", due: "2026-12-01" }, "due"], [{ title: "A", lead: OTHER, followers: OTHER, due: "2026-12-31" }, "collaborators"]]) {
    const given = await device.post("/tasks", { id: id(60), mutation: id(61), ...fields });
    assert.deepEqual([given.status, Object.keys(given.context.errors), given.context.values.mutation], [422, [field], id(61)], JSON.stringify(fields));
  }
  assert.deepEqual(await device.entries(), []);
});

test("a full device is said, nothing is claimed, and what was typed stays", async () => {
  const device = await deviceWith();
  device.store.enqueue = async () => {
    throw new Full("no room");
  };
  const given = await device.post(`${T1}/progress`, { mutation: MUTATION, percent: "45", note: "Dài" });
  assert.equal(given.status, 507);
  assert.match(given.context.problem.message, /^offline\.full/);
  assert.equal(given.context.problem.values.note, "Dài");
  assert.deepEqual(await device.entries(), []);
});

test("an undo of what was not sent takes it back, and its opposite is not queued", async () => {
  const device = await deviceWith();
  await device.post(`${T1}/review`, { mutation: MUTATION, person: OTHER, verdict: "accept" });
  const other = await device.post(`${T1}/review_undo`, { person: ME });
  assert.equal(other.notice.text.split(" ")[0], "offline.saved", "somebody else's part is another matter");
  const given = await device.post(`${T1}/review_undo`, { person: OTHER, next: "/reviews" });
  assert.deepEqual([given.to, given.notice.text.split(" ")[0]], ["/reviews", "offline.taken_back"]);
  assert.deepEqual((await device.entries()).map((entry) => entry.name), ["task.review_undo"]);
  await device.post(`/tasks/${id(2)}/bin`, { mutation: id(78), next: "/tasks" });
  const back = await device.post(`/tasks/${id(2)}/restore`, { next: "/tasks" });
  assert.deepEqual([back.to, back.notice.text.split(" ")[0]], ["/tasks", "offline.taken_back"]);
});

test("an undo of what is on its way is sent after it", async () => {
  const device = await deviceWith();
  await device.post(`${T1}/review`, { mutation: MUTATION, person: OTHER, verdict: "accept" });
  await device.store.markSending([(await device.entries())[0].n]);
  await device.post(`${T1}/review_undo`, { person: OTHER });
  assert.deepEqual((await device.entries()).map((entry) => entry.name), ["task.review", "task.review_undo"]);
});

test("a new task has its page before it has a number, and can be reported on", async () => {
  const device = await deviceWith();
  const given = await device.post("/tasks", { id: id(60), mutation: id(61), title: "Việc mới", lead: OTHER, due: "2026-12-31", priority: "urgent", kind: "planned" });
  assert.equal(given.to, `/tasks/${id(60)}`);
  const [entry] = await device.entries();
  assert.deepEqual([entry.name, entry.task, entry.args.due], ["task.create", id(60), "2026-12-31"]);
  assert.equal((await device.get(given.to)).context.task.title, "Việc mới");
});

test("a refused new task may be sent again as another mutation of another task", async () => {
  const device = await deviceWith(ROWS, { online: true });
  answers(device.store, () => ({ status: "rejected", code: "not_allowed", message: "Không được giao." }));
  const given = await device.post("/tasks", { id: id(60), mutation: id(61), title: "Việc mới", lead: OTHER, due: "2026-12-31" });
  assert.equal(given.status, 403);
  assert.notEqual(given.context.values.mutation, id(61));
  assert.notEqual(given.context.values.id, id(60));
  assert.equal(given.context.values.title, "Việc mới");
});

test("an edit sends what differs, and nothing where nothing does", async () => {
  const device = await deviceWith();
  const base = { "base-title": "Việc 1", "base-due": "2026-12-01", "base-quantity": "1" };
  await device.post(`${T1}/edit`, { mutation: MUTATION, ...base, title: "Việc 1", due: "2026-12-01", quantity: "1" });
  assert.deepEqual(await device.entries(), []);
  await device.post(`${T1}/edit`, { mutation: MUTATION, ...base, title: "Tên khác", due: "2026-12-01", quantity: "1", reason: "Rõ hơn" });
  assert.deepEqual((await device.entries())[0].args, { task: id(1), fields: { title: "Tên khác" }, base: { title: "Việc 1" }, reason: "Rõ hơn" });
});

test("one change of many tasks is an entry a task, or none where the device is full half way", async () => {
  const device = await deviceWith();
  const fields = [["what", "due"], ["due", "2026-12-31"], ["reason", "Lùi"], ["task", id(1)], ["task", id(2)], ["next", "/tasks?whose=room"]];
  const enqueue = device.store.enqueue.bind(device.store);
  let count = 0;
  device.store.enqueue = async (claim) => {
    if (++count === 2) throw new Full("no room");
    return enqueue(claim);
  };
  const refused = await device.post("/tasks/bulk", fields);
  assert.equal(refused.status, 507);
  assert.deepEqual(await device.entries(), []);
  const given = await device.post("/tasks/bulk", fields);
  assert.deepEqual([given.to, given.notice.text], ["/tasks?whose=room", "offline.saved_many 2"]);
  assert.deepEqual((await device.entries()).map((entry) => [entry.task, entry.args.fields]), [[id(1), { due: "2026-12-31" }], [id(2), { due: "2026-12-31" }]]);
});

test("files are prepared before anything is kept, and a bad one is said at its field", async () => {
  const device = await deviceWith();
  const bad = await device.post(`${T1}/progress`, [["mutation", MUTATION], ["percent", "45"], ["files", new File([], "rong.pdf")]]);
  assert.deepEqual([bad.status, bad.context.problem.field], [422, "files"]);
  const sent = [["mutation", MUTATION], ["percent", "45"], ["files", new File(["a"], "a.txt", { type: "text/plain" })], ["files", new File(["a"], "a2.txt", { type: "text/plain" })]];
  await device.post(`${T1}/progress`, sent);
  const [entry] = await device.entries();
  assert.equal(entry.files.length, 1, "the same content goes once");
  assert.deepEqual(entry.args.files, entry.files);
  assert.equal((await device.store.blob(entry.files[0])).name, "a.txt");
});

test("what another app shared goes with the report and is not offered again", async () => {
  const device = await deviceWith();
  const taken = await device.post("/share", [["title", "Biên bản"], ["files", new File(["x"], "bien-ban.txt", { type: "text/plain" })], ["files", new File(["y"], "phim.mp4", { type: "video/mp4" })]]);
  assert.match(taken.to, /^\/share\/[0-9a-f-]{36}$/);
  assert.match(taken.notice.text, /^files\.video/);
  const page = await device.get(taken.to);
  assert.deepEqual([page.context.share.text, page.context.share.files.map((file) => file.name)], ["Biên bản", ["bien-ban.txt"]]);
  assert.ok(page.context.tasks.length === 2 && page.context.tasks[0].href.endsWith("#do-progress"));
  assert.deepEqual((await device.get(`${taken.to}?q=viec+26-002`)).context.tasks.map((one) => one.title), ["Việc 2"]);
  const shared = taken.to.split("/").pop();
  assert.deepEqual((await device.get(`${T1}?shared=${shared}`)).context.shared[0].files[0].name, "bien-ban.txt");
  await device.post(`${T1}/progress`, { mutation: MUTATION, percent: "45", note: "Kèm biên bản", shared });
  assert.equal((await device.entries())[0].files.length, 1);
  assert.equal((await device.get(taken.to)).status, 404);
  assert.equal((await device.post("/share", [])).status, 422);
});

test("a task that is not on the device is the server's", async () => {
  const device = await deviceWith();
  for (const word of ["progress", "edit", "assign"]) assert.equal(await device.post(`/tasks/${id(9)}/${word}`, { percent: "5" }), null);
});

test("a next address of another site is not followed", async () => {
  const device = await deviceWith();
  for (const next of ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]) {
    assert.equal((await device.post(`${T1}/comment`, { text: "a", next })).to, T1, next);
  }
});

test("the outbox shows what waits in full, changes it, takes it back with what hangs on it after asking", async () => {
  const device = await deviceWith();
  await device.post("/tasks", { id: id(60), mutation: id(61), title: "Việc mới", lead: ME, due: "2026-12-31" });
  await device.post(`/tasks/${id(60)}/comment`, { mutation: id(62), text: "Xin ý kiến" });
  await device.post(`${T1}/progress`, { mutation: id(63), percent: "45", note: "Cũ", quantity: "2" });
  const { context } = await device.get("/outbox");
  assert.deepEqual(context.entries.map((entry) => [entry.can_change, entry.can_take_back]), [[true, true], [true, true], [true, true]]);
  assert.deepEqual(context.entries[2].rows.map((row) => row.text), ["45 %", "Cũ", "2"]);
  assert.equal(context.entries[2].task.title, "Việc 1");
  assert.equal(context.device.waiting, 3);
  const [create, , report] = await device.entries();
  assert.equal((await device.post(`/outbox/${report.n}/change`, { percent: "200", note: "Mới" })).context.problem.field, "percent");
  assert.equal((await device.post(`/outbox/${report.n}/change`, { percent: "50", note: "Mới", quantity: "" })).to, "/outbox");
  assert.deepEqual((await device.store.entry(report.n)).args, { id: id(63), task: id(1), percent: 50, note: "Mới", quantity: null, files: [] });
  const asked = await device.post(`/outbox/${create.n}/take-back`);
  assert.equal(asked.context.ask.others.length, 1);
  assert.equal((await device.entries()).length, 3, "nothing goes before the answer");
  await device.post(`/outbox/${create.n}/take-back`, { sure: "1" });
  assert.deepEqual((await device.entries()).map((entry) => entry.id), [id(63)]);
});

test("what is on its way can be neither changed nor taken back", async (t) => {
  const device = await deviceWith();
  await device.post(`${T1}/progress`, { mutation: id(63), percent: "45", note: "Cũ" });
  const [entry] = await device.entries();
  await device.store.markSending([entry.n]);
  const { context } = await device.get("/outbox");
  assert.deepEqual([context.entries[0].can_change, context.entries[0].can_take_back, context.entries[0].can_retry], [false, false, true]);
  for (const word of ["change", "take-back"]) {
    assert.match((await device.post(`/outbox/${entry.n}/${word}`, { percent: "50" })).notice.text, /^offline\.too_late/);
  }
  assert.equal((await device.store.entry(entry.n)).args.percent, 45);
  // The eight seconds after which the button waits no more would hold up the end of this file.
  t.mock.timers.enable({ apis: ["setTimeout"] });
  assert.match((await device.post("/outbox/send")).notice.text, /^offline\.still_waiting/);
});

test("a refusal is shown with both states, is sent again as a new mutation, or is discarded", async () => {
  const device = await deviceWith(ROWS, { online: true });
  answers(device.store, () => ({ status: "rejected", code: "conflict", message: "Không còn hợp lệ." }));
  await device.post(`${T1}/submit`, { mutation: id(64), note: "Xong" });
  await device.post(`${T1}/edit`, { mutation: id(65), "base-title": "Việc 1", title: "Tên khác", "base-due": "", due: "2027-01-01" });
  const { context } = await device.get("/conflicts");
  const [submit, edit] = context.refused;
  assert.deepEqual([submit.why, submit.rows[0].text, submit.now.rows[0].text], ["Không còn hợp lệ.", "Xong", "0 %"]);
  assert.match(submit.now.chip.label, /^tasks\.status\.in_progress/);
  assert.deepEqual(edit.fields.map((field) => [field.name, field.mine, field.now]), [["title", "Tên khác", "Việc 1"], ["due", "01/01/2027", "01/12/2026"]]);
  assert.match((await device.post(`/conflicts/${edit.n}/again`)).notice.text, /^offline\.choose_field/);
  answers(device.store, () => ({ status: "applied", data: {} }));
  assert.match((await device.post(`/conflicts/${edit.n}/again`, { field: "due" })).notice.text, /^offline\.sent_again/);
  const again = (await device.entries()).find((entry) => entry.name === "task.edit");
  assert.deepEqual([again.args.fields, again.args.base, again.id === id(65)], [{ due: "2027-01-01" }, { due: "2026-12-01" }, false]);
  await device.post(`/conflicts/${submit.n}/discard`);
  assert.deepEqual((await device.get("/conflicts")).context.refused, []);
});

test("a clash shows both values; the present one stays, or mine is sent over it", async () => {
  const values = { due: { label: "Thời hạn", mine: "2027-02-02", mine_text: "02/02/2027", now: "2026-12-01", now_text: "01/12/2026" },
    source_number: { label: "Số văn bản", mine: "5/KH", mine_text: "5/KH", now: "", now_text: "" } };
  const notice = (number) => ({ kind: "notice", id: id(number), op: "put", data: { kind: "task.edited_over", task: id(1), text: "Sửa đè", read: false, at: "2026-11-22T08:00:00.000+07:00", data: { values, by: OTHER } } });
  const device = await deviceWith([...ROWS, notice(90), notice(91)]);
  const { context } = await device.get("/conflicts");
  assert.equal(context.clashes.length, 2);
  assert.deepEqual([context.clashes[0].by, context.clashes[0].fields[0].mine, context.clashes[0].fields[0].now], ["Nông Thị Quế Anh", "02/02/2027", "01/12/2026"]);
  await device.post(`/conflicts/${id(90)}/keep`);
  await device.post(`/conflicts/${id(91)}/mine`, [["field", "due"], ["field", "source_number"]]);
  const kept = await device.entries();
  assert.deepEqual(kept.map((entry) => entry.name), ["notice.read", "task.edit", "notice.read"]);
  assert.deepEqual(kept[0].args, { notice: id(90) });
  assert.deepEqual(kept[1].args.fields, { due: "2027-02-02", source: { number: "5/KH", date: null, issuer: "" } });
  assert.equal(kept[1].args.base.due, "2026-12-01");
});

test("who wrote over somebody else's value sees both too, and can give it back", async () => {
  const device = await deviceWith(ROWS, { online: true });
  const clash_values = { title: { label: "Tên", mine: "Tên khác", mine_text: "Tên khác", now: "Tên khác", now_text: "Tên khác", theirs: "Tên của người kia", theirs_text: "Tên của người kia", by: OTHER } };
  answers(device.store, () => ({ status: "applied", data: { clashes: ["title"], clash_values } }));
  const given = await device.post(`${T1}/edit`, { mutation: id(65), "base-title": "Việc 1", title: "Tên khác" });
  assert.match(given.notice.text, /^tasks\.done\.edit_clash/);
  const [clash] = (await device.get("/conflicts")).context.clashes;
  assert.deepEqual([clash.id, clash.over, clash.by, clash.fields[0].mine, clash.fields[0].now], [id(65), true, "Nông Thị Quế Anh", "Tên của người kia", "Tên khác"]);
  answers(device.store, () => ({ status: "applied", data: {} }));
  assert.match((await device.post(`/conflicts/${id(65)}/mine`, { field: "title" })).notice.text, /^offline\.clash_theirs/);
  const last = (await device.entries()).at(-1);
  assert.deepEqual([last.args.fields, last.args.base], [{ title: "Tên của người kia" }, { title: "Tên khác" }]);
  assert.deepEqual((await device.get("/conflicts")).context.clashes, []);
});

test("a run that fails is no failure of the form", async () => {
  const device = await deviceWith();
  tools.run = async () => {
    throw new TooLate("anything");
  };
  const errors = console.error;
  console.error = () => undefined;
  try {
    assert.equal((await device.post(`${T1}/comment`, { text: "a" })).to, T1);
    await new Promise((done) => setTimeout(done, 0));
  } finally {
    console.error = errors;
  }
  assert.equal((await device.entries()).length, 1);
});

test("a form that was kept is never sent to the server as well, though its page can't be made", async () => {
  const device = await deviceWith(ROWS, { online: true });
  device.store.seen = async () => {
    throw new Error("the database is gone");
  };
  answers(device.store, () => ({ status: "rejected", code: "conflict", message: "Nhiệm vụ đang “Hoàn thành”." }));
  const refused = await device.post(`${T1}/progress`, { mutation: MUTATION, percent: "45" });
  assert.deepEqual([refused.to, refused.notice.text, refused.notice.kind], ["/outbox", "Nhiệm vụ đang “Hoàn thành”.", "error"]);
  assert.deepEqual((await device.entries()).map((entry) => [entry.state, entry.shown]), [["rejected", false]]);
});

test("many changes are kept together or not at all, whatever goes wrong: then the server is asked", async () => {
  const device = await deviceWith();
  const enqueue = device.store.enqueue.bind(device.store);
  let asked = 0;
  device.store.enqueue = async (/** @type {any} */ claim) => {
    if (++asked === 2) throw new Error("the database is gone");
    return enqueue(claim);
  };
  const fields = [["task", id(1)], ["task", id(2)], ["what", "due"], ["due", "2026-12-31"], ["reason", "Theo kế hoạch mới"]];
  await assert.rejects(() => device.post("/tasks/bulk", /** @type {any} */ (fields)), /the database is gone/);
  assert.deepEqual(await device.entries(), []);
});

// Signing out while something waits: the page names what would be left behind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { learn } from "../../static/js/base/words.js";
import { leave } from "../../static/js/worker/pages/leave.js";

learn({ "tasks.show.today_at": "{time} hôm nay" });
const AT = "2026-11-23T08:15:00.000+07:00";
const entries = (count) => Array.from({ length: count }, (_, n) => ({ n, label: `Báo cáo tiến độ ${n} %`, at: AT, state: "waiting" }));
const desk = (count, counts) => ({ view: { entries: () => entries(count), now: new Date(AT), today: "2026-11-23" }, store: { counts: async () => counts } });

test("it lists what waits, ten at most, and says how many more there are", async () => {
  const shown = await leave(desk(12, { waiting: 9, sending: 1, rejected: 2 }));
  assert.equal(shown.template, "shared/offline/leave.html");
  assert.deepEqual([shown.context.waiting, shown.context.rejected, shown.context.more, shown.status], [10, 2, 2, 200]);
  assert.equal(shown.context.entries.length, 10);
  assert.equal(shown.context.entries[3].label, "Báo cáo tiến độ 3 %");
  assert.ok(shown.context.entries.every((one) => one.when));
});

test("it says why it could not be sent first", async () => {
  const shown = await leave(desk(1, { waiting: 1, sending: 0, rejected: 0 }), "Vẫn còn mục chưa gửi được.");
  assert.deepEqual([shown.context.problem, shown.status], ["Vẫn còn mục chưa gửi được.", 409]);
});

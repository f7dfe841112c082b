// Identifiers, days and words, as every script relies on them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isId, newId } from "../../static/js/base/ids.js";
import * as time from "../../static/js/base/time.js";
import { learn, say } from "../../static/js/base/words.js";

test("an identifier is a UUID of version 7 that sorts by its time", () => {
  const [early, late] = [newId(1_700_000_000_000), newId(1_700_000_000_001)];
  assert.ok(isId(early) && early[14] === "7" && "89ab".includes(early[19]));
  assert.ok(early < late);
  assert.equal(Number.parseInt(early.replaceAll("-", "").slice(0, 12), 16), 1_700_000_000_000);
});

test("a day of the office begins at 17:00 UTC", () => {
  assert.equal(time.dayOf(new Date("2026-11-22T16:59:59Z")), "2026-11-22");
  assert.equal(time.dayOf(new Date("2026-11-22T17:00:00Z")), "2026-11-23");
  assert.equal(time.clockOf(new Date("2026-11-23T01:15:00Z")), "08:15");
  assert.equal(time.stampOf(new Date("2026-11-23T01:15:00Z")), "2026-11-23T08:15:00.000+07:00");
});

test("the device's stamp is the same moment in the device's own zone", () => {
  const now = new Date("2026-11-23T01:15:00.123Z");
  assert.equal(Date.parse(time.deviceStamp(now)), now.getTime());
  assert.match(time.deviceStamp(now), /[+-]\d\d:\d\d$/);
});

test("days are counted over months, and a day that does not exist is none", () => {
  assert.equal(time.later("2026-12-31", 1), "2027-01-01");
  assert.equal(time.daysBetween("2026-02-27", "2026-03-01"), 2);
  assert.equal(time.weekday("2026-11-23"), 0);
  assert.ok(time.isDay("2028-02-29") && !time.isDay("2026-02-29") && !time.isDay("2026-2-1"));
});

test("a sentence fills its places, and an unknown one is an error", () => {
  learn({ "a.left": "còn {days} ngày", "a.raw": "{không}" });
  assert.equal(say("a.left", { days: 2 }), "còn 2 ngày");
  assert.equal(say("a.raw"), "{không}");
  assert.throws(() => say("a.none"));
});

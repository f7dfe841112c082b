// Databases that another release left on the device: older ones are carried over with their outbox, newer ones are left alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBKeyRange } from "fake-indexeddb";
import { NewerShape } from "../../static/js/replica/errors.js";
import { migrateEntry, SCHEMA } from "../../static/js/replica/migrate.js";
import { Dexie } from "../../static/vendor/dexie-4.4.7.min.mjs";
import { Device, id, ME, server, task } from "./replica.mjs";

/** A database as another release would have made it. @param {Device} device @param {number} version @param {Record<string, string>} shape @param {(db: any) => Promise<unknown>} fill */
async function left(device, version, shape, fill) {
  const db = new Dexie(`soviec-${ME}`, { indexedDB: device.indexedDB, IDBKeyRange });
  db.version(version).stores(shape);
  await db.open();
  await fill(db);
  db.close();
}

test("an older database becomes this one, and its outbox is whole, in order, ready to be sent", async () => {
  const device = new Device();
  await left(device, 0.5, { outbox: "++n", state: "key", blobs: "sha256" }, async (db) => {
    await db.table("outbox").bulkAdd([
      { id: id(1), name: "task.progress", args: { id: id(11), task: id(9), percent: 5 }, at: "2026-11-01T08:00:00.000+07:00", person: ME, task: id(9), files: ["f1"], state: "waiting" },
      { id: id(2), name: "task.comment", args: { id: id(12), task: id(9), text: "x" }, at: "2026-11-01T08:01:00.000+07:00", person: ME, state: "sending", seq: 4, attempts: 2, schema: 0 },
    ]);
    await db.table("blobs").add({ sha256: "f1", name: "a.jpg", type: "image/jpeg", size: 1, blob: new Blob(["x"]), uploaded: false });
  });
  const store = await device.open();
  const [first, second] = await store.entries();
  assert.deepEqual([first.schema, first.attempts, first.form, first.files, first.args.percent], [SCHEMA, 0, null, ["f1"], 5]);
  assert.deepEqual([second.schema, second.state, second.seq, second.attempts, second.label], [SCHEMA, "sending", 4, 2, ""]);
  assert.equal((await store.blob("f1")).name, "a.jpg");
  await store.pull(server([{ changes: [task(9)] }]));
  assert.equal((await store.view({ needs: ["open"] })).open().length, 1);
  assert.deepEqual(await store.takeBack(first.n).then((went) => went.map((one) => one.id)), [id(1)]);
});

test("an entry of this release is carried over as it is", () => {
  const entry = migrateEntry({ name: "task.comment" });
  assert.equal(entry.schema, SCHEMA);
  assert.deepEqual(migrateEntry(entry), entry);
});

test("a database or an entry of a newer release is not touched", async () => {
  const newer = new Device();
  await left(newer, 99, { outbox: "++n,&id", later: "key" }, (db) => db.table("outbox").add({ id: id(1), schema: 9 }));
  await assert.rejects(newer.open(), NewerShape);
  const device = new Device();
  const store = await device.open();
  await store.db.outbox.add(/** @type {any} */ ({ id: id(1), schema: SCHEMA + 1, state: "waiting", files: [] }));
  store.close();
  await assert.rejects(device.open(), NewerShape);
  const raw = new Dexie(`soviec-${ME}`, { indexedDB: newer.indexedDB, IDBKeyRange });
  await raw.open();
  assert.deepEqual([raw.verno, (await raw.table("outbox").toArray()).length], [99, 1]);
  raw.close();
});

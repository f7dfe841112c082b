// Sending the outbox: what each answer of the server, and each silence, does to what waits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { backOff } from "../../static/js/outbox/line.js";
import { chance, device, file } from "./outbox_desk.mjs";
import { ANNA, BINH, FakeServer } from "./outbox_server.mjs";

const reply = (status, body, headers = {}) => new Response(body === null ? null : JSON.stringify(body), { status, headers });
const pushes = (server) => server.requests.filter((one) => one.path === "/sync/push" && JSON.parse(one.init.body).mutations.length);

async function desk(prepare = () => {}) {
  const server = new FakeServer();
  prepare(server);
  return { server, at: await device(server) };
}

test("it sends everything in order, once, and asks nothing where nothing waits", async () => {
  const { server, at } = await desk();
  assert.deepEqual(await at.flush(), { sent: 0, rejected: 0, left: 0, stopped: "", wait: 0 });
  assert.equal(server.requests.length, 0);
  for (const percent of [10, 20, 30]) await at.does(percent);
  assert.deepEqual(await at.flush(), { sent: 3, rejected: 0, left: 0, stopped: "", wait: 0 });
  assert.deepEqual(server.effects.map((one) => one.args.percent), [10, 20, 30]);
  assert.deepEqual(await at.states(), ["applied", "applied", "applied"]);
  assert.equal((await at.entry(1)).answer.n, 0);
  await at.flush();
  assert.equal(pushes(server).length, 1);
});

test("without a network nothing gets a number, and what waits can still be changed", async () => {
  const { server, at } = await desk((one) => (one.fault = () => "before"));
  await at.does();
  const went = await at.flush();
  assert.deepEqual([went.stopped, went.left], ["offline", 1]);
  assert.ok(went.wait > 0);
  assert.deepEqual(await at.states(), ["waiting"]);
  assert.equal((await at.entry(1)).seq, null);
  assert.equal(server.effects.length, 0);
});

test("a session that is over, or of somebody else, touches nothing", async () => {
  const { server, at } = await desk((one) => (one.person = null));
  await at.does();
  assert.equal((await at.flush()).stopped, "signed_out");
  server.person = BINH;
  assert.equal((await at.flush()).stopped, "other_person");
  server.fault = (_, path) => (path === "/api/v1/session" ? reply(200, { person: { id: BINH }, csrf_token: "t1" }) : undefined);
  assert.equal((await at.flush()).stopped, "other_person", "where the answer does not say so in its head");
  assert.deepEqual(await at.states(), ["waiting"]);
  assert.equal(server.requests.filter((one) => one.path === "/sync/push").length, 0);
  server.fault = () => undefined;
  server.person = ANNA;
  assert.equal((await at.flush()).sent, 1);
});

test("the session ends in the middle of the queue: all is kept, and after signing in it flows on", async () => {
  const { server, at } = await desk();
  at.sizes.batch = 2;
  for (const percent of [1, 2, 3, 4, 5]) await at.does(percent);
  server.fault = (_, path) => (path === "/sync/push" && server.effects.length === 2 ? reply(401, { code: "signed_out" }) : undefined);
  assert.equal((await at.flush()).stopped, "signed_out");
  assert.deepEqual(await at.states(), ["applied", "applied", "sending", "sending", "waiting"]);
  server.fault = () => undefined;
  assert.equal((await at.flush()).sent, 3);
  assert.deepEqual(server.effects.map((one) => one.args.percent), [1, 2, 3, 4, 5]);
});

test("somebody else signed in between the look and the push: the server takes nothing, the device loses nothing", async () => {
  const { server, at } = await desk();
  await at.does();
  server.fault = (_, path) => (path === "/sync/push" ? reply(409, { code: "other_person" }) : undefined);
  assert.equal((await at.flush()).stopped, "other_person");
  server.fault = () => undefined;
  server.person = BINH;
  assert.equal((await at.flush()).stopped, "other_person");
  server.person = ANNA;
  assert.equal((await at.flush()).sent, 1);
});

test("a token that holds no more is fetched anew, once", async () => {
  const { server, at } = await desk();
  await at.does();
  server.fault = (_, path) => {
    if (path === "/sync/push" && server.token === "t1") server.token = "t2";
    return undefined;
  };
  assert.equal((await at.flush()).sent, 1);
  await at.does();
  server.fault = (_, path) => (path === "/sync/push" ? reply(403, { code: "not_allowed" }) : undefined);
  const before = server.requests.length;
  assert.deepEqual([(await at.flush()).stopped, server.requests.length - before], ["server", 4]);
});

test("an answer that is lost is asked for again under the same number", async () => {
  const { server, at } = await desk();
  for (const percent of [1, 2]) await at.does(percent);
  let lost = 0;
  server.fault = (_, path) => (path === "/sync/push" && JSON.parse(server.requests.at(-1).init.body).mutations.length && lost++ === 0 ? "after" : undefined);
  assert.equal((await at.flush()).stopped, "offline");
  assert.deepEqual(await at.states(), ["sending", "sending"]);
  await at.does(3);
  await at.restart();
  assert.equal((await at.flush()).sent, 3);
  assert.deepEqual(server.effects.map((one) => one.args.percent), [1, 2, 3]);
  assert.deepEqual((await at.store.entries()).map((entry) => [entry.seq, entry.attempts]), [[1, 2], [2, 2], [3, 1]]);
});

test("429 and 5xx stop, keep everything, and say how long to wait", async () => {
  for (const status of [429, 500, 502, 503, 504, 408]) {
    const { server, at } = await desk();
    await at.does();
    server.fault = (_, path) => (path === "/sync/push" ? reply(status, null, { "Retry-After": "120" }) : undefined);
    const went = await at.flush();
    assert.deepEqual([went.stopped, went.wait, went.left], ["server", 120_000, 1], String(status));
    server.fault = () => undefined;
    assert.equal((await at.flush()).sent, 1);
  }
});

test("each failure in a row waits longer, up to five minutes, never the same for everybody", () => {
  const waits = Array.from({ length: 12 }, (_, at) => backOff(at + 1, { random: () => 1 }));
  assert.deepEqual(waits.slice(0, 4), [2000, 4000, 8000, 16000]);
  assert.equal(waits.at(-1), 300_000);
  assert.equal(backOff(3, { random: () => 0 }), 4000);
  assert.equal(backOff(1, { random: () => 0, retryAfter: 30 }), 30_000);
});

test("a line that hangs is given up, and the next push is smaller", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { server, at } = await desk();
  for (const percent of [1, 2, 3, 4]) await at.does(percent);
  server.fault = (_, path) => {
    if (path !== "/sync/push" || !JSON.parse(server.requests.at(-1).init.body).mutations.length) return undefined;
    setImmediate(() => context.mock.timers.tick(30_000));
    return "hang";
  };
  assert.equal((await at.flush()).stopped, "offline");
  assert.equal(at.sizes.batch, 2);
  server.fault = () => undefined;
  assert.equal((await at.flush()).sent, 4);
  assert.deepEqual(pushes(server).map((one) => JSON.parse(one.init.body).mutations.length), [4, 2, 2]);
});

test("a push that is too large is halved until it is taken", async () => {
  const { server, at } = await desk((one) => (one.most = 3));
  for (let percent = 1; percent <= 8; percent++) await at.does(percent);
  assert.equal((await at.flush()).sent, 8);
  assert.deepEqual(server.effects.map((one) => one.args.percent), [1, 2, 3, 4, 5, 6, 7, 8]);
});

test("of a push that can't be read the one at fault is rejected, the others go", async () => {
  const { server, at } = await desk();
  for (const percent of [1, 2, 3, 4]) await at.does(percent, percent === 2 ? { broken: true } : {});
  const went = await at.flush();
  assert.deepEqual([went.sent, went.rejected, went.left, went.stopped], [3, 1, 0, ""]);
  assert.deepEqual(server.effects.map((one) => one.args.percent), [1, 3, 4]);
  const broken = await at.entry(2);
  assert.deepEqual([broken.state, broken.code, broken.message], ["rejected", "invalid", "không đọc được"]);
});

test("where not even an empty push is taken, nobody's work is rejected for it", async () => {
  const { server, at } = await desk();
  await at.does();
  await at.flush();
  await at.does(20);
  server.fault = (_, path) => (path === "/sync/push" ? reply(400, { code: "invalid", message: "phiên bản lạ" }) : undefined);
  assert.deepEqual([(await at.flush()).stopped, await at.states()], ["server", ["applied", "sending"]]);
});

test("nothing waits behind a rejection, and its words are kept", async () => {
  const { server, at } = await desk((one) => (one.refuses = ({ args }) => (args.percent === 2 ? { code: "conflict", message: "đã nghiệm thu" } : null)));
  for (const percent of [1, 2, 3]) await at.does(percent);
  const went = await at.flush();
  assert.deepEqual([went.sent, went.rejected], [2, 1]);
  assert.deepEqual(await at.states(), ["applied", "rejected", "applied"]);
  assert.equal((await at.entry(2)).message, "đã nghiệm thu");
  const again = await at.store.retry(2);
  server.refuses = () => null;
  await at.flush();
  assert.deepEqual([(await at.entry(again.n)).state, server.effects.length], ["applied", 3]);
});

test("answers in any order, for others, or said twice are sorted out by their identifiers", async () => {
  const { server, at } = await desk((one) => (one.shuffled = true));
  for (const percent of [1, 2, 3]) await at.does(percent);
  const answer = server.answer.bind(server);
  server.answer = async (...given) => {
    const said = await answer(...given);
    if (given[1].pathname !== "/sync/push") return said;
    const body = await said.json();
    body.results.push(...body.results, { seq: 1, id: "01900000-0000-7000-8000-0000000000ff", status: "rejected" }, null, { status: "?" });
    return reply(200, body);
  };
  assert.deepEqual([(await at.flush()).sent, await at.states()], [3, ["applied", "applied", "applied"]]);
});

test("an answer with fewer results than were sent is followed by the rest", async () => {
  const { server, at } = await desk((one) => (one.failsAfter = 2));
  for (const percent of [1, 2, 3, 4, 5]) await at.does(percent);
  assert.equal((await at.flush()).sent, 5);
  assert.deepEqual(server.effects.map((one) => one.args.percent), [1, 2, 3, 4, 5]);
});

test("a server that takes nothing and says nothing is left alone for a while", async () => {
  const { server, at } = await desk();
  await at.does();
  server.fault = (_, path) => (path === "/sync/push" ? reply(200, { last_seq: 0, results: [] }) : undefined);
  assert.deepEqual([(await at.flush()).stopped, await at.states()], ["server", ["sending"]]);
  server.fault = (_, path) => (path === "/sync/push" ? new Response("<html>", { status: 200 }) : undefined);
  assert.deepEqual([(await at.flush()).stopped, await at.states()], ["offline", ["sending"]]);
});

test("a server that was restored from a backup gets new numbers, and nothing twice", async () => {
  const { server, at } = await desk();
  for (const percent of [1, 2, 3, 4]) await at.does(percent);
  await at.flush();
  for (const key of server.last.keys()) server.last.set(key, 2);
  for (const { id } of server.effects.splice(2)) server.answers.delete(id);
  for (const percent of [5, 6]) await at.does(percent);
  assert.deepEqual([(await at.flush()).sent, await at.states()], [2, Array(6).fill("applied")]);
  assert.deepEqual(server.effects.map((one) => one.args.percent), [1, 2, 5, 6]);
  assert.deepEqual([...server.last.values()], [4]);
});

test("a server that counted further than the device knows takes the work under later numbers", async () => {
  const { server, at } = await desk();
  await at.does(1);
  await at.flush();
  for (const key of server.last.keys()) server.last.set(key, 9);
  await at.does(2);
  assert.deepEqual([(await at.flush()).sent, await at.states()], [1, ["applied", "applied"]]);
  assert.deepEqual([...server.last.values()], [10]);
});

test("what was taken back between two steps is not sent, and leaves no gap", async () => {
  const { server, at } = await desk();
  await at.does(1);
  const gone = await at.does(2);
  await at.does(3);
  server.fault = (_, path) => {
    if (path === "/api/v1/session") void at.store.takeBack(gone.n);
    return undefined;
  };
  assert.equal((await at.flush()).sent, 2);
  assert.deepEqual(server.effects.map((one) => one.args.percent), [1, 3]);
});

test("a file goes up in pieces before the entry that names it, and what came before does not wait for it", async () => {
  const { server, at } = await desk();
  const photo = file(1_300_000);
  await at.does(1);
  await at.does(2, { files: [photo] });
  await at.does(3);
  assert.equal((await at.flush()).sent, 3);
  assert.deepEqual(server.files.get(photo.sha256), photo.bytes);
  const order = server.requests.filter((one) => one.method !== "GET").map((one) => (one.path.startsWith("/files/") ? one.method : JSON.parse(one.init.body).mutations.length));
  assert.deepEqual(order, [0, 1, "HEAD", "PUT", "PUT", "PUT", 2]);
});

test("a broken line goes on where it broke, after the worker was started anew", async () => {
  const { server, at } = await desk();
  const photo = file(1_300_000);
  await at.does(1, { files: [photo] });
  let puts = 0;
  server.fault = (method) => (method === "PUT" && ++puts === 2 ? "after" : undefined);
  assert.deepEqual([(await at.flush()).stopped, await at.states()], ["offline", ["waiting"]]);
  await at.restart();
  assert.equal((await at.flush()).sent, 1);
  assert.equal(puts, 3);
  assert.deepEqual(server.files.get(photo.sha256), photo.bytes);
});

test("pieces that the server lost or has broken are sent again", async () => {
  const { server, at } = await desk();
  const photo = file(700_000);
  server.pieces.set(photo.sha256, Buffer.alloc(300_000, 9));
  await at.does(1, { files: [photo] });
  assert.equal((await at.flush()).sent, 1);
  const other = file(1_500_000, "b.jpg", 2);
  await at.does(2, { files: [other] });
  let lost = false;
  server.fault = (method) => {
    if (method === "PUT" && server.pieces.get(other.sha256)?.length > 600_000 && !lost) {
      lost = true;
      server.pieces.delete(other.sha256);
    }
    return undefined;
  };
  assert.equal((await at.flush()).sent, 1);
  assert.deepEqual(server.files.get(other.sha256), other.bytes);
});

test("a file that the server does not take rejects its entry with the server's sentence, and nothing behind it", async () => {
  const { server, at } = await desk((one) => (one.refusesFile = () => "là chương trình chạy được"));
  const bad = file(1000);
  await at.does(1, { files: [bad] });
  await at.does(2);
  const went = await at.flush();
  assert.deepEqual([went.sent, went.rejected, went.stopped], [1, 1, ""]);
  assert.deepEqual([(await at.entry(1)).state, (await at.entry(1)).message], ["rejected", "là chương trình chạy được"]);
  assert.deepEqual(server.effects.map((one) => one.args.percent), [2]);
  server.limit = 500;
  await at.does(3, { files: [file(900, "c.jpg", 3)] });
  await at.flush();
  assert.equal((await at.entry(3)).message, "tệp quá lớn");
});

test("a file that the server forgot is looked for again when its entry is sent anew", async () => {
  const { server, at } = await desk();
  const photo = file(1000);
  await at.does(1, { files: [photo] });
  server.fault = (_, path) => {
    if (path === "/sync/push" && JSON.parse(server.requests.at(-1).init.body).mutations.length) server.files.clear();
    return undefined;
  };
  assert.equal((await at.flush()).rejected, 1);
  server.fault = () => undefined;
  await at.store.retry(1);
  assert.deepEqual([(await at.flush()).sent, server.files.has(photo.sha256)], [1, true]);
});

test("a picture that the server knows already goes up no second time", async () => {
  const { server, at } = await desk();
  const photo = file(1000);
  server.files.set(photo.sha256, photo.bytes);
  await at.does(1, { files: [photo] });
  assert.equal((await at.flush()).sent, 1);
  assert.ok(!server.requests.some((one) => one.method === "PUT"));
});

test("a portal that answers everything with its own page has taken nothing", async () => {
  const { server, at } = await desk((one) => (one.fault = () => new Response("<html>Wi-Fi</html>", { status: 200 })));
  await at.does(1, { files: [file(10)] });
  assert.deepEqual([(await at.flush()).stopped, await at.states()], ["offline", ["waiting"]]);
  server.fault = (_, path) => (path.startsWith("/files/") ? new Response("<html>Wi-Fi</html>", { status: 200 }) : undefined);
  assert.deepEqual([(await at.flush()).stopped, await at.states()], ["offline", ["waiting"]]);
});

const SEED = Number(process.env.SEED ?? 0);
for (const seed of SEED ? [SEED] : [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`whatever the line does, everything arrives once, in order, and nothing is claimed that is not there (SEED=${seed})`, async () => {
    const by = chance(seed);
    const server = new FakeServer();
    const at = await device(server);
    const refused = new Set();
    server.refuses = ({ args }) => (refused.has(args.percent) ? { code: "conflict", message: "không" } : null);
    const done = [];
    let calm = false;
    server.fault = (method, path) => {
      if (calm || by.random() < 0.6) return undefined;
      if (path === "/sync/push" && by.random() < 0.1) server.token = `t${by.below(1000)}`;
      return by.of(["before", "after", "doubled", new Response(null, { status: by.of([429, 500, 502, 503]) })]);
    };
    for (let step = 0; step < 60; step++) {
      const what = by.below(10);
      if (what < 5) {
        const percent = done.length + 1;
        if (by.random() < 0.15) refused.add(percent);
        const files = by.random() < 0.2 ? [file(1 + by.below(1_400_000), `${percent}.jpg`, percent)] : [];
        done.push({ percent, entry: await at.does(percent, { files }) });
      } else if (what === 5 && done.length) {
        const one = by.of(done);
        const went = await at.store.takeBack(one.entry.n).catch(() => []);
        if (went.length) one.gone = true;
      } else if (what === 6) {
        server.failsAfter = by.of([0, 1, 3, Infinity]);
      } else if (what === 7) {
        await at.restart();
      } else {
        at.sizes.batch = 1 + by.below(6);
        await at.flush({ random: by.random });
      }
    }
    calm = true;
    server.failsAfter = Infinity;
    for (let tries = 0; tries < 5 && (await at.flush()).left; tries++);
    const kept = done.filter((one) => !one.gone);
    assert.deepEqual(server.effects.map((one) => one.args.percent), kept.map((one) => one.percent).filter((percent) => !refused.has(percent)));
    for (const { percent, entry } of kept) assert.equal((await at.entry(entry.n)).state, refused.has(percent) ? "rejected" : "applied");
    const counted = kept.length;
    assert.deepEqual([...server.last.values()], counted ? [counted] : []);
    for (const { args } of server.effects) for (const sha of args.files) assert.ok(server.files.has(sha));
  });
}

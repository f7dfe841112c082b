// A device of Node against the real server: reads {"url", "username", "password", "lead", "picture"}, says what became of its outbox.
import { createHash } from "node:crypto";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { newId } from "../../static/js/base/ids.js";
import { flush } from "../../static/js/outbox/flush.js";
import { Sizes } from "../../static/js/outbox/line.js";
import { prepare } from "../../static/js/outbox/photos.js";
import { open } from "../../static/js/replica/store.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { url, username, password, lead, picture } = JSON.parse(text);

const signedIn = await fetch(`${url}/api/v1/session`, { method: "POST", body: JSON.stringify({ username, password }), headers: { "Content-Type": "application/json" } });
const { person } = await signedIn.json();
const cookie = signedIn.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
/** What is lost on the line: the answers of these requests. */
const lost = new Set(["POST /sync/push 2", "PUT 2"]);
const counted = new Map();
const line = async (path, init = {}) => {
  const answer = await fetch(url + path, { ...init, headers: { ...init.headers, Cookie: cookie } });
  const what = init.method === "PUT" ? "PUT" : `${init.method ?? "GET"} ${path}`;
  counted.set(what, (counted.get(what) ?? 0) + 1);
  if (lost.has(`${what} ${counted.get(what)}`)) throw new TypeError("network");
  return answer;
};

const store = await open(person.id, { indexedDB: new IDBFactory(), IDBKeyRange });
const task = newId();
const ready = await prepare(new File([Buffer.from(picture, "base64")], "Ảnh hiện trường.jpg", { type: "image/jpeg" }), {}, null);
const program = Buffer.from("MZ chương trình");
const bad = { sha256: createHash("sha256").update(program).digest("hex"), name: "a.pdf", type: "application/pdf", size: program.length, blob: new Blob([program]) };
const claim = (name, args, files = []) => store.enqueue({ name, args: { ...args, ...(files.length ? { files: files.map((one) => one.sha256) } : {}) }, task, label: name, files });
await claim("task.create", { id: task, title: "Việc từ thiết bị", lead, due: "2026-12-31" });
await claim("task.comment", { id: newId(), task, text: "Kèm ảnh" }, [ready]);
await claim("task.comment", { id: newId(), task, text: "Kèm chương trình" }, [bad]);
await claim("task.comment", { id: newId(), task, text: "" });
await claim("task.comment", { id: newId(), task, text: "Sau cùng" });

const sizes = new Sizes();
sizes.piece = 4096;
const stops = [];
for (let tries = 0; tries < 6; tries++) {
  const went = await flush(store, { fetch: line, sizes });
  stops.push(went.stopped);
  if (!went.left) break;
}
const entries = (await store.entries()).map(({ name, state, code, message, seq }) => ({ name, state, code, message, seq }));
await store.pull({ fetch: line });
const view = await store.view({ needs: [{ task }] });
process.stdout.write(
  JSON.stringify({ stops, entries, left: (await store.entries()).length, sent: ready.sha256, number: view.get("task", task)?.number, comments: view.of("comment", task).map(({ text, attachments }) => ({ text, attachments })) }),
);
store.close();
process.exit(0);

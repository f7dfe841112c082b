// What the worker answers with: pages with their frame, parts without, redirects whose notice waits for the next page.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { before, test } from "node:test";
import { html, load, render, respond } from "../../static/js/worker/answer.js";

const ROOT = new URL("../../", import.meta.url);
const POLICY = "default-src 'self'";

before(async () => {
  const names = (await readdir(new URL("templates/shared/", ROOT), { recursive: true })).filter((name) => name.endsWith(".html"));
  const read = async (name) => [`shared/${name}`, await readFile(new URL(`templates/shared/${name}`, ROOT), "utf8")];
  const templates = Object.fromEntries(await Promise.all(names.map(read)));
  templates["part.html"] = "{{ csrf }}|{{ asset_version }}|{{ notice.text if notice else '' }}|{{ word }}";
  const wasm = await readFile(new URL("static/vendor/minijinja-2.11.0.wasm", ROOT));
  await load({ version: "abc", templates, words: {}, headers: { "Content-Security-Policy": POLICY, "Cache-Control": "no-store" }, wasm });
});

const desk = (given = {}) => ({ csrf: "mã", client: "window", target: "", htmx: false, view: null, ...given });
const notice = { text: "Đã ghi.", kind: "success", undo: null };

test("a part has the token and the release, what it says is escaped, and its headers are a page's", async () => {
  const answer = respond(desk(), { template: "part.html", context: { word: "<b>việc</b>" }, part: true });
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), "mã|abc||&lt;b&gt;việc&lt;&#x2f;b&gt;");
  assert.equal(answer.headers.get("Content-Type"), "text/html; charset=utf-8");
  assert.equal(answer.headers.get("Content-Security-Policy"), POLICY);
  assert.equal(answer.headers.get("Soviec-From"), "device");
  assert.equal(answer.headers.get("Soviec-Version"), "abc");
});

test("who is sent elsewhere reads the notice there, once, and in his own window", async () => {
  const answer = respond(desk(), { to: "/tasks/1", notice });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get("Location"), "/tasks/1");
  const pane = { template: "part.html", context: {}, part: true };
  const said = async (who) => (await respond(who, pane).text()).split("|")[2];
  assert.equal(await said(desk({ target: "detail", client: "another" })), "");
  assert.equal(await said(desk({ target: "history" })), "", "a part without a place for it leaves it for the page");
  assert.equal(await said(desk({ target: "detail", refreshes: true })), "", "a refresh in the background leaves it for the page");
  assert.equal(await said(desk({ target: "detail" })), notice.text);
  assert.equal(await said(desk({ target: "detail" })), "");
});

test("a refused form keeps its status, and a ready response passes", async () => {
  assert.equal(respond(desk(), { template: "part.html", context: {}, part: true, status: 422 }).status, 422);
  const ready = html("xong", 503);
  assert.equal(respond(desk(), ready), ready);
});

test("a template that is missing is an error, not an empty page", () => {
  assert.throws(() => render("shared/none.html", {}));
});

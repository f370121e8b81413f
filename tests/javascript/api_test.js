/// <reference lib="deno.ns" />
import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import { apiOf, newKey, NoAnswer, Problem } from "../../gateway/static/api.js";
import { stateOf } from "../../gateway/static/whose.js";

const ACCOUNT = "01a228b9-09e2-736e-8806-00b1866cb2d8";
const SCHOOL = "01a228b9-fb83-7394-b8ec-51bffac6a7fa";

/**
 * A server that answers one thing after the other, where an error is no answer, and what it heard.
 *
 * @param {(Response | Error)[]} answers
 */
function serverOf(...answers) {
  /** @type {Request[]} */
  const heard = [];
  /** @type {number[]} */
  const pauses = [];
  const api = apiOf({
    account: ACCOUNT,
    school: SCHOOL,
    send: (address, options) => {
      heard.push(new Request(new URL(String(address), "http://school.example"), options));
      const answer = answers.shift();
      return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer);
    },
    wait: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
  });
  return { api, heard, pauses };
}

/**
 * @param {unknown} body
 * @param {number} status
 * @param {Record<string, string>} headers
 */
function json(body, status = 200, headers = {}) {
  const type = status < 400 ? "application/json" : "application/problem+json";
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": type, ...headers } });
}

/**
 * @param {number} status
 * @param {string} rule
 * @param {Record<string, string>} headers
 */
function problem(status, rule, headers = {}) {
  return json({ status, rule, title: "Not allowed", detail: "In words." }, status, headers);
}

const lost = () => new TypeError("Failed to fetch");
const page = () => new Response("<h1>502</h1>", { headers: { "Content-Type": "text/html" } });

Deno.test("a request says for which account and school the page was made", async () => {
  const { api, heard } = serverOf(json({ courses: [] }));
  deepEqual((await api.get("/courses?mine=true")).body, { courses: [] });
  equal(heard[0]?.method, "GET");
  equal(heard[0]?.url, "http://school.example/api/v1/courses?mine=true");
  equal(heard[0]?.headers.get("Lyceum-Account"), ACCOUNT);
  equal(heard[0]?.headers.get("Lyceum-School"), SCHOOL);
});

Deno.test("a page of no school names none", async () => {
  /** @type {Headers[]} */
  const heard = [];
  const send = (/** @type {unknown} */ _address, /** @type {RequestInit | undefined} */ options) => {
    heard.push(new Headers(options?.headers));
    return Promise.resolve(json({}));
  };
  await apiOf({ account: ACCOUNT, send }).get("/session");
  equal(heard[0]?.get("Lyceum-School"), null);
});

Deno.test("a change is sent as JSON under a key: the one given, else a new one each time", async () => {
  const { api, heard } = serverOf(json({ id: 1 }, 201), json({ id: 1 }, 201), json({ id: 2 }, 201));
  equal((await api.post("/marks", { value: "5" }, { key: "a-key" })).status, 201);
  await api.post("/marks", { value: "5" });
  await api.post("/marks", { value: "5" });
  deepEqual(await heard[0]?.json(), { value: "5" });
  equal(heard[0]?.headers.get("Content-Type"), "application/json");
  const keys = heard.map((request) => request.headers.get("Idempotency-Key"));
  equal(keys[0], "a-key");
  notEqual(keys[1], keys[2]);
  match(newKey(), /^[0-9a-f]{32}$/);
});

Deno.test("what has not changed is not sent again", async () => {
  const { api, heard } = serverOf(json({ done: 1 }, 200, { ETag: '"1"' }), new Response(null, { status: 304 }));
  const { etag } = await api.get("/jobs/1");
  deepEqual(await api.get("/jobs/1", { etag }), { status: 304, body: null, etag: null });
  equal(heard[0]?.headers.get("If-None-Match"), null);
  equal(heard[1]?.headers.get("If-None-Match"), '"1"');
});

Deno.test("a refusal is thrown with all that it tells, and is not repeated", async () => {
  const { api, heard } = serverOf(problem(409, "other-account"));
  await rejects(api.post("/marks", {}), (error) => {
    ok(error instanceof Problem);
    deepEqual([error.status, error.rule, error.message, error.field], [409, "other-account", "In words.", null]);
    equal(error.told.title, "Not allowed");
    return true;
  });
  equal(heard.length, 1);
});

Deno.test("a change whose answer was lost is repeated once, under the same key", async () => {
  const { api, heard, pauses } = serverOf(lost(), json({ id: 1 }, 201));
  equal((await api.post("/marks", { value: "5" })).status, 201);
  equal(pauses.length, 1);
  equal(heard[0]?.headers.get("Idempotency-Key"), heard[1]?.headers.get("Idempotency-Key"));
  deepEqual(await heard[1]?.json(), { value: "5" });
});

Deno.test("a part that is away is asked once more when it says, and the fault is thrown then", async () => {
  const { api, heard, pauses } = serverOf(
    problem(503, "no-route", { "Retry-After": "2" }),
    problem(504, "timed-out"),
  );
  await rejects(api.get("/courses"), (error) => error instanceof Problem && error.status === 504);
  equal(heard.length, 2);
  deepEqual(pauses, [2_000]);
});

for (
  const [what, answer] of /** @type {const} */ ([
    ["no connection", lost],
    ["a page of something in between", page],
    ["half of a text", () => new Response("{", { headers: { "Content-Type": "application/json" } })],
    ["no end of waiting", () => new DOMException("timed out", "TimeoutError")],
  ])
) {
  Deno.test(`${what} is no answer`, async () => {
    await rejects(serverOf(answer(), answer()).api.get("/courses"), NoAnswer);
    deepEqual((await serverOf(answer(), json([])).api.get("/courses")).body, []);
  });
}

Deno.test("an error of our own is not taken for a lost answer", async () => {
  await rejects(serverOf(new RangeError("a mistake")).api.get("/courses"), RangeError);
});

Deno.test("a page learns whether its session still is its own", async () => {
  const states = [json({}), problem(401, "token-missing"), problem(409, "other-account"), problem(403, "role")];
  /** @type {string[]} */
  const seen = [];
  for (const answer of states) seen.push(await stateOf(serverOf(answer).api));
  seen.push(await stateOf(serverOf(lost(), lost()).api));
  deepEqual(seen, ["good", "over", "other-account", "unknown", "unknown"]);
  await rejects(stateOf(serverOf(new RangeError("a mistake")).api), RangeError);
});

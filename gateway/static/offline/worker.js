/**
 * The service worker: without a connection it shows the week of the diary that was seen last, on a device that its person
 * called their own, and elsewhere a page that says that there is no connection. It decides nothing (`rules.js`).
 *
 * @typedef {import("./rules.js").Kept & { answer: Response }} Stored
 * @typedef {{ version: string, addresses: string[], page: string }} Shell What pages are made of, without any person's
 * data; `page` says that there is no connection.
 */
/// <reference no-default-lib="true" />
/// <reference lib="webworker" />
/// <reference lib="esnext" />
import { chosen, isFresh, KEEPS_FOR, KEPT_AT, keptBy, kindOf, marked, wantedBy } from "./rules.js";

/** The store of weeks: `session.js` removes it, too. */
const KEPT = "lyceum-kept";
const SHELL = "lyceum-shell-";
/** Milliseconds to wait for the server where there is something to show instead. */
const PATIENCE = 10_000;
/** Headers of an answer that are about its bytes on the way. */
const OF_THE_WAY = ["Content-Encoding", "Content-Length"];
/** Answers that say that this diary is not the visitor's to read. */
const CLOSED = [403, 404];
const LANGUAGE = "/language/";

/**
 * Serves the pages of one origin.
 *
 * @param {ServiceWorkerGlobalScope} worker
 * @param {Shell} shell
 */
export function serve(worker, shell) {
  const shelf = SHELL + shell.version;
  /** Grows when everything goes: what was asked for before is not kept any more. */
  let age = 0;

  worker.addEventListener("install", (event) => event.waitUntil(prepare()));
  worker.addEventListener("activate", (event) => event.waitUntil(begin()));
  worker.addEventListener("fetch", (event) => {
    const kind = kindOf(event.request, worker.location.origin);
    if (kind === "leaving") event.respondWith(left(event));
    if (kind === "page") event.respondWith(page(event));
    if (kind === "asset") event.respondWith(asset(event.request));
  });

  async function prepare() {
    const store = await caches.open(shelf);
    await store.addAll([...shell.addresses, shell.page]);
    await worker.skipWaiting();
  }

  /** The page that called the worker was there before it. */
  async function begin() {
    for (const name of await caches.keys()) if (name.startsWith(SHELL) && name !== shelf) await caches.delete(name);
    await worker.clients.claim();
    for (const { url } of await worker.clients.matchAll({ type: "window" })) {
      if (wantedBy(url) === null) continue;
      const asked = age;
      const answer = await fetch(url, { headers: { Accept: "text/html" } }).catch(nothing);
      if (answer) await hear(answer, asked, null);
    }
  }

  function forget() {
    age += 1;
    return caches.delete(KEPT);
  }

  /** @param {FetchEvent} event */
  async function left(event) {
    event.waitUntil(forget());
    return await fetch(event.request).catch(nothing) ?? await noConnection();
  }

  /** @param {FetchEvent} event */
  async function page(event) {
    const { request } = event;
    const wanted = wantedBy(request.url);
    const asked = age;
    const answering = fetch(request);
    const heard = answering.then((answer) => hear(answer.clone(), asked, wanted), nothing);
    event.waitUntil(heard.then(() => renewed(request.url)));
    const kept = wanted && await found(wanted);
    const answer = await (kept ? Promise.race([answering, after(PATIENCE)]) : answering).catch(nothing);
    if (answer) return answer;
    // what was asked meanwhile may have removed it
    return wanted && asked === age && (await found(wanted))?.answer || await noConnection();
  }

  /**
   * Does what an answer says: keeps its week, or removes what is not to be kept any more.
   *
   * @param {Response} answer
   * @param {number} asked How old everything was then.
   * @param {import("./rules.js").Wanted | null} wanted
   */
  async function hear(answer, asked, wanted) {
    const owner = answer.headers.get(KEEPS_FOR);
    if (owner === null) return;
    const weeks = await stored();
    if (asked !== age) return;
    let mine = asked;
    if (weeks.some((one) => one.owner !== owner)) {
      const going = forget();
      mine = age;
      await going;
    } else {
      const closed = CLOSED.includes(answer.status) ? wanted?.student : null;
      await remove(weeks.filter((one) => one.student === closed || !isFresh(one.at, Date.now())));
    }
    const week = keptBy(answer.headers);
    const text = week && answer.ok ? marked(await answer.text()) : null;
    if (week === null || text === null) return;
    const headers = new Headers(answer.headers);
    for (const name of OF_THE_WAY) headers.delete(name);
    headers.set(KEPT_AT, String(Date.now()));
    const store = await caches.open(KEPT);
    if (mine === age) await store.put(addressOf(week.student), new Response(text, { headers }));
  }

  /** What is kept of what is wanted; what is too old goes. @param {import("./rules.js").Wanted} wanted */
  async function found(wanted) {
    const weeks = await stored();
    const now = Date.now();
    await remove(weeks.filter(({ at }) => !isFresh(at, now)));
    return chosen(weeks, wanted, now);
  }

  async function noConnection() {
    return await (await caches.open(shelf)).match(shell.page) ?? Response.error();
  }

  /** The page without a connection is in the visitor's language. @param {string} url */
  async function renewed(url) {
    if (new URL(url).pathname.startsWith(LANGUAGE)) await (await caches.open(shelf)).add(shell.page).catch(nothing);
  }

  /** @param {Request} request */
  async function asset(request) {
    const answer = await fetch(request).catch(nothing);
    // a page that was kept names the versions of its day
    return answer ?? await (await caches.open(shelf)).match(request, { ignoreSearch: true }) ?? Response.error();
  }
}

/** @returns {Promise<Stored[]>} */
async function stored() {
  if (!await caches.has(KEPT)) return [];
  const store = await caches.open(KEPT);
  const answers = await Promise.all((await store.keys()).map((request) => store.match(request)));
  return answers.flatMap((answer) => {
    const week = answer && keptBy(answer.headers);
    return week ? [{ ...week, at: Number(answer.headers.get(KEPT_AT)), answer }] : [];
  });
}

/** @param {Stored[]} weeks */
async function remove(weeks) {
  if (weeks.length === 0) return;
  const store = await caches.open(KEPT);
  for (const { student } of weeks) await store.delete(addressOf(student));
}

/** @param {string} student */
function addressOf(student) {
  return `/diary/${student}`;
}

function nothing() {
  return null;
}

/** @param {number} milliseconds @returns {Promise<null>} */
function after(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, null));
}

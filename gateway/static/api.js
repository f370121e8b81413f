/**
 * Requests of a page to the API, for the account and the school that the page was made for. The browser's cookies say
 * whose session it is, and the server renews it in passing.
 *
 * @typedef {object} Page
 * @property {string} account The account's id: `data-account` of the page's body.
 * @property {string} [school] The school's id: `data-school`.
 * @property {typeof fetch} [send] How a request is sent.
 * @property {(milliseconds: number) => Promise<void>} [wait]
 *
 * @typedef {object} Answer
 * @property {number} status 304 where what `etag` names has not changed.
 * @property {any} body What the JSON holds; null where there is none.
 * @property {string | null} etag Names the version of the body.
 *
 * @typedef {object} Api
 * @property {(path: string, options?: { etag?: string | null }) => Promise<Answer>} get Reads; with `etag` only what is another version.
 * @property {(path: string, body: unknown, options?: { key?: string }) => Promise<Answer>} post Changes something, once for each `key`.
 */

const PREFIX = "/api/v1";
const JSON_TYPE = /^application\/(problem\+)?json\b/;
const WITHOUT_BODY = [204, 304];
/** Milliseconds to wait for an answer: the server itself gives up sooner. */
const PATIENCE = 30_000;
/** Milliseconds before a request is repeated, where the answer does not say. */
const PAUSE = 1_000;
const LONGEST_PAUSE = 10_000;

/** A refusal or a fault that the server told, as RFC 9457 has it. */
export class Problem extends Error {
  /** @param {{ status: number, rule: string, detail: string, field?: string, [more: string]: unknown }} told */
  constructor(told) {
    super(told.detail);
    this.name = "Problem";
    this.status = told.status;
    /** The stable name of what was broken. */
    this.rule = told.rule;
    this.field = told.field ?? null;
    /** All members of the document, such as `faults` and `present`. */
    this.told = told;
  }
}

/** The server was not reached, or its answer was lost: what was asked for may have been done, or not. */
export class NoAnswer extends Error {
  constructor() {
    super("no answer");
    this.name = "NoAnswer";
  }
}

/**
 * A key under which a request is carried out once, however often it is sent. `crypto.randomUUID` needs https.
 *
 * @returns {string}
 */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The API for a page. Requests throw `Problem` and `NoAnswer`. One that got no answer, or 503 or 504, is sent once more
 * by itself; a change under the same key, so that it is not carried out twice.
 *
 * @param {Page} page
 * @returns {Api}
 */
export function apiOf({ account, school, send = fetch, wait = after }) {
  const own = { Accept: "application/json", "Lyceum-Account": account, ...(school ? { "Lyceum-School": school } : {}) };

  /**
   * @param {string} path
   * @param {RequestInit} request
   * @returns {Promise<Answer>}
   */
  async function ask(path, request) {
    let got = await once(send, PREFIX + path, request);
    if (got === null || got.status >= 503) {
      await wait(got?.pause ?? PAUSE);
      got = await once(send, PREFIX + path, request);
    }
    if (got === null) throw new NoAnswer();
    if (got.status >= 400) throw new Problem(got.body);
    return { status: got.status, body: got.body, etag: got.etag };
  }

  return {
    get: (path, { etag } = {}) => ask(path, { headers: { ...own, ...(etag ? { "If-None-Match": etag } : {}) } }),
    post: (path, body, { key = newKey() } = {}) =>
      ask(path, {
        method: "POST",
        headers: { ...own, "Content-Type": "application/json", "Idempotency-Key": key },
        body: JSON.stringify(body),
      }),
  };
}

/**
 * Sends a request once. Null: no answer of the server came. What is no JSON was told by something before it.
 *
 * @param {typeof fetch} send
 * @param {string} address
 * @param {RequestInit} request
 * @returns {Promise<Answer & { pause: number } | null>}
 */
async function once(send, address, request) {
  try {
    const answer = await send(address, { ...request, signal: AbortSignal.timeout(PATIENCE) });
    const { status, headers } = answer;
    const empty = WITHOUT_BODY.includes(status);
    if (!empty && !JSON_TYPE.test(headers.get("Content-Type") ?? "")) return null;
    const seconds = Number(headers.get("Retry-After"));
    const pause = seconds > 0 ? Math.min(seconds * 1_000, LONGEST_PAUSE) : PAUSE;
    return { status, body: empty ? null : await answer.json(), etag: headers.get("ETag"), pause };
  } catch (error) {
    // no connection, one that broke, half of a text, patience at its end
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException) return null;
    throw error;
  }
}

/** @param {number} milliseconds */
function after(milliseconds) {
  return /** @type {Promise<void>} */ (new Promise((resolve) => setTimeout(resolve, milliseconds)));
}

/**
 * What a device keeps of the diary for when there is no connection, and what it shows then. The server says in headers
 * of its pages for whom this browser keeps anything, and which week; a page without them says nothing.
 *
 * @typedef {object} Week A week of one child's diary.
 * @property {string} student
 * @property {string} monday
 *
 * @typedef {Week & { owner: string, at: number }} Kept A week that is kept, of which account, since when (milliseconds).
 *
 * @typedef {object} Wanted What an address of the diary asks for.
 * @property {string | null} student Null: of whichever child.
 * @property {string | null} day A day of the week; null: of whichever week.
 */

/** The account for which this browser keeps anything, or `NOBODY`. */
export const KEEPS_FOR = "Lyceum-Keeps-For";
export const NOBODY = "nobody";
/** The student and the Monday of the week that may be kept. */
export const KEEP = "Lyceum-Keep";
/** When the browser got the page that it keeps. */
export const KEPT_AT = "Lyceum-Kept-At";

const DAY = 24 * 3600 * 1000;
/** Milliseconds after which what was kept is not shown any more. */
export const LONGEST = 14 * DAY;

/** Forms after which another person may sit here, or the password is another: what was kept goes. */
const LEAVING = ["/login", "/logout", "/password"];
/** The journal looks after itself without a connection, with what its teacher typed. */
const JOURNAL = /^\/journal\/|^\/modules\/[^/]+\/journal\//;
const ASSETS = /^\/(static|bootstrap|modules)\//;
const DIARY = /^\/diary(?:\/([0-9a-f-]{36})(?:\/days\/(\d{4}-\d\d-\d\d))?)?$/;
const MARK = /<template data-kept>([\s\S]*?)<\/template>/g;
const BUTTON = /(<button\b[^>]*?) data-online(?=[\s>])/g;
/** Words that are true on the day of the page alone, such as today. */
const OF_THE_DAY = /<span data-now>[^<]*<\/span>|(?<=<section class="day) is-today(?=")/g;

/**
 * What a request is for the worker: a `page`, an `asset`, a form by which somebody is `leaving`; null: none of its business.
 *
 * @param {{ method: string, mode: string, url: string }} request
 * @param {string} origin
 * @returns {"page" | "asset" | "leaving" | null}
 */
export function kindOf({ method, mode, url }, origin) {
  const address = new URL(url);
  if (address.origin !== origin) return null;
  if (method === "POST" && LEAVING.includes(address.pathname)) return "leaving";
  if (method !== "GET" || JOURNAL.test(address.pathname)) return null;
  if (mode === "navigate") return "page";
  return ASSETS.test(address.pathname) ? "asset" : null;
}

/**
 * What an address asks of the diary; null: it is another page.
 *
 * @param {string} url
 * @returns {Wanted | null}
 */
export function wantedBy(url) {
  const { pathname, searchParams } = new URL(url);
  const found = DIARY.exec(pathname);
  return found && { student: found[1] ?? null, day: found[2] ?? searchParams.get("date") };
}

/**
 * The week that an answer lets this browser keep, and for whom; null: none.
 *
 * @param {{ get: (name: string) => string | null }} headers
 * @returns {Week & { owner: string } | null}
 */
export function keptBy(headers) {
  const owner = headers.get(KEEPS_FOR);
  const [student, monday] = headers.get(KEEP)?.split(" ") ?? [];
  return owner && owner !== NOBODY && student && monday ? { owner, student, monday } : null;
}

/**
 * Whether a week may still be shown. A clock that was set back makes nothing fresh.
 *
 * @param {number} at
 * @param {number} now
 */
export function isFresh(at, now) {
  return now >= at && now - at <= LONGEST;
}

/**
 * Of the weeks that are kept the one that is wanted: where that is not said, the one that was seen last.
 *
 * @template {Kept} One
 * @param {One[]} kept
 * @param {Wanted} wanted
 * @param {number} now
 * @returns {One | null}
 */
export function chosen(kept, { student, day }, now) {
  const fitting = kept.filter((one) =>
    isFresh(one.at, now) && (student === null || one.student === student) && (day === null || isWithin(one.monday, day))
  );
  return fitting.sort((one, other) => other.at - one.at)[0] ?? null;
}

/**
 * The text of a page as it is kept: it says of when it is and calls no day today, and its buttons that need a connection
 * are out of use. Null: it cannot say so, and is not kept.
 *
 * @param {string} html
 * @returns {string | null}
 */
export function marked(html) {
  if (html.match(MARK)?.length !== 1) return null;
  const told = html.replace(
    MARK,
    (_, words) => `<div class="alert alert-warning" role="status" data-kept>${words}</div>`,
  );
  return told.replace(BUTTON, "$1 disabled").replace(OF_THE_DAY, "");
}

/** @param {string} monday @param {string} day */
function isWithin(monday, day) {
  const days = (Date.parse(day) - Date.parse(monday)) / DAY;
  return days >= 0 && days < 7;
}

// Keeps a page of one long work up to date: by a stream of its states, or, while there is none, by asking for the state.
// What the work comes to is fetched with the whole page.
import { apiOf, Problem } from "./api.js";
import { follow } from "./following.js";
import { newer, shownCount } from "./job_state.js";
import { refresh, whileHidden } from "./refreshing.js";

/** @typedef {import("./job_state.js").JobState} JobState */

const PART = "[data-job]";
const { account, school } = document.body.dataset;
const api = apiOf({ account: account ?? "", school });
const count = new Intl.NumberFormat(document.documentElement.lang);

/** @type {string | null} */
let etag = null;
let streams = false;

/** @param {string} name @param {Element} part @returns {HTMLElement} */
function inside(name, part) {
  return /** @type {HTMLElement} */ (part.querySelector(`[data-job-${name}]`));
}

/**
 * Shows a state. Where the work is in another state or stage than the page says, the page is fetched.
 *
 * @param {JobState} state
 * @returns {Promise<boolean | null>} Whether it goes on.
 */
async function show(state) {
  const part = /** @type {HTMLElement | null} */ (document.querySelector(PART));
  if (part === null) return false;
  if (!newer(state, part.dataset.job)) return true;
  if (`${state.state} ${state.stage}` !== part.dataset.jobState) return await refresh();
  part.dataset.job = String(state.version);
  const { done, total, hidden } = shownCount(state);
  inside("count", part).hidden = hidden;
  inside("done", part).textContent = count.format(done);
  inside("total", part).textContent = count.format(total);
  const bar = /** @type {HTMLProgressElement} */ (part.querySelector("progress"));
  bar.max = total || 1;
  bar.value = done;
  return true;
}

/** @returns {Promise<boolean | null>} */
async function ask() {
  const part = /** @type {HTMLElement | null} */ (document.querySelector(PART));
  if (part === null) return false;
  if (streams) return true;
  try {
    const answer = await api.get(part.dataset.state ?? "", { etag });
    if (answer.status === 304) return true;
    etag = answer.etag;
    return await show(answer.body.job);
  } catch (error) {
    return error instanceof Problem && error.status < 500 ? await refresh() : null;
  }
}

/** @param {string} address */
function listen(address) {
  const source = new EventSource(address, { withCredentials: true });
  source.addEventListener("open", () => streams = true);
  source.addEventListener("error", () => streams = false);
  source.addEventListener("job", async (event) => {
    if (await show(JSON.parse(event.data)) === false) source.close();
  });
}

const live = /** @type {HTMLElement | null} */ (document.querySelector(PART))?.dataset.live;
if (live) listen(live);
void follow({ look: ask, hidden: () => document.hidden, wait: whileHidden });

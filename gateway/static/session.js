// Tells whoever comes back to an open page if its session is over or another's, before they send what they typed.
// The texts are templates of the page. The other modules are fetched only then.
const { account, school } = document.body.dataset;
const ID = "session-news";

/** Removes the weeks of the diary that `offline/worker.js` keeps. */
async function forget() {
  if (isSecureContext) await caches.delete("lyceum-kept");
}

// A page for whose visitor this browser keeps nothing: a shared device, a teacher, a choice that was withdrawn.
if (account !== undefined && document.body.dataset.keeps === undefined) void forget();

/** @param {string} state */
function show(state) {
  if (state === "unknown") return; // what is shown may still hold
  document.getElementById(ID)?.remove();
  const news = /** @type {HTMLTemplateElement | null} */ (document.querySelector(`template[data-session="${state}"]`));
  if (news === null) return;
  const shown = document.createElement("div");
  shown.id = ID;
  shown.append(news.content.cloneNode(true));
  document.getElementById("content")?.prepend(shown);
}

async function look() {
  if (document.hidden || account === undefined) return;
  try {
    const [{ apiOf }, { stateOf }] = await Promise.all([import("./api.js"), import("./whose.js")]);
    const state = await stateOf(apiOf({ account, school }));
    if (state === "over" || state === "other-account") await forget();
    show(state);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // without a connection the modules do not come either
  }
}

document.addEventListener("visibilitychange", () => void look());

// Signing out of a browser that still keeps what was typed into the journal: it is asked about, then removed.
const leaving = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-leaving]"));

/** @param {HTMLFormElement} form */
async function leave(form) {
  let may = true;
  try {
    const { mayLeave } = await import("./journal/leaving.js");
    /** @type {{ first?: () => Promise<void> }} */
    const page = {};
    document.dispatchEvent(new CustomEvent("lyceum-leaving", { detail: page }));
    may = await mayLeave(account ?? "", form.dataset.leaving ?? "", page.first);
  } catch (error) {
    // a script that does not come keeps nobody signed in
    if (!(error instanceof TypeError)) throw error;
  }
  if (may) {
    await forget(); // also where signing out does not reach the server
    form.submit();
  }
}

leaving?.addEventListener("submit", (event) => {
  if (!isSecureContext || !("indexedDB" in globalThis)) return;
  event.preventDefault();
  void leave(leaving);
});

// What was typed into the journal before a crash goes out from whichever page is opened next. The journal does it itself.
async function resume() {
  if (account === undefined || !isSecureContext || !("databases" in indexedDB)) return;
  if (document.querySelector("table[data-sheet]") !== null) return;
  if (!(await indexedDB.databases()).some(({ name }) => name === "lyceum-outbox")) return;
  const { resumed } = await import("./journal/resume.js");
  const left = await resumed(account, school);
  const news = /** @type {HTMLTemplateElement | null} */ (document.querySelector("template[data-unsent]"));
  if (left === null || left.length === 0 || news === null) return;
  const shown = /** @type {DocumentFragment} */ (news.content.cloneNode(true));
  const link = shown.querySelector("a");
  if (link) link.href = `/journal/${left[0]?.place.course}`;
  const count = shown.querySelector("[data-count]");
  if (count) count.textContent = String(left.length);
  document.getElementById("content")?.prepend(shown);
}

void resume();

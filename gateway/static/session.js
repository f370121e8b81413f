// Tells whoever comes back to an open page if its session is over or another's, before they send what they typed.
// The texts are templates of the page. The other modules are fetched only then.
const { account, school } = document.body.dataset;
const ID = "session-news";

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
    show(await stateOf(apiOf({ account, school })));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // without a connection the modules do not come either
  }
}

document.addEventListener("visibilitychange", () => void look());

import { NoAnswer, Problem } from "./api.js";

/**
 * Whether a page's session still is what it was: `good`, `over`, or another account's; `unknown` where nobody told.
 *
 * @param {import("./api.js").Api} api For the account that the page was made for.
 * @returns {Promise<"good" | "over" | "other-account" | "unknown">}
 */
export async function stateOf(api) {
  try {
    await api.get("/session");
    return "good";
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return "over";
    if (error instanceof Problem && error.rule === "other-account") return "other-account";
    if (error instanceof Problem || error instanceof NoAnswer) return "unknown";
    throw error;
  }
}

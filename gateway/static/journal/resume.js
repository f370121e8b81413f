/**
 * What was typed into the journal and not saved, such as before a crash, goes out from whichever page is opened next.
 */
import { apiOf, NoAnswer, Problem } from "../api.js";
import { Delivery } from "./delivery.js";
import { countRows, openDatabase, Outbox } from "./outbox.js";
import { sent } from "./wire.js";

/**
 * Sends what an account left; returns what is still there then, or null if nothing ever was.
 *
 * @param {string} account
 * @param {string | undefined} school
 * @returns {Promise<import("./entries.js").Entry[] | null>}
 */
export async function resumed(account, school) {
  const database = await openDatabase();
  const { own } = await countRows(database, account);
  database.close();
  if (own === 0) return null;
  const api = apiOf({ account, school });
  try {
    const { body } = await api.get("/session");
    const outbox = await Outbox.open(account, body.outbox_key);
    const nothing = () => {};
    const send = (/** @type {import("./entries.js").Entry[]} */ entries) => sent(api, entries, () => true);
    await new Delivery(outbox, send, { changed: nothing, told: nothing, line: nothing }).now();
    return await outbox.all();
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof Problem) return null; // the next page tries again
    throw error;
  }
}

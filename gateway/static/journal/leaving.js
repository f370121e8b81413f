/**
 * Signing out of a browser that still holds what was typed and not saved: asked about, then removed.
 */
import { countRows, erase, NAME, openDatabase } from "./outbox.js";
import { filled } from "./telling.js";

/** Milliseconds that whoever signs out waits for what is on its way. */
const PATIENCE = 4_000;

/**
 * Whether a person may sign out: at once if nothing of the account is kept here; else if they agree that it is removed.
 *
 * @param {string} owner
 * @param {string} question With `{count}` for how many entries there are.
 * @param {() => Promise<unknown>} [trySending] Sends what waits, before anything is asked.
 * @returns {Promise<boolean>}
 */
export async function mayLeave(owner, question, trySending) {
  if (!await isThere()) return true;
  await Promise.race([trySending?.(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  const database = await openDatabase();
  const { own } = await countRows(database, owner);
  const agreed = own === 0 || confirm(filled(question, { count: own }));
  if (agreed && own > 0) await erase(database, owner);
  database.close();
  return agreed;
}

/** Whether this browser ever kept anything: asking must not make a database. */
async function isThere() {
  if (!("databases" in indexedDB)) return true;
  return (await indexedDB.databases()).some(({ name }) => name === NAME);
}

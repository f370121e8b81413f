/**
 * What was typed into the journal and is not known to be saved: kept in the browser until the journal answered.
 *
 * Rows are sealed. On the disk stand the account's id and a number of bytes; the key comes with a page of the account's
 * own session and is kept in no storage. Whoever sits down at the computer without that session reads nothing.
 *
 * @typedef {import("./entries.js").Entry} Entry
 * @typedef {{ id: string, owner: string, sealed: { iv: Uint8Array<ArrayBuffer>, bytes: ArrayBuffer } }} Row
 */

export const NAME = "lyceum-outbox";
const STORE = "entries";
/** Held while rows are read and written back: another page of this browser may write them, too. */
const ROWS = "lyceum-outbox-rows";

/** @returns {Promise<IDBDatabase>} */
export function openDatabase() {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore(STORE, { keyPath: "id" }).createIndex("owner", "owner");
  };
  return done(asked);
}

/**
 * How many rows an account has, and the others.
 *
 * @param {IDBDatabase} database
 * @param {string} owner
 * @returns {Promise<{ own: number, others: number }>}
 */
export async function countRows(database, owner) {
  const store = database.transaction(STORE).objectStore(STORE);
  const [own, all] = await Promise.all([done(store.index("owner").count(owner)), done(store.count())]);
  return { own, others: all - own };
}

/** Removes what an account has not saved. @param {IDBDatabase} database @param {string} owner */
export async function erase(database, owner) {
  const writing = database.transaction(STORE, "readwrite", { durability: "strict" });
  const keys = await done(writing.objectStore(STORE).index("owner").getAllKeys(owner));
  for (const key of keys) writing.objectStore(STORE).delete(key);
  await finished(writing);
}

/** The entries of one account. */
export class Outbox {
  #database;
  #owner;
  #seal;
  #sealing;
  /** Rows that this key does not open. */
  unread = 0;

  /** @param {IDBDatabase} database @param {string} owner @param {Uint8Array<ArrayBuffer>} seal @param {CryptoKey} sealing */
  constructor(database, owner, seal, sealing) {
    this.#database = database;
    this.#owner = owner;
    this.#seal = seal;
    this.#sealing = sealing;
  }

  /**
   * The outbox of an account, with the key that its pages have, in base64.
   *
   * @param {string} owner
   * @param {string} seal
   */
  static async open(owner, seal) {
    const bytes = Uint8Array.from(atob(seal), (one) => one.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    return new Outbox(await openDatabase(), owner, bytes, key);
  }

  /** All entries, oldest first. @returns {Promise<Entry[]>} */
  async all() {
    const store = this.#database.transaction(STORE).objectStore(STORE);
    /** @type {Row[]} */
    const rows = await done(store.index("owner").getAll(this.#owner));
    const entries = (await Promise.all(rows.map((row) => this.#opened(row)))).filter((entry) => entry !== null);
    this.unread = rows.length - entries.length;
    return entries.sort((one, other) => one.since - other.since);
  }

  /**
   * Changes entries of cells, as if nobody else did at the same time; returns what is left of each.
   *
   * @param {Map<string, (entry: Entry | null) => Entry | null>} changes
   * @returns {Promise<Map<string, Entry | null>>}
   */
  update(changes) {
    return navigator.locks.request(ROWS, async () => {
      const cells = [...changes.keys()];
      const ids = await Promise.all(cells.map((cell) => this.#idOf(cell)));
      const reading = this.#database.transaction(STORE).objectStore(STORE);
      /** @type {(Row | undefined)[]} */
      const rows = await Promise.all(ids.map((id) => done(reading.get(id))));
      const before = await Promise.all(rows.map((row) => row === undefined ? null : this.#opened(row)));
      const after = cells.map((cell, index) => changes.get(cell)?.(before[index] ?? null) ?? null);
      const sealed = await Promise.all(after.map((entry, index) => entry && this.#sealed(ids[index] ?? "", entry)));
      const writing = this.#database.transaction(STORE, "readwrite", { durability: "strict" });
      sealed.forEach((row, index) => {
        if (row) writing.objectStore(STORE).put(row);
        else writing.objectStore(STORE).delete(ids[index] ?? "");
      });
      await finished(writing);
      return new Map(cells.map((cell, index) => [cell, after[index] ?? null]));
    });
  }

  count() {
    return countRows(this.#database, this.#owner);
  }

  erase() {
    return erase(this.#database, this.#owner);
  }

  /** The key of a cell's row, which names neither lesson nor student. @param {string} cell */
  async #idOf(cell) {
    const named = new TextEncoder().encode(`${this.#owner} ${cell} `);
    const digest = await crypto.subtle.digest("SHA-256", new Uint8Array([...named, ...this.#seal]));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** @param {string} id @param {Entry} entry @returns {Promise<Row>} */
  async #sealed(id, entry) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(entry));
    return {
      id,
      owner: this.#owner,
      sealed: { iv, bytes: await crypto.subtle.encrypt(this.#by(id, iv), this.#sealing, text) },
    };
  }

  /** @param {Row} row @returns {Promise<Entry | null>} */
  async #opened({ id, sealed: { iv, bytes } }) {
    try {
      const text = await crypto.subtle.decrypt(this.#by(id, iv), this.#sealing, bytes);
      return JSON.parse(new TextDecoder().decode(text));
    } catch (error) {
      if (error instanceof DOMException) return null; // sealed by a key that the server no longer has
      throw error;
    }
  }

  /** A row is opened in its place alone. @param {string} id @param {Uint8Array<ArrayBuffer>} iv */
  #by(id, iv) {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`${this.#owner} ${id}`) };
  }
}

/**
 * @template Result
 * @param {IDBRequest<Result>} request
 * @returns {Promise<Result>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

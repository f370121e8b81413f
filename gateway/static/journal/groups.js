/**
 * Things that have the same key, in the order of their first ones: `Map.groupBy`, which browsers of old machines lack.
 *
 * @template Thing, Key
 * @param {Iterable<Thing>} things
 * @param {(thing: Thing) => Key} keyOf
 * @returns {Map<Key, Thing[]>}
 */
export function grouped(things, keyOf) {
  /** @type {Map<Key, Thing[]>} */
  const found = new Map();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = found.get(key);
    if (group) group.push(thing);
    else found.set(key, [thing]);
  }
  return found;
}

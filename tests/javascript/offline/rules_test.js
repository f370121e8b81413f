/// <reference lib="deno.ns" />
import { deepEqual, equal } from "node:assert/strict";
import {
  chosen,
  isFresh,
  KEEP,
  KEEPS_FOR,
  keptBy,
  kindOf,
  LONGEST,
  marked,
  wantedBy,
} from "../../../gateway/static/offline/rules.js";

const SITE = "https://school.example";
const ANNA = "11111111-1111-4111-8111-111111111111";
const BORIS = "22222222-2222-4222-8222-222222222222";
const NOW = Date.parse("2026-12-01T12:40:00Z");
const DAY = 24 * 3600 * 1000;

/** @param {string} path @param {string} method @param {string} mode */
function kind(path, method = "GET", mode = "navigate") {
  return kindOf({ method, mode, url: path.startsWith("/") ? SITE + path : path }, SITE);
}

/** @param {string} student @param {number} at @param {string} monday */
function week(student, at = NOW, monday = "2026-11-30") {
  return { owner: "mother", student, monday, at };
}

Deno.test("pages of this site are asked of the server, and their styles and scripts", () => {
  equal(kind("/diary"), "page");
  equal(kind("/login"), "page");
  equal(kind("/static/lyceum.css?v=1", "GET", "no-cors"), "asset");
  equal(kind("/modules/abc/session.js", "GET", "cors"), "asset");
});

Deno.test("the journal, requests of scripts and other sites go on as without a worker", () => {
  equal(kind("/journal/1"), null);
  equal(kind("/modules/abc/journal/page.js", "GET", "cors"), null);
  equal(kind("/api/v1/courses/1/entries", "POST", "cors"), null);
  equal(kind("/api/v1/session", "GET", "cors"), null);
  equal(kind("/diary/homework/1/done", "POST"), null);
  equal(kind("https://other.example/diary"), null);
  equal(kind("https://other.example/logout", "POST"), null);
});

Deno.test("signing in or out and another password remove what is kept", () => {
  for (const path of ["/login", "/logout", "/password"]) equal(kind(path, "POST"), "leaving");
  equal(kind("/password"), "page");
});

Deno.test("an address of the diary says which child and which day it wants", () => {
  deepEqual(wantedBy(`${SITE}/diary`), { student: null, day: null });
  deepEqual(wantedBy(`${SITE}/diary/${ANNA}?school=1`), { student: ANNA, day: null });
  deepEqual(wantedBy(`${SITE}/diary/${ANNA}?date=2026-12-01`), { student: ANNA, day: "2026-12-01" });
  deepEqual(wantedBy(`${SITE}/diary/${ANNA}/days/2026-12-01?lesson=2`), { student: ANNA, day: "2026-12-01" });
  equal(wantedBy(`${SITE}/marks/${ANNA}`), null);
  equal(wantedBy(`${SITE}/diary/homework/${ANNA}/done`), null);
});

Deno.test("a week is kept only where the server says which one and for whom", () => {
  const both = { [KEEPS_FOR]: "mother", [KEEP]: `${ANNA} 2026-11-30` };
  deepEqual(keptBy(new Headers(both)), { owner: "mother", student: ANNA, monday: "2026-11-30" });
  equal(keptBy(new Headers({ ...both, [KEEPS_FOR]: "nobody" })), null);
  equal(keptBy(new Headers({ [KEEP]: `${ANNA} 2026-11-30` })), null);
  equal(keptBy(new Headers({ [KEEPS_FOR]: "mother" })), null);
});

Deno.test("after fourteen days a week is not shown any more, nor by a clock that was set back", () => {
  equal(LONGEST, 14 * DAY);
  equal(isFresh(NOW, NOW), true);
  equal(isFresh(NOW, NOW + 14 * DAY), true);
  equal(isFresh(NOW, NOW + 14 * DAY + 1), false);
  equal(isFresh(NOW, NOW - 1), false);
  equal(isFresh(NaN, NOW), false);
  equal(chosen([week(ANNA)], { student: ANNA, day: null }, NOW + 15 * DAY), null);
});

Deno.test("the child that is wanted is shown, or the one that was seen last, and no other", () => {
  const kept = [week(ANNA, NOW), week(BORIS, NOW + 1)];
  equal(chosen(kept, { student: ANNA, day: null }, NOW + DAY)?.student, ANNA);
  equal(chosen(kept, { student: null, day: null }, NOW + DAY)?.student, BORIS);
  equal(chosen([week(ANNA)], { student: BORIS, day: null }, NOW), null);
});

Deno.test("another week than the one that is wanted is not shown for it", () => {
  const of = (/** @type {string} */ day) => chosen([week(ANNA)], { student: ANNA, day }, NOW);
  equal(of("2026-11-30")?.student, ANNA);
  equal(of("2026-12-06")?.student, ANNA);
  equal(of("2026-12-07"), null);
  equal(of("2026-11-29"), null);
  equal(of("tomorrow"), null);
});

Deno.test("a kept page says of when it is, and what needs a connection is out of use", () => {
  const page =
    '<template data-kept>as it was at 12:40, $1</template><button data-online class="a">x</button> data-online ';
  equal(
    marked(page),
    '<div class="alert alert-warning" role="status" data-kept>as it was at 12:40, $1</div>' +
      '<button disabled class="a">x</button> data-online ',
  );
});

Deno.test("a kept page calls no day today, as it may be read on another", () => {
  const day = '<section class="day is-today"><h2>Tuesday<span data-now>, today</span></h2> is-today</section>';
  equal(
    marked(`<template data-kept></template>${day}`)?.split("</div>")[1],
    '<section class="day"><h2>Tuesday</h2> is-today</section>',
  );
});

Deno.test("a page that cannot say of when it is, is not kept", () => {
  equal(marked("<p>Diary</p>"), null);
  equal(marked("<template data-kept>a</template><template data-kept>b</template>"), null);
});

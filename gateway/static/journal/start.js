// The journal's table becomes a grid to type in, where the browser has what that needs: a secure connection (HTTPS, or
// this machine) with locks, keys and a store. Elsewhere the table stays as it is, with links to the forms; so it does
// where no student is in the course yet.
const students = document.querySelector("table[data-sheet] tbody tr");
if (students && isSecureContext && "locks" in navigator && "indexedDB" in globalThis) await import("./page.js");

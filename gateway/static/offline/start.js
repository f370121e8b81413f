// On the diary of a device that its person called their own: from now on its week is kept for when there is no connection.
// Browsers without workers that are modules, and addresses without https, go on without.
if (isSecureContext && "serviceWorker" in navigator) {
  try {
    await navigator.serviceWorker.register("/worker.js", { type: "module", updateViaCache: "none" });
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
  }
}

// Registers the service worker; the sign-in page tells it to forget the pages it kept.
export async function start() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/service-worker.js");
  } catch {
    return; // a browser may refuse it, in a private window for one: nothing else depends on it
  }
  if (location.pathname !== "/sign-in") return;
  const ready = await navigator.serviceWorker.ready;
  ready.active?.postMessage("forget");
}

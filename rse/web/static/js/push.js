// « Notify me on this device »: asks the browser, then sends what it answers by the form.
export async function start(root) {
  const box = root.querySelector("[data-push]");
  if (!box || !("PushManager" in window) || !("serviceWorker" in navigator)) return;
  const form = box.querySelector("form");
  box.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.endpoint.value) return;
    event.preventDefault();
    const found = await subscribe(box.dataset.push).catch(() => null);
    box.querySelector("[data-push-refused]").hidden = Boolean(found);
    if (!found) return;
    const { endpoint, keys } = found.toJSON();
    Object.entries({ endpoint, ...keys }).forEach(([name, value]) => {
      if (form.elements[name]) form.elements[name].value = value;
    });
    form.requestSubmit();
  });
}

async function subscribe(applicationServerKey) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  await old?.unsubscribe(); // another person's, or made with a key from before
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

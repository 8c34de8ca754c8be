// The installed app: static files at once, pages from the network, visited ones when it is away.
// The server writes VERSION and SHELL before this text; both change with the release and the brand.
// Pages are kept for one session alone, which the server names in a header of each page.
const STATIC = `static-${VERSION}`;
const PAGES = "pages-";
const MOST_PAGES = 30;
const SESSION = "Page-Session";
const NEVER_KEPT = /^\/(admin|settings|sign-|link|reset|setup|join|live|files|share|privacy)/;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(STATIC).then((cache) => cache.addAll(SHELL)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => event.waitUntil(settle()));

async function settle() {
  const old = (await caches.keys()).filter((name) => name.startsWith("static-") && name !== STATIC);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method !== "GET") {
    if (url.pathname === "/sign-out") event.waitUntil(forget());
  } else if (/^\/(static|brand)\//.test(url.pathname)) {
    event.respondWith(fromCache(request));
  } else if (request.mode === "navigate") {
    event.respondWith(page(event, url));
  }
});

async function fromCache(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && (answer.headers.get("Cache-Control") ?? "").includes("immutable")) {
    const cache = await caches.open(STATIC);
    await cache.put(request, answer.clone());
  }
  return answer;
}

async function page(event, url) {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(remember(url, answer, answer.clone()));
    return answer;
  } catch {
    return (await visited(url)) ?? (await caches.match("/offline")) ?? Response.error();
  }
}

async function remember(url, answer, copy) {
  const session = answer.headers.get(SESSION);
  if (answer.status === 401 || (answer.ok && !session)) return forget();
  if (!answer.ok || NEVER_KEPT.test(url.pathname)) return;
  await forget(PAGES + session);
  const cache = await caches.open(PAGES + session);
  const address = url.pathname + url.search;
  await cache.delete(address);
  await cache.put(address, copy);
  const all = await cache.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST_PAGES)).map((old) => cache.delete(old)));
}

async function visited(url) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const found = await (await caches.open(name)).match(url.pathname + url.search);
    if (found) return found;
  }
  return undefined;
}

async function forget(except = "") {
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES) && name !== except);
  await Promise.all(names.map((name) => caches.delete(name)));
}

addEventListener("push", (event) => {
  const { title, body, url, tag, unread } = event.data?.json() ?? {};
  if (!title) return;
  navigator.setAppBadge?.(unread).catch(() => {});
  event.waitUntil(registration.showNotification(title, { body, tag, icon: ICON, data: { url } }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data?.url ?? "/"));
});

async function show(address) {
  const url = new URL(address, location.origin);
  if (url.origin !== location.origin) return;
  const [page] = await clients.matchAll({ type: "window" });
  const moved = await page?.navigate(url.href).catch(() => null);
  await (moved ? moved.focus() : clients.openWindow(url.href));
}

// One WebSocket for each tab; after two refusals the same envelopes come as server-sent events.
// The server says only « this has changed »: the page then asks for its own piece again.
const LONGEST_WAIT = 30_000;
const SILENCE = 75_000;
const SIGNED_OUT = 4401;
const me = document.body.dataset.liveMe ?? "";

const fresh = new Map(); // pill -> ids of new posts
const waiting = new Map(); // element -> timer
let socket = null;
let stream = null;
let listening = new Set();
// What happened while the page was on its way is asked for, too.
let last = document.body.dataset.liveAfter ?? "";
let failures = 0;
let refusals = 0;
let heardAt = 0;
let coming = 0; // the timer of the next try

// The server speaks at least every 25 seconds: a line that is silent for longer is dead.
setInterval(() => {
  if (socket?.readyState === WebSocket.OPEN && Date.now() - heardAt > SILENCE) socket.close();
}, SILENCE / 3);

export function connect() {
  const wanted = topics();
  if (!wanted.size) return;
  const added = [...wanted].filter((topic) => !listening.has(topic));
  listening = wanted;
  if (socket?.readyState === WebSocket.OPEN && added.length) ask(added, "");
  else if (stream && added.length) openStream();
  else if (!socket && !stream) open();
}

function topics() {
  const found = new Set(me ? [me] : []);
  for (const element of document.querySelectorAll("[data-live]")) found.add(element.dataset.live);
  for (const line of document.querySelectorAll("[data-typing]")) found.add(line.dataset.typing);
  for (const pill of document.querySelectorAll("[data-live-pill]")) {
    for (const topic of topicsOf(pill)) found.add(topic);
  }
  return found;
}

// The home page follows the spaces that its navigation lists.
function topicsOf(pill) {
  if (pill.dataset.livePill !== "home") return [pill.dataset.livePill];
  const links = document.querySelectorAll("[data-part='nav.spaces'] a, [data-part='nav.partners'] a");
  return [...links].map((link) => `space:${link.pathname.split("/")[2]}`);
}

function open() {
  if (socket || stream) return;
  if (refusals >= 2) return openStream();
  let heard = false; // some proxies open a socket and let nothing through
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
  socket.onopen = () => {
    heardAt = Date.now();
    up();
    ask([...listening], last);
  };
  socket.onmessage = ({ data }) => {
    heard = true;
    heardAt = Date.now();
    failures = refusals = 0;
    take(JSON.parse(data));
  };
  socket.onclose = ({ code, reason }) => {
    socket = null;
    if (code === SIGNED_OUT) return;
    if (!heard) refusals += 1;
    retry(Number(reason));
  };
}

function openStream() {
  stream?.close();
  const query = new URLSearchParams({ topics: [...listening].join(","), after: last });
  stream = new EventSource(`/live/events?${query}`);
  stream.onopen = up;
  stream.onmessage = ({ data }) => {
    failures = 0;
    take(JSON.parse(data));
  };
  stream.onerror = () => {
    if (stream.readyState !== EventSource.CLOSED) return showOffline(true);
    stream = null;
    retry();
  };
}

function ask(names, after) {
  socket.send(JSON.stringify({ do: "subscribe", topics: names.slice(0, 100), after }));
}

function up() {
  showOffline(false);
  document.dispatchEvent(new Event("live:up"));
}

// With jitter, so that a restart does not bring everybody back in one moment; a server that ends
// says over how many seconds its pages are to spread.
function retry(seconds) {
  failures += 1;
  if (failures > 1) showOffline(true);
  const most = seconds > 0 ? seconds * 1000 : Math.min(LONGEST_WAIT, 2000 * 2 ** failures);
  clearTimeout(coming);
  coming = setTimeout(open, 500 + Math.random() * most);
}

// What this page tells: over its socket, or beside its stream.
export async function say(message) {
  if (socket?.readyState === WebSocket.OPEN) return socket.send(JSON.stringify(message));
  const csrf = document.querySelector("input[name=_csrf]")?.value;
  if (!stream || !csrf) return;
  const headers = { "X-CSRF-Token": csrf, "Content-Type": "application/json" };
  const answer = await fetch("/live/said", { method: "POST", body: JSON.stringify(message), headers }).catch(() => null);
  if (answer?.ok && !answer.redirected) take(await answer.json());
}

addEventListener("online", () => {
  if (!socket && !stream) retry(1);
  else showOffline(false);
});
addEventListener("offline", () => showOffline(true));

function showOffline(is) {
  const bar = document.querySelector("[data-offline]");
  if (bar) bar.hidden = !is;
}

function take({ id, topic, kind, data }) {
  if (id) last = id;
  if (kind === "post.new") announce(topic, data);
  if (kind === "post.changed") changed(data.post);
  if (kind === "notices") count(data.unread);
  if (kind === "resync") resync(topic);
  document.dispatchEvent(new CustomEvent("live", { detail: { topic, kind, data } }));
}

function announce(topic, { post, author }) {
  if (me === `person:${author}` || document.getElementById(`post-${post}`)) return;
  for (const pill of document.querySelectorAll("[data-live-pill]")) {
    if (!topicsOf(pill).includes(topic) || isQuiet(pill, [author, topic.slice(6)])) continue;
    const posts = fresh.get(pill) ?? new Set();
    fresh.set(pill, posts.add(post));
    const many = new Intl.NumberFormat(document.documentElement.lang).format(posts.size);
    tell(pill, posts.size === 1 ? pill.dataset.one : pill.dataset.many.replace("{n}", many));
  }
}

// What its reader muted is not told of.
function isQuiet(pill, ids) {
  const quiet = (pill.dataset.quiet ?? "").split(" ");
  return ids.some((id) => quiet.includes(id));
}

function tell(pill, text) {
  pill.hidden = false;
  pill.querySelector("span").textContent = text;
}

function changed(post) {
  for (const element of document.querySelectorAll(`[data-post="${CSS.escape(post)}"]`)) {
    if (!element.parentElement.closest(`[data-post="${CSS.escape(post)}"]`)) refreshSoon(element);
  }
}

// What was missed cannot be told one by one: ask for everything of the topic again.
function resync(topic) {
  if (topic === me) recount();
  for (const element of document.querySelectorAll("[data-live][data-refresh]")) {
    if (element.dataset.live === topic) refreshSoon(element);
  }
  for (const pill of document.querySelectorAll("[data-live-pill]")) {
    if (topicsOf(pill).includes(topic) && pill.hidden) tell(pill, pill.dataset.some);
  }
}

// Several changes in a row become one request, and open pages do not all ask at once.
function refreshSoon(element) {
  clearTimeout(waiting.get(element));
  waiting.set(element, setTimeout(() => refresh(element), 200 + Math.random() * 600));
}

async function refresh(element) {
  waiting.delete(element);
  if (!element.isConnected) return;
  const whole = element.dataset.refresh;
  const address = whole ?? `/posts/${element.dataset.post}/card`;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer) return;
  if (answer.status === 404 || answer.status === 403) {
    if (!whole) element.remove();
    return;
  }
  if (!answer.ok || answer.redirected) return;
  const swap = whole ? "innerMorph" : "outerMorph";
  await window.htmx.swap({ sourceElement: element, target: element, text: await answer.text(), swap });
}

async function recount() {
  const answer = await fetch("/notifications/count").catch(() => null);
  if (answer?.ok && !answer.redirected) count((await answer.json()).unread);
}

function count(unread) {
  // The icon of the installed app, where there is one.
  navigator.setAppBadge?.(unread).catch(() => {});
  for (const link of document.querySelectorAll("[data-count=notices]")) {
    const badge = link.querySelector(".badge") ?? link.appendChild(document.createElement("b"));
    badge.className = "badge";
    badge.setAttribute("aria-hidden", "true");
    badge.textContent = unread < 100 ? unread : "99+";
    badge.hidden = !unread;
    const name = link.title || link.querySelector("span").textContent;
    link.setAttribute("aria-label", unread ? `${name}, ${unread}` : name);
  }
}

// Comments written without a connection wait in this browser and are sent when it is back. Each
// keeps the key of its form, so that one which is sent twice is published once.
const EVERY = 20_000;
const me = document.body.dataset.liveMe;
let started = false;

export function start() {
  show();
  if (started || !me || !window.indexedDB) return;
  started = true;
  // Before every other listener, which would mark the form as being sent.
  addEventListener("submit", (event) => {
    if (navigator.onLine || !event.target.matches("[data-queue]")) return;
    if (!event.target.elements.body.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keep(event.target);
  }, true);
  document.addEventListener("htmx:error", ({ detail }) => {
    const form = detail.ctx.sourceElement;
    if (!detail.ctx.response && form.matches?.("[data-queue]")) keep(form);
  });
  addEventListener("online", send);
  setInterval(send, EVERY);
  send();
}

async function keep(form) {
  const { body, key, parent } = form.elements;
  const reply = { key: key.value, me, action: form.getAttribute("action"), parent: parent?.value ?? "", body: body.value, files: new FormData(form).getAll("uploads") };
  try {
    await store("readwrite", (replies) => replies.put(reply));
  } catch {
    return; // no room: the words stay in their field
  }
  if (body.value === reply.body) body.value = "";
  form.querySelector("[data-uploads]")?.replaceChildren();
  key.value = crypto.randomUUID();
  form.querySelector("[data-fault-notice]")?.remove();
  await show();
}

async function send() {
  if (!navigator.onLine) return;
  await navigator.locks.request("outbox", async () => {
    for (const reply of await mine()) if (!reply.refused && !(await sendOne(reply))) break;
  });
  await show();
}

// Whether it makes sense to go on with the next one.
async function sendOne(reply) {
  const csrf = document.querySelector("input[name=_csrf]")?.value ?? "";
  const { action, body, key, parent, files = [] } = reply;
  const sent = new URLSearchParams({ _csrf: csrf, body, key, ...(parent && { parent }) });
  for (const id of files) sent.append("uploads", id);
  const answer = await fetch(action, { method: "POST", body: sent, headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer || answer.status === 401 || answer.status === 429 || answer.status >= 500) return false;
  if (!answer.ok) {
    await store("readwrite", (replies) => replies.put({ ...reply, refused: true }));
    return true;
  }
  await forget(key);
  const thread = document.querySelector("#thread");
  if (thread && formOf(reply)) {
    await window.htmx.swap({ sourceElement: thread, target: thread, text: await answer.text(), swap: "innerMorph" });
  }
  return true;
}

async function show() {
  if (!document.querySelector("[data-queue]")) return;
  const replies = await mine().catch(() => []);
  for (const old of document.querySelectorAll("[data-waiting-reply]")) old.remove();
  for (const reply of replies) {
    const form = formOf(reply);
    if (!form) continue;
    form.before(card(form, reply));
    const box = form.closest("details");
    if (box) box.open = true;
  }
}

function card(form, reply) {
  const made = form.querySelector("template").content.firstElementChild.cloneNode(true);
  made.querySelector("[data-words]").textContent = reply.body;
  made.querySelector(reply.refused ? "[data-refused]" : "[data-waits]").hidden = false;
  made.querySelector("button").addEventListener("click", async () => {
    await forget(reply.key);
    const { body } = form.elements;
    body.value = [body.value.trim(), reply.body].filter(Boolean).join("\n\n");
    await show();
    body.focus();
  });
  return made;
}

function formOf({ action, parent }) {
  return [...document.querySelectorAll("form[data-queue]")].find(
    (form) => form.getAttribute("action") === action && (form.elements.parent?.value ?? "") === parent,
  );
}

async function mine() {
  const all = await store("readonly", (replies) => replies.getAll());
  return all.filter((reply) => reply.me === me);
}

function forget(key) {
  return store("readwrite", (replies) => replies.delete(key));
}

function store(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("outbox", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("replies", { keyPath: "key" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const change = database.transaction("replies", mode);
      const request = work(change.objectStore("replies"));
      change.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      change.onabort = () => reject(change.error);
    };
  });
}

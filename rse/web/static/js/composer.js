// Keeps what is being written: in this browser, and as a draft of the instance's, which other
// devices can go on with. Nothing is overwritten: a draft that changed elsewhere becomes two.
import { give, given } from "./uploads.js";

const EVERY = 5000;
const started = new WeakSet();

export function start(root) {
  for (const form of root.querySelectorAll("[data-draft]")) {
    if (started.has(form)) continue;
    started.add(form);
    begin(form);
  }
  for (const picker of root.querySelectorAll("select[data-audience]")) {
    picker.addEventListener("change", () => warn(picker));
    warn(picker);
  }
  if (location.hash) document.querySelector("details[data-composer] :target")?.focus();
}

// Where the words go is said before they are sent.
function warn(picker) {
  const place = picker.form.querySelector("[data-leaves]");
  const sentence = picker.selectedOptions[0]?.dataset.warning ?? "";
  place.hidden = !sentence;
  place.querySelector("span").textContent = sentence;
  const words = picker.form.querySelector("[data-audience-words]");
  words.textContent = picker.selectedOptions[0]?.textContent ?? "";
  words.hidden = false; // where the field is too narrow for it, says the style
}

function begin(form) {
  const area = form.querySelector("textarea");
  const name = `draft:${document.body.dataset.liveMe ?? ""}:${form.dataset.draft}`;
  const box = form.closest("details");
  restore(form, name);
  const kept = { here: said(form), there: said(form) };
  const save = () => keep(form, name, kept);
  const clock = setInterval(() => form.isConnected ? save() : clearInterval(clock), EVERY);
  addEventListener("pagehide", () => keepHere(form, name, kept));
  area.addEventListener("blur", () => save());
  form.addEventListener("files", () => save());
  form.addEventListener("submit", () => {
    keepHere(form, name, kept, true);
    sessionStorage.setItem(`sent:${name}`, "yes");
  });
  form.addEventListener("htmx:after:request", ({ detail }) => {
    if (!(detail.ctx.response?.status < 400)) return sessionStorage.removeItem(`sent:${name}`);
    localStorage.removeItem(name);
    queueMicrotask(() => { kept.here = kept.there = said(form); });
  });
  box?.addEventListener("toggle", ({ target }) => target === box && box.open && area.focus());
  area.addEventListener("focus", () => look(form, kept), { once: true });
}

// All that a draft holds, as one text to compare and to store.
function said(form) {
  const { title, body, space } = form.elements;
  return JSON.stringify({ title: title?.value ?? "", body: body.value, space: space?.value ?? "", files: given(form) });
}

function isEmpty(text) {
  const { title, body, files } = JSON.parse(text);
  return !title.trim() && !body.trim() && !files.length;
}

function keepHere(form, name, kept, isSubmit = false) {
  const now = said(form);
  if (now === kept.here || document.body.dataset.leaving || (form.dataset.sending && !isSubmit)) return;
  kept.here = now;
  const { key, version } = form.elements;
  const draft = { ...JSON.parse(now), key: key?.value ?? "", version: version?.value ?? "0" };
  if (isEmpty(now)) localStorage.removeItem(name);
  else localStorage.setItem(name, JSON.stringify(draft));
}

async function keep(form, name, kept) {
  keepHere(form, name, kept);
  const now = said(form);
  if (kept.busy || now === kept.there || form.dataset.sending || !form.elements.key) return;
  kept.busy = true; // one after the other: each carries the version the last one made
  tell(form, await keepThere(form, now, kept).finally(() => { kept.busy = false; }));
}

// What became of it: "saved", "here", "forked" or "ended".
async function keepThere(form, now, kept) {
  const { _csrf, key, place, version } = form.elements;
  const { title, body, space, files } = JSON.parse(now);
  const sent = new URLSearchParams({ _csrf: _csrf.value, key: key.value, place: place.value, version: version.value, title, body, space });
  for (const { id } of files) sent.append("uploads", id);
  const answer = await fetch("/drafts", { method: "POST", body: sent, headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    kept.there = now;
    version.value = (await answer.json()).version;
    return "saved";
  }
  if (answer?.status === 401) return "ended";
  if (answer?.status !== 409) return "here";
  key.value = crypto.randomUUID();
  version.value = "0";
  await keepThere(form, now, kept);
  return "forked";
}

function tell(form, state) {
  const status = form.querySelector("[data-draft-status]");
  if (status && status.textContent !== status.dataset[state]) status.textContent = status.dataset[state] ?? "";
}

// A page that came after sending means the words arrived, unless it is an error page; going back
// or reloading after a lost connection does not.
function restore(form, name) {
  const [visit] = performance.getEntriesByType("navigation");
  const arrived = sessionStorage.getItem(`sent:${name}`) && visit?.type === "navigate";
  sessionStorage.removeItem(`sent:${name}`);
  if (arrived && isEmpty(said(form))) localStorage.removeItem(name);
  const draft = read(localStorage.getItem(name));
  if (draft && isEmpty(said(form))) fill(form, draft);
}

function read(text) {
  try {
    return text && JSON.parse(text);
  } catch {
    return null;
  }
}

function fill(form, { key, version, title, body, space, files = [] }) {
  const { elements } = form;
  elements.body.value = body;
  if (elements.title) elements.title.value = title;
  if (elements.key && key) elements.key.value = key;
  if (elements.version) elements.version.value = version;
  const picker = form.querySelector("select[data-audience]");
  if (picker && [...picker.options].some(({ value }) => value === space)) {
    picker.value = space;
    warn(picker);
  }
  if (files.length) give(form, files);
  const box = form.closest("details[data-composer]");
  if (box) box.open = true;
}

// What was begun on another device is offered, never put in by itself.
async function look(form, kept) {
  const offer = form.querySelector("[data-draft-offer]");
  if (!offer || !isEmpty(said(form))) return;
  const answer = await fetch(`/drafts/at?place=${form.elements.place.value}`).catch(() => null);
  if (answer?.status !== 200 || !isEmpty(said(form))) return;
  const draft = await answer.json();
  const words = (draft.title || draft.body).slice(0, 80);
  offer.querySelector("span").textContent = `${offer.dataset.elsewhere} ${words}`;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    offer.hidden = true;
    fill(form, draft);
    kept.here = kept.there = said(form);
    form.elements.body.focus();
  }, { once: true });
}

// Keeps drafts every five seconds in this browser, until the instance has taken them.
const EVERY = 5000;
const started = new WeakSet();

export function start(root) {
  for (const form of root.querySelectorAll("[data-draft]")) {
    if (started.has(form)) continue;
    started.add(form);
    begin(form);
  }
  if (location.hash) document.querySelector("details[data-composer] :target")?.focus();
}

function begin(form) {
  const area = form.querySelector("textarea");
  const name = `draft:${document.body.dataset.liveMe ?? ""}:${form.dataset.draft}`;
  restore(form, area, name);
  let saved = area.value;
  const save = () => {
    if (area.value === saved || form.dataset.sending) return;
    saved = area.value;
    if (saved.trim()) localStorage.setItem(name, saved);
    else localStorage.removeItem(name);
    const status = form.querySelector("[data-draft-status]");
    if (status) status.textContent = status.dataset.saved ?? "";
  };
  setInterval(save, EVERY);
  addEventListener("pagehide", save);
  form.addEventListener("submit", () => {
    localStorage.setItem(name, area.value);
    sessionStorage.setItem(`sent:${name}`, "yes");
  });
  form.addEventListener("htmx:after:request", ({ detail }) => {
    if (detail.ctx.response?.status >= 400) return;
    localStorage.removeItem(name);
    saved = "";
  });
  form.closest("details")?.addEventListener("toggle", ({ target }) => target.open && area.focus());
}

// A page that came after sending means the words arrived, unless it is an error page; going back
// or reloading after a lost connection does not.
function restore(form, area, name) {
  const [visit] = performance.getEntriesByType("navigation");
  const arrived = sessionStorage.getItem(`sent:${name}`) && visit?.type === "navigate";
  sessionStorage.removeItem(`sent:${name}`);
  if (arrived && !area.value) localStorage.removeItem(name);
  const draft = localStorage.getItem(name);
  if (!draft || area.value.trim()) return;
  area.value = draft;
  const box = form.closest("details");
  if (box && box.matches("[data-composer]")) box.open = true;
}

// What every form may rely on: sent once, by Ctrl+Enter too; an error is shown and focused.
const FAULT = "data-fault-notice";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sending = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
}, true);

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) settle(form);
});

document.addEventListener("htmx:finally:request", ({ detail }) => {
  const form = detail.ctx.sourceElement.closest?.("form");
  if (form) settle(form);
});

function settle(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// What was sent well is no longer « typed text » that a swap must keep.
document.addEventListener("htmx:after:request", ({ detail }) => {
  const { sourceElement: source, response } = detail.ctx;
  if (!response || response.status >= 400 || !source.matches("form")) return;
  source.querySelector(`[${FAULT}]`)?.remove();
  source.reset();
});

document.addEventListener("htmx:response:error", ({ detail }) => {
  const { sourceElement: source, response, text } = detail.ctx;
  if (response.status === 401) return location.reload();
  tell(source, words(text));
});

document.addEventListener("htmx:error", ({ detail }) => {
  const offline = document.querySelector("[data-offline]");
  if (offline) tell(detail.ctx.sourceElement, offline.textContent.trim());
});

function words(text) {
  const page = new DOMParser().parseFromString(text ?? "", "text/html");
  return (page.querySelector("[role=alert]") ?? page.body).textContent.trim().slice(0, 400);
}

function tell(source, sentence) {
  const place = source.closest("form, article, section, main") ?? document.querySelector("main");
  place.querySelector(`[${FAULT}]`)?.remove();
  const notice = document.createElement("p");
  notice.className = "notice notice-danger";
  notice.setAttribute("role", "alert");
  notice.setAttribute(FAULT, "");
  notice.textContent = sentence;
  place.prepend(notice);
}

// Whoever signs out leaves no words behind in this browser; the instance has their drafts.
document.addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action") !== "/sign-out") return;
  document.body.dataset.leaving = "yes";
  for (const name of Object.keys(localStorage)) if (name.startsWith("draft:")) localStorage.removeItem(name);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
    event.preventDefault();
    event.target.form?.requestSubmit();
  }
  if (event.key === "Escape") closePopups(null);
});

document.addEventListener("click", (event) => {
  closePopups(event.target);
  const unfold = event.target.closest("[data-unfold]");
  if (unfold && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const body = unfold.previousElementSibling;
    body.classList.remove("folded");
    unfold.remove();
    body.setAttribute("tabindex", "-1");
    body.focus({ preventScroll: true });
  }
});

function closePopups(inside) {
  for (const popup of document.querySelectorAll("details[data-popup][open]")) {
    if (inside && popup.contains(inside)) continue;
    const held = popup.contains(document.activeElement);
    popup.open = false;
    if (held) popup.querySelector("summary").focus();
  }
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-attach]")) return;
  const names = [...target.files].map((file) => file.name);
  target.closest("form").querySelector("[data-attached]").textContent = names.join(", ");
});

// « Load more » leaves: the reader goes on from the first post it brought.
let lastBefore = null;
document.addEventListener("htmx:before:swap", ({ detail }) => {
  const more = detail.ctx.sourceElement.closest?.("[data-more]");
  lastBefore = more?.previousElementSibling ?? null;
});
document.addEventListener("htmx:after:swap", () => {
  const next = lastBefore?.nextElementSibling;
  lastBefore = null;
  next?.focus({ preventScroll: true });
});

document.querySelector("[aria-invalid=true]")?.focus();

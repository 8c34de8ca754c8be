// Files go ahead of their form, piece by piece (tus 1.0.0): a connection that breaks costs one
// piece, and the rest goes on when it is back. Without this script they go with the form.
const PIECE = 256 * 1024;
const LONGEST_WAIT = 10_000;
const HEADERS = { "Tus-Resumable": "1.0.0", Accept: "application/json" };
const started = new WeakSet();
const underWay = new WeakMap();
const waiting = new WeakMap();

export function start(root) {
  for (const form of root.querySelectorAll("form[data-files]")) {
    if (started.has(form)) continue;
    started.add(form);
    begin(form);
  }
}

function begin(form) {
  const picker = form.querySelector("[data-attach]");
  const take = (files) => { for (const file of files) add(form, file); };
  picker.addEventListener("change", () => {
    take([...picker.files]);
    picker.value = "";
  });
  form.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    // Office programs paste a picture beside the words: the words are meant.
    if (!files.length || types.includes("text/plain")) return;
    event.preventDefault();
    take([...files]);
  });
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.dataset.drop = "";
  });
  form.addEventListener("dragleave", () => delete form.dataset.drop);
  form.addEventListener("drop", (event) => {
    delete form.dataset.drop;
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  form.addEventListener("htmx:after:request", ({ detail }) => {
    if (detail.ctx.response?.status < 400) list(form).replaceChildren();
  });
}

// Before every other listener: a form whose files are on their way is sent when they are there.
addEventListener("submit", (event) => {
  if (!underWay.get(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting.set(event.target, event.submitter);
  event.submitter?.setAttribute("aria-busy", "true");
}, true);

// Shows files that are here already: those of a draft. files: [{id, name}, …]
export function give(form, files) {
  for (const { id, name } of files) {
    const row = rowOf(form, name);
    settle(form, row, id);
    row.querySelector("[data-drop]").addEventListener("click", () => take(form, row, addressOf(id)));
  }
}

// The files of a form that have arrived.
export function given(form) {
  return [...form.querySelectorAll("input[name=uploads]")].filter((field) => field.type === "hidden" || field.checked)
    .map((field) => ({ id: field.value, name: field.closest(".upload")?.querySelector(".cut").textContent.trim() ?? "" }));
}

async function add(form, file) {
  const row = rowOf(form, file.name);
  const stop = new AbortController();
  let address = "";
  row.querySelector("[data-drop]").addEventListener("click", () => {
    stop.abort();
    take(form, row, address);
  });
  say(row, "sending");
  count(form, 1);
  try {
    address = await announce(form, file, stop.signal);
    await send(form, file, address, row, stop.signal);
    settle(form, row, address.split("/").pop());
  } catch (error) {
    if (error.name !== "AbortError") refuse(row, error.message);
    waiting.delete(form);
  } finally {
    count(form, -1);
  }
}

function count(form, by) {
  const left = (underWay.get(form) ?? 0) + by;
  underWay.set(form, left);
  if (left) return;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  if (waiting.has(form)) {
    const button = waiting.get(form);
    waiting.delete(form);
    form.requestSubmit(button);
  }
}

async function announce(form, file, signal) {
  const name = btoa(String.fromCodePoint(...new TextEncoder().encode(file.name.slice(-200))));
  const headers = { "Upload-Length": String(file.size), "Upload-Metadata": `filename ${name}` };
  const answer = await ask(form, "POST", "/files/uploads", headers, undefined, signal);
  if (!answer) {
    await rest(1000, signal);
    return announce(form, file, signal);
  }
  return answer.headers.get("Location");
}

async function send(form, file, address, row, signal) {
  const bar = row.querySelector("progress");
  bar.max = file.size;
  let [at, wait] = [0, 500];
  while (at < file.size) {
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(at) };
    let answer = await ask(form, "PATCH", address, headers, file.slice(at, at + PIECE), signal);
    if (answer) {
      wait = 500;
    } else {
      say(row, "cut");
      await rest(wait, signal);
      wait = Math.min(wait * 2, LONGEST_WAIT);
      answer = await ask(form, "HEAD", address, {}, undefined, signal);
    }
    if (!answer) continue;
    say(row, "sending");
    at = Number(answer.headers.get("Upload-Offset"));
    bar.value = at;
  }
}

// The answer; null when it is worth another try; an error with a sentence when it is not.
async function ask(form, method, address, headers, body, signal) {
  const sent = { ...HEADERS, ...headers, "X-CSRF-Token": form.elements._csrf.value };
  const answer = await fetch(address, { method, headers: sent, body, signal }).catch((error) => {
    if (error.name === "AbortError") throw error;
    return null;
  });
  if (answer?.ok) return answer;
  if (!answer || answer.status >= 500 || answer.status === 409 || answer.status === 429) return null;
  const problem = await answer.json().catch(() => ({}));
  throw new Error(problem.title ?? answer.statusText);
}

function rest(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const go = () => { removeEventListener("online", go); resolve(); };
    addEventListener("online", go);
    setTimeout(go, milliseconds);
    signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
  });
}

function list(form) {
  return form.querySelector("[data-uploads]");
}

function rowOf(form, name) {
  const row = document.querySelector("template[data-upload-row]").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-name]").textContent = name;
  list(form).append(row);
  list(form).hidden = false;
  return row;
}

function say(row, state) {
  const place = row.querySelector("[data-state]");
  if (place.textContent !== place.dataset[state]) place.textContent = place.dataset[state];
  row.dataset.is = state;
}

function settle(form, row, id) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "uploads", value: id });
  row.append(field);
  row.querySelector("progress").remove();
  say(row, "done");
  form.dispatchEvent(new CustomEvent("files"));
}

function refuse(row, sentence) {
  row.dataset.is = "refused";
  row.querySelector("progress")?.remove();
  const place = row.querySelector("[data-state]");
  place.setAttribute("role", "alert");
  place.textContent = sentence;
}

function addressOf(id) {
  return `/files/uploads/${id}`;
}

function take(form, row, address) {
  const next = row.nextElementSibling?.querySelector("button") ?? form.querySelector("textarea");
  row.remove();
  list(form).hidden = !list(form).children.length;
  next.focus();
  form.dispatchEvent(new CustomEvent("files"));
  if (address) ask(form, "DELETE", address, {}, undefined, undefined).catch(() => null);
}

// Light Markdown by button and key, and a look at what it will be. What is typed stays plain text.
const MARKS = { bold: "**", italic: "*", code: "`" };
const LINES = { list: "- ", quote: "> " };
const KEYS = { b: "bold", i: "italic", k: "link" };
const started = new WeakSet();

export function start(root) {
  for (const area of root.querySelectorAll("textarea[data-format]")) {
    if (started.has(area)) continue;
    started.add(area);
    begin(area);
  }
}

function begin(area) {
  area.addEventListener("keydown", (event) => {
    const mark = KEYS[event.key.toLowerCase()];
    if (!mark || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    apply(area, mark);
  });
  const tools = area.parentElement.querySelector("[data-tools]");
  if (!tools) return;
  tools.hidden = false;
  tools.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-mark]");
    if (!button) return;
    area.focus();
    apply(area, button.dataset.mark);
  });
  area.form.querySelector("[data-preview]")?.addEventListener("click", (event) => {
    event.preventDefault();
    look(area, event.currentTarget);
  });
}

function apply(area, mark) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end);
  if (mark in LINES) return lines(area, LINES[mark]);
  if (mark === "link") return link(area, chosen, start);
  const sign = MARKS[mark];
  const outside = value.slice(start - sign.length, start) === sign && value.slice(end, end + sign.length) === sign;
  // « ** » around it is not « * » around it.
  const other = sign === "*" && value.slice(start - 2, start) === "**" && value.slice(start - 3, start) !== "***";
  if (outside && !other) {
    area.setSelectionRange(start - sign.length, end + sign.length);
    write(area, chosen);
    area.setSelectionRange(start - sign.length, end - sign.length);
    return;
  }
  write(area, sign + chosen + sign);
  area.setSelectionRange(start + sign.length, end + sign.length);
}

function link(area, chosen, start) {
  const isAddress = /^https?:\/\/\S+$/.test(chosen);
  write(area, isAddress ? `[](${chosen})` : `[${chosen}](https://)`);
  const at = isAddress ? start + 1 : start + chosen.length + 3;
  area.setSelectionRange(at, isAddress ? at : at + "https://".length);
}

function lines(area, sign) {
  const { value } = area;
  const from = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const after = value.indexOf("\n", area.selectionEnd);
  const to = after < 0 ? value.length : after;
  const old = value.slice(from, to).split("\n");
  const all = old.every((line) => line.startsWith(sign));
  const made = old.map((line) => (all ? line.slice(sign.length) : sign + line)).join("\n");
  area.setSelectionRange(from, to);
  write(area, made);
  area.setSelectionRange(from + made.length, from + made.length);
}

// By the browser's own editing, so that Ctrl+Z takes it back.
function write(area, text) {
  area.focus();
  if (text ? document.execCommand("insertText", false, text) : document.execCommand("delete")) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function look(area, button) {
  const box = area.form.querySelector("[data-preview-box]");
  const on = button.getAttribute("aria-pressed") !== "true";
  if (on) {
    const { _csrf, space } = area.form.elements;
    const sent = new URLSearchParams({ _csrf: _csrf.value, body: area.value, space: space.value });
    const answer = await fetch("/posts/preview", { method: "POST", body: sent, headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return;
    box.innerHTML = await answer.text();
  }
  button.setAttribute("aria-pressed", String(on));
  box.hidden = !on;
  area.hidden = on;
  area.parentElement.querySelector("[data-tools]").hidden = on;
  if (!on) area.focus();
}

// Suggests people after an @; arrows choose, Enter or Tab takes, Escape leaves it as typed.
const SEARCH = /(?:^|[\s(])@([\p{L}\p{N}._-]{1,30})$/u;
const started = new WeakSet();
let box = null;
let area = null;
let found = [];
let chosen = 0;
let asked = 0;

export function start(root) {
  for (const one of root.querySelectorAll("textarea[data-mentions]")) {
    if (started.has(one)) continue;
    started.add(one);
    one.addEventListener("input", () => look(one));
    one.addEventListener("keydown", press);
    one.addEventListener("blur", () => setTimeout(close, 150));
    one.setAttribute("aria-autocomplete", "list");
  }
}

async function look(one) {
  area = one;
  const match = SEARCH.exec(one.value.slice(0, one.selectionStart));
  const number = ++asked;
  if (!match) return close();
  const query = new URLSearchParams({ q: match[1] });
  const space = one.form?.elements.space?.value;
  if (space) query.set("space", space);
  const answer = await fetch(`/mentions?${query}`).catch(() => null);
  if (!answer?.ok || number !== asked) return;
  show((await answer.json()).items);
}

function show(people) {
  close();
  found = people;
  chosen = 0;
  if (!people.length) return;
  box = document.createElement("div");
  box.className = "suggest";
  box.id = "suggest";
  box.setAttribute("role", "listbox");
  people.forEach((person, at) => box.append(option(person, at)));
  area.after(box);
  area.setAttribute("aria-controls", box.id);
  mark();
}

function option(person, at) {
  const row = document.createElement("div");
  row.id = `suggest-${at}`;
  row.setAttribute("role", "option");
  const name = document.createElement("b");
  name.textContent = person.name;
  const more = document.createElement("span");
  more.className = "sm dim cut";
  more.textContent = person.more;
  row.append(name, more);
  row.addEventListener("mousedown", (event) => {
    event.preventDefault();
    take(at);
  });
  return row;
}

function mark() {
  [...box.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
  area.setAttribute("aria-activedescendant", `suggest-${chosen}`);
  box.children[chosen].scrollIntoView({ block: "nearest" });
}

function press(event) {
  if (!box) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    chosen = (chosen + step + found.length) % found.length;
    mark();
  } else if (event.key === "Enter" || event.key === "Tab") {
    take(chosen);
  } else if (event.key === "Escape") {
    close();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function take(at) {
  const caret = area.selectionStart;
  const before = area.value.slice(0, caret).replace(/@[^@]*$/, `@${found[at].handle} `);
  area.value = before + area.value.slice(caret);
  area.selectionStart = area.selectionEnd = before.length;
  close();
  area.focus();
}

function close() {
  box?.remove();
  box = null;
  area?.removeAttribute("aria-activedescendant");
  area?.removeAttribute("aria-controls");
}

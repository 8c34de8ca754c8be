// Single keys for those who want them; the sheet behind « ? » lists them and turns them off.
const PLACES = { h: "/", s: "/spaces", p: "/people", n: "/notifications" };
const STORED = "keys";
let started = false;
let going = false;

export function start() {
  if (started) return;
  started = true;
  const sheet = document.querySelector("[data-keys]");
  const choice = sheet.querySelector("input[type=checkbox]");
  choice.checked = on();
  choice.addEventListener("change", () => localStorage.setItem(STORED, choice.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => press(event, sheet));
}

function on() {
  return localStorage.getItem(STORED) !== "off";
}

function press(event, sheet) {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key === "k") {
    search(event);
    return;
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable], [popover]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !on()) return;
  const { key } = event;
  if (going && PLACES[key]) location.assign(PLACES[key]);
  going = key === "g";
  if (key === "/") search(event);
  else if (key === "?") sheet.showPopover();
  else if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "r") reply();
  else return;
  event.preventDefault();
}

function search(event) {
  const box = document.querySelector("[data-key='/']");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

function step(by) {
  const items = [...document.querySelectorAll("[data-item]")];
  const at = items.findIndex((item) => item.contains(document.activeElement));
  const next = items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function reply() {
  const post = document.activeElement.closest("[data-part=post]");
  const link = post?.querySelector("[data-part='post.footer'] a[href*='#comments']");
  const area = document.querySelector("#comments > .reply-form textarea");
  if (area) area.focus();
  else if (link) link.click();
}

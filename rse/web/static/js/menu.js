// Arrow keys in menus, and a place beside their button where the browser has no anchors.
const started = new WeakSet();
const anchors = CSS.supports("position-area", "block-end");

export function start(root) {
  for (const menu of root.querySelectorAll("[data-menu]")) {
    if (started.has(menu)) continue;
    started.add(menu);
    const popover = menu.querySelector("[popover]");
    const opened = () => {
      if (!anchors) place(popover, menu.querySelector("[popovertarget]"));
      items(popover)[0]?.focus();
    };
    popover.addEventListener("toggle", ({ newState }) => newState === "open" && opened());
    if (popover.matches(":popover-open")) opened(); // it was opened before this came
    popover.addEventListener("keydown", (event) => move(event, items(popover)));
  }
}

function items(popover) {
  return [...popover.querySelectorAll(".item")];
}

function move(event, list) {
  const at = list.indexOf(document.activeElement);
  const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  list.at(step % list.length)?.focus();
}

function place(popover, button) {
  if (matchMedia("(max-width: 48rem)").matches) return;
  const box = button.getBoundingClientRect();
  const room = innerHeight - box.bottom > popover.offsetHeight + 8;
  popover.style.inset = "auto";
  popover.style.margin = "0";
  popover.style.left = `${Math.max(8, box.right - popover.offsetWidth)}px`;
  popover.style.top = `${room ? box.bottom + 6 : Math.max(8, box.top - popover.offsetHeight - 6)}px`;
}

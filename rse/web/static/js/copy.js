// Copies the address of a permanent link; without this script the link leads there.
const started = new WeakSet();

export function start(root) {
  for (const link of root.querySelectorAll("a[data-copy]")) {
    if (started.has(link)) continue;
    started.add(link);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
      event.preventDefault();
      copy(link);
    });
  }
}

async function copy(link) {
  const label = link.querySelector("span") ?? link;
  const before = label.textContent;
  const done = link.dataset.copy;
  try {
    await navigator.clipboard.writeText(link.href);
  } catch {
    location.href = link.href;
    return;
  }
  label.textContent = done;
  link.setAttribute("aria-live", "polite");
  setTimeout(() => (label.textContent = before), 3000);
}

// The newest post counts as seen when it was on the screen for a second, never on mere load.
const LONG_ENOUGH = 1000;
let started = false;

export function start() {
  const feed = document.querySelector("[data-feed][data-newest]");
  const first = feed.querySelector("[data-item]");
  if (started || !first || !feed.dataset.newest) return;
  started = true;
  let timer = 0;
  const watch = new IntersectionObserver(([{ isIntersecting }]) => {
    clearTimeout(timer);
    if (isIntersecting && !document.hidden) timer = setTimeout(tell, LONG_ENOUGH);
  }, { threshold: 0.5 });
  const tell = () => {
    watch.disconnect();
    const body = new URLSearchParams({ newest: feed.dataset.newest, _csrf: token() });
    fetch("/feed/seen", { method: "POST", body, headers: { "HX-Request": "true" }, keepalive: true }).catch(() => {});
  };
  watch.observe(first);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else if (first.isConnected) {
      watch.unobserve(first);
      watch.observe(first);
    }
  });
}

function token() {
  return document.querySelector("input[name=_csrf]")?.value ?? "";
}

// Keeps « 3 min ago » true while the page stays open; the server wrote the first text.
const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const LONGEST = 6 * 86400;
const language = document.documentElement.lang || "en";
const words = new Intl.RelativeTimeFormat(language, { style: "short" });

export function keepTimes() {
  setInterval(() => {
    for (const element of document.querySelectorAll("time[data-relative]")) refresh(element);
  }, 30_000);
}

function refresh(element) {
  const seconds = (Date.parse(element.dateTime) - Date.now()) / 1000;
  // Within its first minute a moment reads « just now », as the server wrote it.
  if (Math.abs(seconds) > LONGEST || seconds > -60) return;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS.at(-1);
  const text = words.format(Math.round(seconds / size), unit);
  if (element.textContent !== text) element.textContent = text;
}

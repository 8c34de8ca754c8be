// Who is here, and who is writing: told only while the page is in front of somebody, and only if
// the server wants to know.
import { say } from "./live.js";

const BEAT = 60_000;
const WRITE = 3000;
const FORGET = 6500;
const me = (document.body.dataset.liveMe ?? "").slice(7);
const off = new Set();
const writing = new Map(); // topic -> Map of person -> { name, timer }
let beatAt = 0;
let wroteAt = 0;
let present = new Set();
let words = "";
let started = false;

export function start() {
  if (started) return show();
  started = true;
  document.addEventListener("live:up", () => beat(0));
  document.addEventListener("visibilitychange", () => beat(BEAT / 4));
  document.addEventListener("input", ({ target }) => write(target));
  document.addEventListener("live", ({ detail }) => hear(detail));
  setInterval(() => beat(BEAT / 2), BEAT);
  beat(0);
}

function beat(atLeast) {
  if (document.hidden || off.has("here") || Date.now() - beatAt < atLeast) return;
  beatAt = Date.now();
  const people = new Set([...document.querySelectorAll("[data-person]")].map(({ dataset }) => dataset.person));
  say({ do: "here", people: [...people].slice(0, 100) });
}

function write(area) {
  const line = document.querySelector("[data-typing]");
  if (!line || off.has("typing") || !area.matches("#comments .pen") || !area.value.trim()) return;
  if (Date.now() - wroteAt < WRITE) return;
  wroteAt = Date.now();
  say({ do: "typing", topic: line.dataset.typing });
}

function hear({ topic, kind, data }) {
  if (kind === "off") off.add(data.do);
  if (kind === "present") {
    present = new Set(data.people);
    words = data.words;
    show();
  }
  if (kind === "typing" && data.person !== me) writes(topic, data);
  if (kind === "refused") forget(topic);
  if (kind === "post.changed" && data.by) forget(`thread:${data.post}`, data.by);
}

function show() {
  for (const face of document.querySelectorAll("[data-person]")) {
    const is = present.has(face.dataset.person);
    const dot = face.querySelector(".here");
    if (is && !dot) face.append(made());
    if (!is) dot?.remove();
  }
}

function made() {
  const dot = document.createElement("i");
  dot.className = "here";
  dot.title = words;
  const said = document.createElement("span");
  said.className = "vh";
  said.textContent = words;
  dot.append(said);
  return dot;
}

function writes(topic, { person, name }) {
  const names = writing.get(topic) ?? new Map();
  writing.set(topic, names);
  clearTimeout(names.get(person)?.timer);
  names.set(person, { name, timer: setTimeout(forget, FORGET, topic, person) });
  tell(topic);
}

function forget(topic, person) {
  const names = writing.get(topic);
  if (!names) return;
  if (person) names.delete(person);
  else names.clear();
  tell(topic);
}

function tell(topic) {
  const names = [...writing.get(topic).values()].map(({ name }) => name);
  for (const line of document.querySelectorAll(`[data-typing="${CSS.escape(topic)}"]`)) {
    const sentence = [line.dataset.one, line.dataset.two][names.length - 1] ?? line.dataset.many;
    const text = names.length ? sentence.replace("{a}", names[0]).replace("{b}", names[1]) : "";
    if (line.textContent !== text) line.textContent = text;
  }
}

// Starts what each page needs and brings the rest when its element appears.
import "./morph-guard.js";
import "./forms.js";
import { keepTimes } from "./time.js";
import { connect } from "./live.js";

const LATER = [
  ["[data-draft], [data-audience]", "./composer.js"],
  ["[data-copy]", "./copy.js"],
  ["[data-files]", "./uploads.js"],
  ["[data-format]", "./format.js"],
  ["[data-mentions]", "./mentions.js"],
  ["[data-menu]", "./menu.js"],
  ["[data-keys]", "./keys.js"],
  ["[data-live-me]", "./outbox.js"],
  ["[data-live-me]", "./here.js"],
  ["[data-push]", "./push.js"],
  ["select[name=scheme]", "./scheme.js"],
  ["[data-feed][data-newest]", "./seen.js"],
  ["[data-crop]", "./crop.js"],
];

function bring(root) {
  for (const [selector, module] of LATER) {
    if (root.querySelector(selector)) import(module).then(({ start }) => start(root));
  }
}

// After an error page the words that were sent count as not arrived: their draft is kept.
if (document.querySelector("[data-fault]")) {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith("sent:")) sessionStorage.removeItem(name);
  }
}

for (const open of document.querySelectorAll(".tabs [aria-current], .app-admin .nav [aria-current]")) {
  open.scrollIntoView({ inline: "center", block: "nearest" });
}

bring(document);
keepTimes();
connect();
addEventListener("load", () => import("./install.js").then(({ start }) => start()));
document.addEventListener("htmx:after:settle", () => {
  bring(document);
  connect();
});

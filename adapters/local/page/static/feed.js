// The live feed: says when something changed, when the server is lost and when it is back, and reads out what arrived.

import { $, $$, fill } from "./select.js";

const AGAIN = 700; // milliseconds until the next try
const lost = $("#lost");
const arrived = $("#arrived");
const changed = () => document.body.dispatchEvent(new CustomEvent("changed"));
let tries = 0;

function connect() {
  const source = new EventSource("/live");
  source.addEventListener("open", back);
  source.addEventListener("changed", changed);
  // A browser tries again by itself after some failures and never after others: so the trying is ours.
  source.addEventListener("error", () => {
    source.close();
    tries += 1;
    if (tries > 1) gone();
    setTimeout(connect, AGAIN);
  });
}

function gone() {
  if (!lost.hidden) return;
  lost.textContent = lost.dataset.words;
  lost.hidden = false;
}

function back() {
  tries = 0;
  if (lost.hidden) return;
  lost.hidden = true;
  arrived.textContent = lost.dataset.back;
}

document.addEventListener("htmx:error", (event) => { if (event.detail.ctx) gone(); });
document.addEventListener("htmx:after:request", (event) => { if (event.detail.ctx.response) back(); });
addEventListener("pagehide", () => { tries = -1e9; }); // a page that is left has lost nothing
connect();

// ── what arrived, for a screen reader ────────────────────────────────────────

const MOST = 3; // messages that are read out at once
const messages = () => $$("#talk .message, #thread .message");
const rooms = () => new Map($$("#rooms-list [data-unread]").map((one) => [one.dataset.name, Number(one.dataset.unread)]));
let known = new Set(messages().map((one) => one.id));
let unread = rooms();

function readOut() {
  const fresh = messages().filter((one) => !known.has(one.id) && !one.dataset.mine);
  const words = fresh.slice(-MOST).map((one) => fill(arrived.dataset.message, one.dataset));
  const there = rooms();
  for (const [room, count] of there) {
    if (count > (unread.get(room) ?? 0)) words.push(fill(arrived.dataset.unread, { room }));
  }
  known = new Set(messages().map((one) => one.id));
  unread = there;
  if (words.length) arrived.textContent = words.join(" ");
}
document.addEventListener("htmx:after:swap", readOut);

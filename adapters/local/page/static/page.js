// What HTML and htmx do not do by themselves: panels, keys, and following a conversation. The rest is in the modules beside.

import { $, $$ } from "./select.js";
import { answer, detach } from "./composer.js";
import { dialog, startOver } from "./dialog.js";
import "./feed.js";
import { moveTour } from "./tour.js";

// ── clicks and keys on the page ──────────────────────────────────────────────

function panel(name) {
  const open = document.body.dataset.panel === name ? "" : name;
  document.body.dataset.panel = open;
  for (const button of $$("button[data-panel]")) {
    button.setAttribute("aria-expanded", String(button.dataset.panel === open));
  }
}

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  const answering = on("[data-answer]");
  if (on("button[data-panel]")) panel(on("button[data-panel]").dataset.panel);
  else if (on("[data-close]")) dialog.close();
  else if (on("[data-afresh]")) startOver();
  else if (on("[data-unnotice]")) $("#notice").replaceChildren();
  else if (answering) answer($(`#form-${answering.dataset.where}`), answering.dataset.answer, answering.dataset.author);
  else if (on("[data-detach]")) detach(on("li"));
  else if (on("[data-unanswer]")) answer(on("form"), "", "");
  else if (on("[data-tour]")) { moveTour(on("[data-tour]").dataset.tour); panel(""); }
  else if (on("a[href$='#backstage']") && location.href === on("a").href) showControls();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || dialog.open || $("#people:popover-open")) return;
  if (document.body.dataset.panel) panel("");
  else $("[data-escape]")?.click();
});

// What the clock brought is said on top of the page: on a phone the panel with the clock would be in the way.
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (document.body.dataset.panel === "backstage" && ctx.sourceElement.matches?.(".moves .main") && ctx.response?.status < 400) panel("");
});

// ── following a conversation ─────────────────────────────────────────────────

for (const scroller of $$("[data-follow]")) {
  const follow = () => { if (scroller.dataset.atEnd) scroller.scrollTop = scroller.scrollHeight; };
  scroller.addEventListener("scroll", () => {
    const near = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
    if (near) scroller.dataset.atEnd = "yes";
    else delete scroller.dataset.atEnd;
  });
  if (!location.hash.match(/^#[mt]\d/)) scroller.dataset.atEnd = "yes";
  new ResizeObserver(follow).observe(scroller.firstElementChild);
  follow();
}
if ($("#held")) {
  $("#held").closest(".message").scrollIntoView({ block: "nearest" });
  $("#held").scrollIntoView({ block: "nearest" });
}
if (location.hash.startsWith("#compose")) document.querySelector(location.hash)?.focus();

// The tour leads to the controls, which are behind a button where there is no room beside the conversation.
function showControls() {
  if (location.hash !== "#backstage") return;
  if (matchMedia("(max-width: 1080px)").matches && document.body.dataset.panel !== "backstage") panel("backstage");
  $("#backstage button").focus();
}
addEventListener("hashchange", showControls);
showControls();

// The composer: keys, suggestions, drafts, attached files.

import { $, $$, fill } from "./select.js";

// A draft belongs to a person and a conversation, whatever else the address says.
const draftKey = (box) => {
  const here = new URLSearchParams(location.search);
  return `draft:${["as", "channel", "thread", "home"].map((name) => here.get(name) ?? "").join(":")}:${box.id}`;
};
const ways = (box) => $(`#${box.getAttribute("aria-controls")}`);

function showWays(box) {
  const list = ways(box);
  const options = $$("[role=option]", list);
  const open = options.length > 0 && box.value.startsWith("/") && document.activeElement === box;
  list.hidden = !open;
  pick(box, open ? options[0] : null);
}

function hideWays(box) {
  ways(box).replaceChildren();
  showWays(box);
}

function pick(box, option) {
  for (const one of $$("[role=option]", ways(box))) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else box.removeAttribute("aria-activedescendant");
}

function take(box, option) {
  box.value = option.dataset.line;
  hideWays(box);
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function send(box) {
  hideWays(box);
  if (box.value.trim() || attached(box.form).length) box.form.requestSubmit();
}

function keyInBox(event) {
  const box = event.target;
  const options = ways(box).hidden ? [] : $$("[role=option]", ways(box));
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.isComposing) return;
  if (options.length && step) {
    pick(box, options[(at + step + options.length) % options.length]);
  } else if (options.length && event.key === "Tab" && !event.shiftKey) {
    take(box, options[at]);
  } else if (options.length && event.key === "Escape") {
    hideWays(box);
  } else if (event.key === "Enter" && !event.shiftKey) {
    // Enter takes a suggestion only while it would still change the line; a finished line is sent.
    const way = options[at];
    if (way && way.dataset.line.trim() !== box.value.trim() && !way.dataset.line.endsWith("-- ") && box.dataset.moved) take(box, way);
    else send(box);
  } else return;
  if (step) box.dataset.moved = "yes";
  event.preventDefault();
  event.stopPropagation();
}

export function answer(form, id, name) {
  form.elements.reply_to.value = id;
  const to = $(".chip .to", form);
  to.textContent = fill(to.dataset.template, { name });
  $(".chip", form).hidden = !id;
  if (id) form.elements.text.focus();
}

// Of an attached file only the name is sent: the pretend platform keeps no more.
const attached = (form) => $$("[name=file]", form).map((one) => one.value);

function size(bytes) {
  return bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function attach(form, files) {
  const list = $(".chosen", form);
  for (const one of files) {
    const item = document.createElement("li");
    const name = document.createElement("input");
    const away = document.createElement("button");
    Object.assign(name, { type: "hidden", name: "file", value: one.name });
    Object.assign(away, { type: "button", className: "plain", textContent: "✕" });
    away.dataset.detach = "";
    away.setAttribute("aria-label", fill(form.dataset.detachLabel, { name: one.name }));
    item.append(one.size === undefined ? one.name : `${one.name}, ${size(one.size)} `, name, away);
    list.append(item);
  }
  list.hidden = !list.childElementCount;
}

export function detach(item) {
  const form = item.closest("form");
  item.remove();
  attach(form, []);
  form.elements.text.focus();
}

for (const input of $$(".attach input")) {
  input.addEventListener("change", () => {
    attach(input.form, input.files);
    input.value = "";
    input.form.elements.text.focus();
  });
}

for (const box of $$(".composer textarea")) {
  box.value = sessionStorage.getItem(draftKey(box)) ?? "";
  box.addEventListener("keydown", keyInBox);
  box.addEventListener("input", () => {
    delete box.dataset.moved;
    sessionStorage.setItem(draftKey(box), box.value);
    if (!box.value.startsWith("/")) hideWays(box);
  });
  box.addEventListener("blur", () => setTimeout(() => showWays(box), 150));
  ways(box).addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) { event.preventDefault(); take(box, option); }
  });
}

document.addEventListener("htmx:after:swap", (event) => {
  const source = event.detail.ctx.sourceElement;
  if (source.matches?.(".composer textarea")) showWays(source);
});

// The text leaves the box when it is sent, and comes back when it could not be.
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (!ctx.sourceElement.matches?.("form.composer")) return;
  const form = ctx.sourceElement;
  ctx.sent = form.elements.text.value;
  ctx.sentFiles = attached(form);
  $(".chosen", form).replaceChildren();
  attach(form, []);
  form.elements.text.value = "";
  sessionStorage.removeItem(draftKey(form.elements.text));
  answer(form, "", "");
  for (const scroller of $$("[data-follow]", form.parentElement)) scroller.dataset.atEnd = "yes";
});
for (const failure of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(failure, (event) => {
    const { ctx } = event.detail;
    const box = ctx?.sentFiles && ctx.sourceElement.elements.text;
    if (box && !box.value) box.value = ctx.sent;
    if (box) attach(box.form, ctx.sentFiles.map((name) => ({ name })));
  });
}

// From the bot's own page a message leads to the direct message, where the answer is; a form opens over the page instead.
document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.sourceElement;
  if (form.matches?.("[data-then]") && ctx.response?.status < 400 && !$("#dialog").childElementCount) location.assign(form.dataset.then);
});

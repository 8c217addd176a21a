// The dialog: opens when something is put into it, closes when it is emptied, and keeps what was written on the way.

import { $, $$ } from "./select.js";

export const dialog = $("#dialog");
let before = null;
let first = "";

const form = () => $("form[data-draft]", dialog);
const key = () => `form:${form().dataset.draft}`;
const inputs = () => $$("[name]:not([type=hidden], [type=file])", form());

function written() {
  return JSON.stringify(inputs().map((one) => (one.matches("[type=radio], [type=checkbox]") ? one.checked : one.value)));
}

function put(values) {
  inputs().forEach((one, index) => {
    if (typeof values[index] === "boolean") one.checked = values[index];
    else if (typeof values[index] === "string") one.value = values[index];
  });
}

// With an error the server sends back what was written; what the browser kept is for a form that is opened again.
function restore() {
  first = written();
  const kept = sessionStorage.getItem(key());
  if (!kept || kept === first || $(".wrong", dialog)) return;
  put(JSON.parse(kept));
  const note = $(".came-back", dialog);
  if (note) note.hidden = false;
}

/** Forget what was written, and show the form as it was opened. */
export function startOver() {
  sessionStorage.removeItem(key());
  put(JSON.parse(first));
  $(".came-back", dialog).hidden = true;
  inputs()[0]?.focus();
}

dialog.addEventListener("input", () => { if (form()) sessionStorage.setItem(key(), written()); });

// What was sent and taken is no draft any more; the address of the form is known before the answer empties the dialog.
document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceElement.matches?.("form[data-draft]")) ctx.draft = key();
});
document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  // A form with an error is there again, and its text with it.
  if (ctx.draft && ctx.response?.status < 400 && !$(".wrong", dialog)) sessionStorage.removeItem(ctx.draft);
});

function sync() {
  const full = dialog.childElementCount > 0;
  if (full && !dialog.open) {
    before = document.activeElement?.id || null;
    dialog.showModal();
  } else if (!full && dialog.open) dialog.close();
  if (full && form()) restore();
  if (full) ($("[aria-invalid=true]", dialog) ?? $("[autofocus]", dialog) ?? $("input:not([type=hidden]), textarea, select", dialog))?.focus();
}
new MutationObserver(sync).observe(dialog, { childList: true });
dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  if (before) document.getElementById(before)?.focus();
});

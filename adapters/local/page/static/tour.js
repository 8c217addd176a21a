// The tour: whether it is shown. What is done on it the server knows.

import { $, $$ } from "./select.js";

/** Show the tour, or close it for good; the button on top brings it back. */
export function moveTour(move) {
  localStorage.setItem("tour", move === "end" ? "done" : "shown");
  show();
}

function show() {
  const done = localStorage.getItem("tour") === "done";
  $("#tour").hidden = done;
  for (const button of $$(".only-done")) button.hidden = !done;
}
show();

// The demo's shop: writes down what the portal tells it.
"use strict";
const told = document.getElementById("events");
for (const name of ["ready", "moved", "signed-in", "signed-out", "failed", "done", "skipped", "moved-date", "swapped"]) {
  document.addEventListener(`doorstep:${name}`, (event) => {
    const line = document.createElement("li");
    line.textContent = `doorstep:${name} ${JSON.stringify(event.detail)}`;
    told.prepend(line);
  });
}

// The demo's shop: writes down what the portal tells it.
"use strict";
const told = document.getElementById("events");
const names = [
  "ready", "view", "signed-in", "signed-out", "failed",
  "skipped", "put-back", "gifted", "rescheduled", "paused", "resumed", "ordered", "subscribed", "swapped",
  "quantity-changed", "rhythm-changed", "bundle-changed", "added", "removed", "discount-changed", "cancelled",
  "withdrawn", "reactivated", "address-changed", "profile-changed", "payment-changed", "changed",
];
for (const name of names) {
  document.addEventListener(`doorstep:${name}`, (event) => {
    const line = document.createElement("li");
    line.textContent = `doorstep:${name} ${JSON.stringify(event.detail)}`;
    told.prepend(line);
  });
}

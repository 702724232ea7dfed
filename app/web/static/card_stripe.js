// The page on which a customer adds a card at Stripe. What is typed stands in Stripe's own frame:
// this script never sees it. It hands Stripe the billing address on file, and goes on when Stripe
// has the card.
"use strict";

(() => {
  const form = document.getElementById("card-form");
  const fields = document.getElementById("card-fields");
  const press = document.getElementById("card-press");
  const problem = document.getElementById("card-problem");
  const told = form.dataset;

  const tell = (text) => {
    problem.textContent = text;
    problem.hidden = false;
    problem.focus();
  };

  const busy = (is) => {
    press.disabled = is;
    press.setAttribute("aria-busy", String(is));
  };

  if (typeof window.Stripe !== "function") {
    fields.replaceChildren();
    tell(told.blocked);
    return;
  }

  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const billing = JSON.parse(told.billing || "{}");
  const address = billing.address || {};

  const stripe = window.Stripe(told.publicKey, { locale: told.language });
  const elements = stripe.elements({
    clientSecret: told.clientSecret,
    appearance: {
      theme: isDark ? "night" : "stripe",
      variables: {
        colorPrimary: token("--ds-accent"),
        colorBackground: token("--ds-surface"),
        colorText: token("--ds-text"),
        colorTextSecondary: token("--ds-muted"),
        colorDanger: token("--ds-error"),
        borderRadius: token("--ds-radius-small"),
        fontFamily: "system-ui, sans-serif",
        fontSizeBase: "16px",
      },
    },
  });
  // What is on file is not asked for again. Stripe asks cards for country and postcode only.
  const onFile = address.country ? "never" : "auto";
  const card = elements.create("payment", {
    layout: { type: "tabs" },
    fields: { billingDetails: { address: { country: onFile, postalCode: onFile } } },
    wallets: { applePay: "never", googlePay: "never", link: "never" },
    terms: { card: "never" }, // the page says it itself
  });
  card.on("ready", () => busy(false));
  card.on("loaderror", () => {
    busy(true);
    tell(told.blocked);
  });
  fields.replaceChildren();
  card.mount(fields);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (press.disabled) {
      return;
    }
    busy(true);
    problem.hidden = true;
    let error;
    try {
      ({ error } = await elements.submit());
      if (!error) {
        ({ error } = await stripe.confirmSetup({
          elements,
          confirmParams: {
            return_url: told.back,
            payment_method_data: { billing_details: billing },
          },
          redirect: "if_required",
        }));
      }
    } catch (thrown) {
      error = { type: "unexpected" };
    }
    if (!error) {
      location.assign(told.back);
      return;
    }
    busy(false);
    // Stripe marks wrong fields itself, and words these in the page's language.
    if (error.type === "validation_error") {
      return;
    }
    tell((error.type === "card_error" && error.message) || told.failed);
  });
})();

// Stands where Stripe.js is loaded from: the Payment Element and `confirmSetup`, in so far as a page
// of ours uses them. Like Stripe's, the fields stand in a frame of Stripe's origin.
"use strict";

(() => {
  const ORIGIN = new URL(document.currentScript.src).origin;

  class PaymentElement {
    constructor(options) {
      this.options = options;
      this.listeners = {};
      this.waiting = {};
      this.number = 0;
      addEventListener("message", (event) => {
        if (event.origin !== ORIGIN || event.source !== this.frame?.contentWindow) {
          return;
        }
        if (event.data.kind === "ready") {
          (this.listeners.ready || []).forEach((listener) => listener({ elementType: "payment" }));
        } else {
          this.waiting[event.data.number](event.data.answer);
        }
      });
    }

    on(event, listener) {
      (this.listeners[event] ||= []).push(listener);
      return this;
    }

    mount(place) {
      this.frame = document.createElement("iframe");
      this.frame.name = "__privateStripeFrame1";
      this.frame.title = "Secure payment input frame";
      this.frame.style.width = "100%";
      this.frame.style.height = "20rem";
      this.frame.style.border = "0";
      this.frame.src = ORIGIN + "/stand/element.html";
      place.appendChild(this.frame);
    }

    ask(question) {
      const number = ++this.number;
      return new Promise((resolve) => {
        this.waiting[number] = resolve;
        this.frame.contentWindow.postMessage({ number, ...question }, ORIGIN);
      });
    }
  }

  window.Stripe = (publicKey, options) => ({
    given: { publicKey, options },
    elements: ({ clientSecret }) => {
      if (!/^seti_\w+_secret_\w+$/.test(clientSecret)) {
        throw new Error("IntegrationError: Invalid value for elements(): clientSecret");
      }
      return {
        clientSecret,
        create(type, elementOptions) {
          if (type !== "payment") {
            throw new Error("IntegrationError: the stand has the Payment Element alone");
          }
          this.element = new PaymentElement(elementOptions);
          return this.element;
        },
        submit() {
          return this.element.ask({ kind: "submit" });
        },
      };
    },
    async confirmSetup({ elements, confirmParams, redirect }) {
      const never = elements.element.options.fields?.billingDetails?.address?.country === "never";
      const billing = confirmParams.payment_method_data?.billing_details;
      if (never && !billing?.address?.country) {
        throw new Error("IntegrationError: the form does not ask for the country");
      }
      const answer = await elements.element.ask({
        kind: "confirm",
        publicKey,
        clientSecret: elements.clientSecret,
        billing,
      });
      if (!answer.error && redirect !== "if_required") {
        location.assign(confirmParams.return_url);
      }
      return answer;
    },
  });
})();

"""Stripe as tests meet it: localstripe in a process of its own, and Stripe.js for a browser.

localstripe (adrienverge/localstripe) keeps customers and setup intents, knows Stripe's test cards,
and brings a Stripe.js with card fields. It lacks what Stripe has added since. The stand puts that
beside it, and nothing of it is in the product:

- ``__main__.py`` starts localstripe and mends three things: the parameter that took the place of
  ``payment_method_types``; a refused attempt, which stays open and names its error as Stripe's
  does; and the file that localstripe would write under ``/tmp``, which all tests would share.
- ``stripe.js`` stands where Stripe.js is loaded from. It has the Payment Element and `confirmSetup`
  in so far as our page uses them, and puts the fields into a frame of another origin, as Stripe's.
- ``element.html`` is that frame: localstripe's own Stripe.js draws the fields there, reads them,
  asks the question of the bank, and sends them to the API.

What can therefore not be shown: how Stripe's real Payment Element looks, words its own errors,
checks a number while it is typed, and what it loads besides what its security guide lists; and the
question of a bank that leads away from the page and back.
"""

from tests.stripe_stand.browser import PUBLIC_KEY, stand_in
from tests.stripe_stand.server import SECRET_KEY, LocalStripe, running_stripe

__all__ = ["PUBLIC_KEY", "SECRET_KEY", "LocalStripe", "running_stripe", "stand_in"]

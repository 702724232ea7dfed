"""Everything a customer can do, and the one way in which it is done.

::

    action = SkipDelivery(address_id=201, date=date(2026, 12, 1))
    seen = await preview(services, principal, action)      # what it would change, in words
    outcome = await perform(services, principal, action, key=uuid4().hex, revision=seen.revision)
    await undo(services, principal, outcome.activity_id, key=uuid4().hex)

A button, a route and a signed link in a mail all go through `perform`; nothing else writes to
Recharge. A new action is a subclass of `Action`. Errors are `ActionError`s: the tree is drawn in
`app.actions.errors`.
"""

from app.actions.activities import (
    Activity,
    activities,
    find_activity,
    late_result,
    unsettled,
)
from app.actions.base import Action, Upstream
from app.actions.deliveries import DeliveryAction, PutBackDelivery, SkipDelivery
from app.actions.effect import Change, Effect, Outcome, Preview, Promise, Shown
from app.actions.errors import (
    ActionError,
    InProgress,
    InvalidInput,
    KeyReused,
    NeedsStepUp,
    NothingKnown,
    NotPossible,
    PartlyDone,
    SignedOut,
    Stale,
    SwitchedOff,
    TooMany,
    UnknownObject,
    UpstreamRefused,
)
from app.actions.journal import Result
from app.actions.perform import perform, preview, undo, way_back
from app.actions.principal import Level, Principal
from app.actions.services import Services
from app.actions.situation import Situation

__all__ = [
    "Action",
    "ActionError",
    "Activity",
    "Change",
    "DeliveryAction",
    "Effect",
    "InProgress",
    "InvalidInput",
    "KeyReused",
    "Level",
    "NeedsStepUp",
    "NotPossible",
    "NothingKnown",
    "Outcome",
    "PartlyDone",
    "Preview",
    "Principal",
    "Promise",
    "PutBackDelivery",
    "Result",
    "Services",
    "Shown",
    "SignedOut",
    "Situation",
    "SkipDelivery",
    "Stale",
    "SwitchedOff",
    "TooMany",
    "UnknownObject",
    "Upstream",
    "UpstreamRefused",
    "activities",
    "find_activity",
    "late_result",
    "perform",
    "preview",
    "undo",
    "unsettled",
    "way_back",
]

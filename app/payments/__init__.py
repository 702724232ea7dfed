"""Cards that are being added: makers of payment forms, and what is kept of a card until it is in
the account.

Nothing here writes to Recharge (that is `app.actions.payments`), and no card number ever passes.
"""

from app.payments.base import (
    ByProcessor,
    CardSetup,
    FormPage,
    PaymentForm,
    Person,
    SetupState,
    Start,
    Tokens,
)
from app.payments.errors import (
    CardRefused,
    FormUnavailable,
    NotFinished,
    PaymentFormError,
    StillRunning,
)
from app.payments.hosted import HostedForm
from app.payments.sandbox import SandboxForm, origin_of
from app.payments.setups import CardSetups

__all__ = [
    "ByProcessor",
    "CardRefused",
    "CardSetup",
    "CardSetups",
    "FormPage",
    "FormUnavailable",
    "HostedForm",
    "NotFinished",
    "PaymentForm",
    "PaymentFormError",
    "Person",
    "SandboxForm",
    "SetupState",
    "Start",
    "StillRunning",
    "Tokens",
    "origin_of",
]

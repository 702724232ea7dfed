"""What is on screen: objects that components draw and whose methods a press calls.

::

    portal = Portal(services, principal, texts)
    await portal.open()
    portal.changed.subscribe(draw)
    question = SkipQuestion(portal.next_delivery)
    await question.ask()                # `question.preview` says what it would change
    await question.confirm()
    await portal.undo()
    portal.close()

A state never raises at a press: what went wrong is a `Notice`. It shows a wish at once, marked as
pending, until the answer confirms it or takes it back.
"""

from app.state.base import State
from app.state.delivery import DeliveryState
from app.state.notice import Notice
from app.state.portal import Portal
from app.state.question import Question, SkipQuestion
from app.state.schedule import ScheduleState
from app.state.signal import Signal
from app.state.subscription import SubscriptionState

__all__ = [
    "DeliveryState",
    "Notice",
    "Portal",
    "Question",
    "ScheduleState",
    "Signal",
    "SkipQuestion",
    "State",
    "SubscriptionState",
]

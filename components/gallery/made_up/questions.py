"""Questions of any kind, in a given state."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from app.actions import Preview
from app.state import Notice, Question, State

Q = TypeVar("Q", bound=Question)


def made_up_question(
    kind: type[Q],
    /,
    *,
    preview: Preview | None = None,
    failure: Notice | None = None,
    is_asking: bool = False,
    **fields: Any,
) -> Q:
    """A question of a kind in a given state; `fields` are what the dialog reads besides."""

    class MadeUp(kind):  # type: ignore[valid-type, misc]
        async def ask(self) -> None:
            return None

        async def choose(self, **choices: object) -> None:
            for name, value in choices.items():
                setattr(self, name, value)
            self.changed.emit()

        async def confirm(self) -> None:
            self.cancel()

        async def is_cleared(self) -> bool:
            return True

    fields.setdefault("may_change", True)
    for name, value in fields.items():
        if isinstance(getattr(kind, name, None), property):
            setattr(MadeUp, name, value)  # given, not worked out
    question = cast(Q, MadeUp.__new__(MadeUp))
    State.__init__(question)
    question._asked, question.is_proving = None, False
    question.preview, question.failure, question.is_asking = preview, failure, is_asking
    for name, value in fields.items():
        setattr(question, name, value)
    return question

"""What a step of a saga makes, and the steps that build on it.

Recharge gives the id of something new, so a step that comes after is planned with `NEW_ID` in its
place. Once the step that makes it is done, its id takes that place: see `Steps.done`. A saga makes
at most one thing that its later steps name.
"""

from __future__ import annotations

from typing import Any

from app.actions.base import Action, action_from
from app.actions.foresight import NEW_ID


def names_new(document: Any) -> bool:
    """Whether an action's input, or a part of it, names what is not made yet."""
    return bool(filled(document, 0) != document)


def filled(document: Any, id: int) -> Any:
    """An action's input, or a part of it, with the id of what was made."""
    if isinstance(document, dict):
        return {name: filled(value, id) for name, value in document.items()}
    if isinstance(document, list):
        return [filled(value, id) for value in document]
    return id if document == NEW_ID and isinstance(document, int) else document


def filled_action(action: Action, id: int | None) -> Action | None:
    """The action with the id of what was made; None where it names something that is not made."""
    document = action.model_dump(mode="json")
    if not names_new(document):
        return action
    return None if id is None else action_from(action.name, filled(document, id))

"""An action as it is kept in the input of another."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from app.actions.base import Action, action_from


class Listed(BaseModel):
    """An action as it is kept: its name and its input."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: str
    input: dict[str, Any]

    @classmethod
    def of(cls, action: Action) -> Listed:
        return cls(action=action.name, input=action.model_dump(mode="json"))

    def restored(self) -> Action:
        """Raises LookupError: this release has no such action."""
        return action_from(self.action, self.input)

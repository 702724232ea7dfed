"""What the gallery consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.i18n import Texts
from components.base import Component


@dataclass(frozen=True)
class Example:
    """One component in one state. `draw` shows it in the element that is open."""

    component: type[Component[Any]]
    case: str
    draw: Callable[[Texts], Component[Any]]
    language: str = "en"

    @property
    def name(self) -> str:
        return self.component.__name__ + ", " + self.case

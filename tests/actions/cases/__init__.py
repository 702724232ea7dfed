"""The cases of every module in this package, each with `CASES: tuple[Case, ...]`.

A module that cannot be read, or has none, is an error: a case that is silently left out would
prove nothing.
"""

from __future__ import annotations

import importlib
import pkgutil

from tests.actions.case import Case


def every_case() -> tuple[Case, ...]:
    """All cases, by module and in their order."""
    cases: list[Case] = []
    for found in pkgutil.iter_modules(__path__, f"{__name__}."):
        module = importlib.import_module(found.name)
        mine: tuple[Case, ...] = module.CASES
        if not mine:
            raise LookupError(f"{found.name} has no cases")
        cases += mine
    names = [case.name for case in cases]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise LookupError(f"cases of the same name: {twice}")
    return tuple(cases)


CASES = every_case()

"""What NiceGUI works out anew for every element, worked out once.

NiceGUI asks with `inspect.signature` whether a handler wants an argument, three times for each
element: its properties, classes and styles have a handler each. A page has hundreds of elements and
these handlers are always the same three methods, so a quarter of the time for a page went there.

`install` puts a version that remembers in the place of NiceGUI's own. That place is internal to
NiceGUI, which is why one exact version is pinned; the tests of this module are the gate for
another one.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any
from weakref import WeakKeyDictionary

from nicegui import helpers
from nicegui.helpers.functions import expects_arguments as _inspect

_known: WeakKeyDictionary[FunctionType, bool] = WeakKeyDictionary()


def expects_arguments(func: Callable[..., Any]) -> bool:
    """Whether a handler must be given arguments, as NiceGUI's own function says.

    Remembered for methods, by their functions. Other handlers are made for one page only: for them
    a memory would be all cost.
    """
    function = func.__func__ if isinstance(func, MethodType) else None
    if not isinstance(function, FunctionType):
        return _inspect(func)
    known = _known.get(function)
    if known is None:
        known = _known[function] = _inspect(func)
    return known


def install() -> None:
    """Have NiceGUI use what is remembered. Once at start; again does no harm."""
    helpers.expects_arguments = expects_arguments

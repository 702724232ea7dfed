"""Finds places where a text could turn into markup or script: ``python -m app lint <folders>``.

NiceGUI parses the strings given to ``.props()``, evaluates keys that begin with a colon, and puts
slots, HTML and JavaScript on the page as they are. A product's title in such a string runs in the
customer's browser. Linters for Python in general do not know these doors; this one knows nothing
else. A shop can look through its own components with it.

What is meant so says why, on its line or the one above: ``# markup: a constant of ours``; for all
of a file at its top: ``# markup, this file: …``.
"""

from app.lint.findings import Finding
from app.lint.python import look_through_python
from app.lint.search import look_through
from app.lint.texts import look_through_script, look_through_template

__all__ = [
    "Finding",
    "look_through",
    "look_through_python",
    "look_through_script",
    "look_through_template",
]

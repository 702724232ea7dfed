"""How the service logs: one line for each thing that happened, as JSON in production.

Callers write no token, hash, e-mail, card or address into a line. Should one slip in all the same,
or come from a library, it is blotted out before the line is written.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog
from structlog.typing import Processor

from app.settings import Settings

_BLOTS: Final = (
    # Before all else: a space ends what the next ones look for.
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE), r"\1 …"),
    # A link with a secret, before the secret alone: the rest of the address says what it was.
    (re.compile(r"(?<=[?&])(token|code|state|signature|hmac|id_token|next)=[^&\s\"']+"), r"\1=…"),
    # JSON Web Tokens, three parts of base64url.
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), "…token…"),
    # Keys of Stripe and Recharge.
    (re.compile(r"\b(sk|rk|pk|whsec)_[\w-]{6,}"), r"\1_…"),
    (re.compile(r"[\w.+%-]+@[\w-]+(\.[\w-]+)+"), "…@…"),
    # A customer's portal hash: the id, then 16 hexadecimal digits.
    (re.compile(r"\b[1-9]\d{0,18}(?=[0-9a-f]{16}\b)[0-9a-f]{16}\b"), "…hash…"),
    # Our secrets: 32 bytes as base64url. A digest is longer, and says nothing.
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])"), "…secret…"),
    # Runs of digits as long as a card's, in one piece or in groups.
    (re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w.-])"), "…digits…"),
)


def blotted(text: str) -> str:
    """The text without what must not stand in a log, on one line."""
    for pattern, instead in _BLOTS:
        text = pattern.sub(instead, text)
    return text.replace("\r", "\\r").replace("\n", "\\n")


def _blot(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in line.items():
        if key != "timestamp":
            line[key] = _blotted_value(value)
    return line


def _blotted_value(value: Any) -> Any:
    match value:
        case str():
            return blotted(value)
        case dict():
            return {blotted(str(name)): _blotted_value(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_blotted_value(inner) for inner in value]
        case bool() | int() | float() | None:
            return value
    return blotted(str(value))


def configure_logs(settings: Settings) -> None:
    """Set up logging for the process: our own lines, and those of libraries, in one form."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    as_json = settings.writes_json
    renderer: Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _blot,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]  # another one would write the same line once more, unblotted
    root.setLevel(level)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # In detail it writes every value that goes into a statement: addresses, and what customers say.
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)
    for library in ("fontTools", "fpdf"):  # they tell which signs stand in a customer's receipt
        logging.getLogger(library).setLevel(logging.ERROR)
    for library in ("httpx", "httpcore", "authlib"):  # they write whole addresses, queries included
        logging.getLogger(library).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )

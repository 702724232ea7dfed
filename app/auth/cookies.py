"""Names and attributes of our cookies."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import SimpleCookie


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and attributes of our cookies. Behind TLS the names start with ``__Host-``, which makes
    the browser refuse them from anywhere but this very host over TLS."""

    is_secure: bool

    @property
    def session(self) -> str:
        return "__Host-doorstep" if self.is_secure else "doorstep"

    @property
    def visitor(self) -> str:
        """Of a browser that has not signed in yet: what its forms are bound to."""
        return "__Host-doorstep-visitor" if self.is_secure else "doorstep-visitor"

    @property
    def typed(self) -> str:
        """The e-mail address typed and the place to go on to, for an hour."""
        return "__Host-doorstep-typed" if self.is_secure else "doorstep-typed"

    @property
    def merchant(self) -> str:
        """Of who has signed in on the merchant's side."""
        return "__Host-doorstep-merchant" if self.is_secure else "doorstep-merchant"

    def set(
        self, name: str, value: str, seconds: int | None = None, *, is_strict: bool = False
    ) -> str:
        """The value of a ``Set-Cookie`` header; `seconds` 0 takes the cookie away.

        is_strict: not even a link on another site brings the cookie along
        """
        jar: SimpleCookie = SimpleCookie()
        jar[name] = value
        jar[name]["path"] = "/"
        jar[name]["httponly"] = True
        # Lax: a link in a mail must find the session; no form of another site does.
        jar[name]["samesite"] = "Strict" if is_strict else "Lax"
        if self.is_secure:
            jar[name]["secure"] = True
        if seconds is not None:
            jar[name]["max-age"] = seconds
        return jar[name].OutputString()

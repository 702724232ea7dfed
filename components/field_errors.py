"""What is wrong with a field, below it and told with it."""

from __future__ import annotations

from components import html
from components.fields import Field
from components.html import Tag


class FieldError:
    """The place below a field for what is wrong with it; nothing is drawn while nothing is.

    ::

        error = FieldError(text_field(self.t("Postcode"), …))
        error.show(self.t("Please check the postcode."))
        error.show("")

    Whoever sees it reads it below the field; whoever does not hears it with the field.
    """

    def __init__(self, field: Tag) -> None:
        """`field` is what a function of `components.fields` gives."""
        self.entry = next(one for one in field.descendants() if isinstance(one, Field))
        self._help = str(self.entry.props.get("aria-describedby") or "")
        with field:
            self._words = html.p("", class_="ds-wrong", role="status")

    @property
    def text(self) -> str:
        """What stands there."""
        return self._words.text

    def show(self, text: str) -> None:
        """Say what is wrong; "" when nothing is any more."""
        self._words.text = text
        told = [self._words.html_id] if text else []
        self.entry.set(
            aria_invalid="true" if text else None,
            aria_describedby=" ".join([*told, self._help]).strip() or None,
        )

    def goes_on(self) -> None:
        """The field is all that its step asks for: Enter does what the dialog's button does."""
        self.entry.set(data_goes_on=True, enterkeyhint="go")

    def focus(self) -> None:
        """Bring the customer to the field."""
        self.entry.run_method("focus")

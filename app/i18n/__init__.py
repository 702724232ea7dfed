"""Every word, price and date that a customer reads.

Code below the page does not know the reader's language, so it hands up a `Message`: an English
sentence with named fields and the values for them. `Texts` turns it into the reader's language::

    message = say("Your delivery of {date} is skipped.", date=delivery.date)
    Texts("de").render(message)
    Texts("en").t("Skip this delivery")          # the same in one step

The English sentence is the key of the catalogue (`locales/<language>.po`, standard gettext). A
sentence that the catalogue lacks is shown in English.
"""

from app.i18n.address import address_lines
from app.i18n.country_names import countries
from app.i18n.message import Message, Money, Value, say, say_many
from app.i18n.phone import parsed_phone
from app.i18n.postal import (
    PARTS,
    Countries,
    PostalForm,
    PostalPart,
    postal_form,
    same_province,
    wrong_parts,
)
from app.i18n.postal_words import NOT_TAKEN, UNSEEN
from app.i18n.texts import DateStyle, Texts
from app.i18n.unseen import has_unseen

__all__ = [
    "NOT_TAKEN",
    "PARTS",
    "UNSEEN",
    "Countries",
    "DateStyle",
    "Message",
    "Money",
    "PostalForm",
    "PostalPart",
    "Texts",
    "Value",
    "address_lines",
    "countries",
    "has_unseen",
    "parsed_phone",
    "postal_form",
    "same_province",
    "say",
    "say_many",
    "wrong_parts",
]

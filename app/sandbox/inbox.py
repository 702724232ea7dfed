"""The inbox: mails that a demo or test sends, as JSON for programs and as a page for people."""
# markup, this file: pages of the look-alike, not of the portal; what is shown goes through escape()

import json
import re
from html import escape

from app.sandbox import fields as f
from app.sandbox.errors import Document
from app.sandbox.shop import Shop
from app.sandbox.whereabouts import HERE

_FIELDS: f.Fields = {
    "to": f.required(f.text(1)),
    "subject": f.required(f.text()),
    "text": f.text(most=200_000),
    "html": f.text(most=500_000),
}
_LINK = re.compile(r"(?:https?|sandbox)://[^\s<>\"']+")
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 44rem; padding: 0 1rem;
  color: #222; background: #faf8f5; }
article { background: #fff; border: 1px solid #ddd6cc; border-radius: .5rem; padding: 1rem 1.25rem;
  margin-block: 1rem; }
h2 { font-size: 1.1rem; margin: 0; } .meta { color: #665; font-size: .9rem; margin: .25rem 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .75rem 0 0; }
"""


def add_mail(shop: Shop, body: Document) -> Document:
    """Keep a mail: to, subject, text, html.

    Raises:
        Invalid: a field is missing or no text.
    """
    mail = {"text": "", "html": "", **f.read(body, _FIELDS), "at": shop.stamp()}
    rows = shop.store.run(
        "INSERT INTO inbox (document) VALUES (?) RETURNING id", (json.dumps(mail),)
    )
    return {"id": rows[0][0], **mail}


def mails(shop: Shop) -> list[Document]:
    """All mails, newest first."""
    rows = shop.store.run("SELECT id, document FROM inbox ORDER BY id DESC")
    return [{"id": id, **json.loads(text)} for id, text in rows]


def clear_mails(shop: Shop) -> None:
    """Throw all mails away."""
    shop.store.run("DELETE FROM inbox")


def page(shop: Shop, here: str = "") -> str:
    """The inbox as a plain page. Mails are shown as text; only web links become links.

    here: the present address of the sandbox, which links to its own pages are led to
    """
    found = mails(shop)
    body = "".join(_article(each, here) for each in found) or "<p>No mail yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Inbox ({len(found)})</title><style>{STYLE}</style></head>"
        f"<body><h1>Inbox</h1><p>Mail that this demo sent. Nothing left this machine.</p>"
        f"<main>{body}</main></body></html>"
    )


def _article(mail: Document, here: str) -> str:
    return (
        f"<article><h2>{escape(mail['subject'])}</h2>"
        f'<p class="meta">To {escape(mail["to"])}, {escape(mail["at"])}</p>'
        f"<pre>{_linked(mail['text'], here)}</pre></article>"
    )


def _linked(text: str, here: str) -> str:
    parts, end = [], 0
    for match in _LINK.finditer(text):
        found = match.group().rstrip(".,;:!?)")
        end_of_link = match.start() + len(found)
        address = here + found.removeprefix(HERE) if found.startswith(f"{HERE}/") else found
        if address.startswith("sandbox:"):
            continue
        parts.append(escape(text[end : match.start()]))
        parts.append(f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(address)}</a>')
        end = end_of_link
    return "".join(parts) + escape(text[end:])

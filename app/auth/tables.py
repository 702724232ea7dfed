"""What signing in leaves in the database: no secrets, only their digests."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, false

from app.database import Json, Moment, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("method", String(32), nullable=False),
    Column("level", Integer, nullable=False),
    Column("signed_in_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    # What it runs in, as its owner would call it ("Firefox", "Windows"); empty where that is not
    # known, NULL in rows older than these columns. Of what the browser says no more is kept.
    Column("browser", String(32)),
    Column("system", String(32)),
    # Who uses it: the customer, or somebody of the shop's (`app.actions.Acting`).
    Column("acting", String(16), nullable=False, server_default="customer"),
    # The language of the page around it, as a BCP 47 tag; NULL or empty for the portal's own.
    Column("language", String(35)),
    # Whether it lives in a frame of the shop's page.
    Column("is_framed", Boolean, nullable=False, server_default=false()),
    Index("ix_sessions_shop_customer_id", "shop", "customer_id"),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    # One row for each mail that was asked for: its link, and the code beside it.
    Column("digest", String(64), primary_key=True),
    Column("shop", String(64), nullable=False),
    # NULL until somebody is found who has the address, and for ever where nobody has.
    Column("customer_id", BigInteger),
    # Shown again on the sign-in page when the link came too late; gone with the row. Empty where
    # nobody has the address.
    Column("email", String(254), nullable=False),
    Column("target", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),
    Column("used_by", String(64)),
    Column("session", String(64)),
    # Of the code: the browser that asked (its cookie) and the address, as digests.
    # NULL in rows older than these columns.
    Column("visitor_digest", String(64)),
    Column("mailbox", String(64)),
    Column("code_salt", String(64)),
    Column("code_digest", String(64)),
    Column("code_length", Integer),
    Column("code_tries", Integer, nullable=False, server_default="0"),
    Index("ix_sign_in_links_visitor_digest", "visitor_digest"),
)

exit_links = Table(
    "exit_links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("purpose", String(16), nullable=False),
    # The digest of the e-mail address that it was mailed to; NULL in rows older than this column.
    Column("mailbox", String(64)),
    # The order that was named, as the shop writes its number, and the ids of what came with it.
    Column("order_name", String(64), nullable=False),
    Column("item_ids", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    # Counts the presses that were let through: each has a key of its own.
    Column("attempt", Integer, nullable=False),
    Column("used_at", Moment),
)

quick_links = Table(
    "quick_links",
    metadata,
    # Of a link that was pressed: the others are kept nowhere, since each brings its own proof.
    Column("name", String(64), primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    # What it came to when it was pressed: "the next delivery" is another one afterwards.
    Column("action", Json, nullable=False),
    # Counts the presses that were let through: each has a key of its own.
    Column("attempt", Integer, nullable=False),
    Column("pressed_at", Moment),
    Column("activity_id", String(32)),
    Column("kept_until", Moment, nullable=False, index=True),
)

portal_tokens = Table(
    "portal_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),
)

hand_offs = Table(
    "hand_offs",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    # Of the session that it starts.
    Column("method", String(32), nullable=False),
    Column("level", Integer, nullable=False),
    Column("acting", String(16), nullable=False),
    Column("seconds", Integer),
    Column("language", String(35), nullable=False),
    Column("is_framed", Boolean, nullable=False),
    Column("target", Text, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

used_once = Table(
    "used_once",
    metadata,
    Column("kind", String(32), primary_key=True),
    # A digest of what may be used once, such as the id of a token.
    Column("digest", String(64), primary_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
)

embed_bearers = Table(
    "embed_bearers",
    metadata,
    Column("digest", String(64), primary_key=True),
    # The digest of the session that it stands for.
    Column("session", String(64), nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    # Names the purpose, who it is for, and the browser or session that asked: one code for each.
    Column("name", String(64), primary_key=True),
    Column("shop", String(64), nullable=False),
    # Whose it is; NULL where nobody knows, as before a sign-in.
    Column("customer_id", BigInteger),
    Column("purpose", String(32), nullable=False),
    # What giving the code proves, such as the address that it was sent to.
    Column("about", String(254), nullable=False),
    Column("salt", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    # When it was given; from then on it is good for nothing but to show that.
    Column("proven_at", Moment),
)

provider_sign_ins = Table(
    "provider_sign_ins",
    metadata,
    # Of the parameter `state`. What else proves that an answer is ours is made from it and the
    # browser's cookie, and is not kept.
    Column("digest", String(64), primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("provider", String(32), nullable=False),
    # A digest of the cookie of the browser that began it.
    Column("browser", String(64), nullable=False),
    Column("target", Text, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

provider_accounts = Table(
    "provider_accounts",
    metadata,
    Column("shop", String(64), primary_key=True),
    # A digest of the issuer and of our name there: subjects are unique among these.
    Column("realm", String(64), primary_key=True),
    # A digest of the subject.
    Column("subject", String(64), primary_key=True),
    Column("customer_id", BigInteger, nullable=False),
    # A digest of the address by which the account was matched with the customer.
    Column("mailbox", String(64), nullable=False),
    Column("used_at", Moment, nullable=False, index=True),
    Index("ix_provider_accounts_customer_id", "shop", "realm", "customer_id", unique=True),
)

calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    Column("shop", String(64), primary_key=True),
    Column("customer_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
    Column("last_used_at", Moment),
)

merchant_sessions = Table(
    "merchant_sessions",
    metadata,
    # Made with the merchant's word: another word finds none of these rows.
    Column("digest", String(64), primary_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
    # Who signed in, as they call themselves; NULL where that was not asked.
    Column("name", String(80)),
)

looks = Table(
    "looks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    # Who of the shop's people, and why, in their own words.
    Column("name", String(80), nullable=False),
    Column("reason", String(300), nullable=False),
    Column("acting", String(16), nullable=False),
    Column("started_at", Moment, nullable=False, index=True),
    Column("until", Moment, nullable=False),
    # When it was left before that.
    Column("ended_at", Moment),
    # The digest of its session, and one of the word that opened it: another word ends it.
    Column("session", String(64), nullable=False, unique=True),
    Column("word_digest", String(64), nullable=False),
    Index("ix_looks_shop_customer_id", "shop", "customer_id"),
)

attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("scope", String(32), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("window_start", Moment, primary_key=True),
    Column("count", Integer, nullable=False),
    Index("ix_sign_in_attempts_window_start", "window_start"),
)

"""Accounts, what they may do, and how they come in."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from dispatch.tables.columns import moment, number
from gis.tables import metadata

app_user = Table(
    "app_user",
    metadata,
    number(Integer),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password", Text),  # Argon2id; NULL: no sign-in by password
    Column("language", Text, nullable=False, server_default="en"),
    Column("demo", Boolean, nullable=False, server_default=text("false")),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    moment("created_at", required=True),
)


role_grant = Table(
    "role_grant",
    metadata,
    Column("app_user", Integer, ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("area", Integer, ForeignKey("area.id", ondelete="CASCADE"), primary_key=True),
)


session = Table(
    "session",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),  # the token itself is only in the cookie
    Column("app_user", Integer, ForeignKey("app_user.id", ondelete="CASCADE"), nullable=False),
    Column("csrf", Text, nullable=False),
    moment("created_at", required=True),
    moment("expires_at", required=True),
    Column("agent", Text, nullable=False, server_default=""),
    Index("session_app_user_idx", "app_user"),
)


sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    number(),
    Column("login", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("good", Boolean, nullable=False),
    moment("at", required=True),
    Index("sign_in_attempt_login_at_idx", "login", "at"),
)


sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),
    Column("app_user", Integer, ForeignKey("app_user.id", ondelete="CASCADE"), nullable=False),
    moment("expires_at", required=True),
    Column("reusable", Boolean, nullable=False, server_default=text("false")),  # demo links; the others open once
    moment("used_at"),
)

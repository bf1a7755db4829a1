"""What queries on main.db share: which conversation a chat belongs to, who is who, who the account is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# A conversation is the newer form of one or several chats (`#a/$b;1f2e`): its messages still name the chat they were sent in.
# Where the conversation is gone the chat stands for it.
KNOWN = """
WITH convos AS MATERIALIZED (
  SELECT c.id AS convo, c.identity AS chat_id, {c.type} AS type, {c.creator} AS creator,
         COALESCE(NULLIF({c.given_displayname}, ''), NULLIF({c.displayname}, ''), NULLIF({c.meta_topic}, '')) AS chat_name,
         strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({c.creation_timestamp}, 0), 'unixepoch') AS created_at
  FROM Conversations c
),
older AS MATERIALIZED (
  SELECT h.name AS chat, MAX({h.conv_dbid}) AS convo, MAX({h.type}) AS type,
         MAX(COALESCE(NULLIF({h.topic}, ''), NULLIF({h.friendlyname}, ''))) AS chat_name
  FROM Chats h WHERE h.name IS NOT NULL GROUP BY h.name
),
older_by_convo AS MATERIALIZED (
  SELECT o.convo, MIN(o.chat) AS chat FROM older o WHERE o.convo IS NOT NULL GROUP BY o.convo
),
owner AS MATERIALIZED (
  SELECT MAX(a.skypename) AS id, COUNT(DISTINCT a.skypename) AS many FROM Accounts a WHERE a.skypename IS NOT NULL
),
people AS MATERIALIZED (
  SELECT p.skypename AS id,
         MAX(COALESCE(NULLIF({p.given_displayname}, ''), NULLIF({p.displayname}, ''), NULLIF({p.fullname}, ''))) AS name
  FROM Contacts p WHERE p.skypename IS NOT NULL GROUP BY p.skypename
  UNION ALL
  SELECT self.skypename, MAX(COALESCE(NULLIF({self.given_displayname}, ''), NULLIF({self.fullname}, '')))
  FROM Accounts self WHERE self.skypename NOT IN (SELECT twice.skypename FROM Contacts twice WHERE twice.skypename IS NOT NULL)
  GROUP BY self.skypename
)"""

DIRECTIONS = {1: "incoming", 2: "outgoing"}


def named(names: Mapping[int, str], code: Any) -> str | None:
    """The name of a code; a code without a name stays visible."""
    return None if code is None else names.get(code, f"unknown ({code})")

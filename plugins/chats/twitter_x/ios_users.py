"""X (Twitter) for iOS, database twitter.db: the app while it was called Twitter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import ACCOUNTS, CONTACTS
from forensics.times import unix_s

from ..stored_tables import unread

USER = """
SELECT 'X (Twitter)' AS app, u.id AS person_id, NULLIF(u.name, '') AS name, u.screenName AS username,
  NULLIF({u.description}, '') AS note, {u.createdDate} AS created_at,
  NULLIF(json_patch('{}', json_object('following', CAST({u.following} AS INTEGER),
    'protected', CAST({u.protected} AS INTEGER), 'verified', CAST({u.verified} AS INTEGER),
    'location', CAST(NULLIF({u.location}, '') AS TEXT), 'url', CAST(NULLIF({u.url}, '') AS TEXT),
    'picture_url', CAST(NULLIF(u.profileImageUrl, '') AS TEXT), 'statuses', CAST({u.statusesCount} AS INTEGER),
    'follows', CAST({u.followingCount} AS INTEGER), 'followers', CAST({u.followersCount} AS INTEGER),
    'favourites', CAST({u.favoritesCount} AS INTEGER), 'pinned_status', CAST(NULLIF({u.pinnedTweetId}, 0) AS INTEGER),
    'updated_at', strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({u.updatedAt}, 0), 'unixepoch'))), '{}') AS extra,
  'Users/id=' || u.id AS record
FROM Users u
"""
# MyRetweets pairs a status with the one by which the account passed it on: who wrote that one is the account.
ACCOUNT = """
SELECT 'X (Twitter)' AS app, s.userId AS account_id, MAX(NULLIF(u.name, '')) AS name, MAX(u.screenName) AS username,
  1 AS is_owner, MAX({u.createdDate}) AS created_at,
  json_object('my_retweet', MIN(r.myRetweetId), 'of_status', MIN(r.statusId)) AS extra,
  'MyRetweets/statusId=' || MIN(r.statusId) AS record
FROM MyRetweets r
JOIN Statuses s ON s.id = r.myRetweetId
LEFT JOIN Users u ON u.id = s.userId
WHERE s.userId IS NOT NULL
GROUP BY s.userId
"""
UNREAD = ("Statuses", "StatusesShadow", "MyRetweets", "Lists", "ListsShadow")


@parser(
    "twitter.ios",
    files=["twitter.db"],
    test=sqlite.has(
        Users=["id", "screenName", "name", "profileImageUrl"],
        Statuses=["id", "userId", "inReplyToStatusId", "retweetedStatusId"],
        MyRetweets=["statusId", "myRetweetId"],
    ),
)
def twitter(file: File) -> Iterator[Any]:
    """X (Twitter) for iOS, database twitter.db: users that the app had loaded.

    Reads: users, as contacts, whether or not the account follows them (extra); the account, where it has passed a status on.
    The database holds no direct messages. Times are Unix seconds.

    Not read: statuses, which are no chats, retweets and lists: the number of these rows is a problem.

    Seen on: twitter.db of an iPhone (iOS 8 or later, 2015: 25 users, 67 statuses, 1 retweet).

    Source: schema and content of the named database; plaso.

    Tier: proven
    """
    with file.sqlite() as db:
        yield from CONTACTS.batches(db.execute(USER, every="Users"), created_at=unix_s)
        if db.has(UsersShadow=["id", "screenName", "name", "profileImageUrl"]):
            shadow = USER.replace("Users", "UsersShadow")
            yield from CONTACTS.batches(db.execute(shadow, every="UsersShadow"), created_at=unix_s)
        yield from ACCOUNTS.batches(db.execute(ACCOUNT), created_at=unix_s)
        yield from unread(db, UNREAD)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of twitter.db."""
    return [twitter]

"""twitter.db of Twitter for iOS."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.twitter_x.ios_users import twitter

from forensics import testing

SQL = (Path(__file__).parent / "users.sql").read_text("utf-8")


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(twitter, testing.database(SQL), name="twitter.db")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_one_name_for_the_app(found):
    """A case holds one app, whether its store is of before or after the app was renamed."""
    assert {row["app"] for table in ("contacts", "accounts") for row in found[table]} == {"X (Twitter)"}


def test_users(found):
    assert [(c["record"], c["person_id"], c.get("name"), c["username"], c.get("note")) for c in found["contacts"]] == [
        ("Users/id=11", "11", "Пут на север", "put", "vozimo svaki dan"),
        ("Users/id=12", "12", "Milan", "milanv", None),
        ("Users/id=13", "13", None, "bezimena", None),
        ("UsersShadow/id=14", "14", "Sjena", "sjena", None),
    ]
    first, second, third, _ = found["contacts"]
    assert first["created_at"] == datetime(2007, 4, 22, 14, 42, 37, tzinfo=UTC)
    assert extra(first) == {
        "following": 1,
        "protected": 0,
        "verified": 0,
        "location": "Beograd",
        "url": "http://example.org",
        "picture_url": "https://img.example.org/p.png",
        "statuses": 26,
        "follows": 3,
        "followers": 194,
        "favourites": 0,
        "updated_at": "2015-12-02T15:35:44Z",
    }
    assert (extra(second)["protected"], "location" in extra(second)) == (1, False)
    assert ("created_at" in third, "extra" in third) == (False, False)


def test_account_is_who_passed_a_status_on(found):
    [account] = found["accounts"]
    assert (account["account_id"], account["name"], account["username"]) == ("12", "Milan", "milanv")
    assert (account["is_owner"], account["record"]) == (True, "MyRetweets/statusId=700")
    assert extra(account) == {"my_retweet": 800, "of_status": 700}


def test_what_is_no_chat_is_counted(found):
    assert [(p["kind"], p["message"]) for p in found["problems"]] == [
        ("not_read", "table Statuses: 2 rows are not read"),
        ("not_read", "table MyRetweets: 2 rows are not read"),
    ]
    assert found.keys() == {"contacts", "accounts", "problems"}


def test_promises():
    assert [c for c in testing.check(twitter, testing.database(SQL), name="twitter.db") if c.fault] == []


def test_corpus(corpus, manifest):
    entry = manifest["chats-twitter-x-twitter-db-01"]
    expected, counts = entry["expected"], entry["expected"]["rows_per_table"]["value"]
    found = testing.rows(twitter, corpus / entry["path"])
    first = expected["contact[0]"]["value"]
    [contact] = [c for c in found["contacts"] if c["username"] == first["screen_name"]]
    assert (contact["name"], f"{contact['created_at']:%Y-%m-%dT%H:%M:%SZ}") == (first["name"], first["created_utc"])
    [writer] = [c for c in found["contacts"] if c["person_id"] == str(expected["status"]["value"]["user_id"])]
    assert writer["name"] == expected["status"]["value"]["name"]
    assert len(found["contacts"]) == counts["Users"] == 25
    [account] = found["accounts"]
    assert (account["account_id"], account["username"], account["name"]) == ("4351934314", "hankfresh1", "Hank fresh")
    assert [(p["kind"], p["message"]) for p in found["problems"]] == [
        ("not_read", f"table Statuses: {counts['Statuses']} rows are not read"),
        ("not_read", f"table MyRetweets: {counts['MyRetweets']} rows are not read"),
    ]


def test_corpus_row_by_row(corpus, manifest):
    place = corpus / manifest["chats-twitter-x-twitter-db-01"]["path"]
    found = {c["person_id"]: c for c in testing.rows(twitter, place)["contacts"]}
    with sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True) as source:
        rows = source.execute("SELECT id, screenName, name, description, createdDate, following FROM Users").fetchall()
    for number, username, name, about, created, following in rows:
        row = found[str(number)]
        assert (row["username"], row["name"], row.get("note", "")) == (username, name, about or "")
        assert (row["created_at"].timestamp(), extra(row)["following"]) == (created, following)

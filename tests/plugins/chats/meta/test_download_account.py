"""Whose a download of Facebook or Instagram is, and what that says of its messages."""

import json
from datetime import UTC, datetime

import pytest
from forensics_plugins.chats.meta.download_account import account, is_profile
from forensics_plugins.chats.meta.download_json import thread

from forensics import testing

FACEBOOK = {
    "profile_v2": {
        "name": {"full_name": "Mira \u00c4\u008coli\u00c4\u0087", "first_name": "Mira"},
        "emails": {"emails": ["mira@example.org", "m@example.org"]},
        "username": "mira.c",
        "registration_timestamp": 1700000000,
        "phone_numbers": [{"phone_type": "Mobile", "phone_number": "+38267111222"}],
    }
}
INSTAGRAM = {
    "profile_user": [
        {
            "media_map_data": {},
            "string_map_data": {
                "Email": {"href": "", "value": "a@example.org", "timestamp": 0},
                "Username": {"value": "arben_k"},
                "Name": {"value": "Arben"},
                "Phone Number": {"value": "+38344555666"},
                "Bio": {"value": ""},
            },
        }
    ]
}
LOCALISED = {
    "profile_user": [
        {"string_map_data": {"Korisni\u00c4\u008dko ime": {"value": "arben_k"}, "Ime": {"value": "Arben"}}}
    ]
}


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def raw(value) -> bytes:
    return json.dumps(value).encode()


def test_facebook():
    found = testing.rows(account, raw(FACEBOOK), name="profile_information.json")
    [own] = found["accounts"]
    assert (own["app"], own["account_id"], own["name"], own["username"]) == (
        "Facebook",
        "Mira Čolić",
        "Mira Čolić",
        "mira.c",
    )
    assert (own["email"], own["is_owner"]) == ("mira@example.org", True)
    assert own["created_at"] == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert extra(own)["phone_numbers"][0]["phone_number"] == "+38267111222"
    assert extra(own)["emails"]["emails"][1] == "m@example.org"
    assert "problems" not in found


def test_oldest_form_of_facebook():
    [own] = testing.rows(account, raw({"profile": {"name": "Ненад"}}), name="profile_information.json")["accounts"]
    assert (own["name"], own["record"]) == ("Ненад", "$.profile")


def test_instagram():
    [own] = testing.rows(account, raw(INSTAGRAM), name="personal_information.json")["accounts"]
    assert (own["app"], own["name"], own["username"], own["email"]) == (
        "Instagram",
        "Arben",
        "arben_k",
        "a@example.org",
    )
    assert (own["phone"], own["record"]) == ("+38344555666", "$.profile_user[0].string_map_data")


def test_labels_in_another_language():
    [own] = testing.rows(account, raw(LOCALISED), name="personal_information.json")["accounts"]
    assert ("name" in own, extra(own)) == (False, {"Korisničko ime": "arben_k", "Ime": "Arben"})


def messages(name: str, beside: dict[str, bytes], persons=("Mira Čolić", "Arben")) -> list[dict]:
    def broken(text: str) -> str:
        return text.encode().decode("latin-1")

    told = [{"sender_name": broken(who), "timestamp_ms": 1700000000000, "content": "a"} for who in persons]
    told += [{"sender_name": broken(persons[0]), "timestamp_ms": 1, "call_duration": 5}, {"timestamp_ms": 1}]
    data = {"participants": [{"name": broken(who)} for who in persons], "messages": told}
    return testing.rows(thread, raw(data), name=name, beside=beside)


@pytest.mark.parametrize(
    ("folder", "profile"),
    [
        ("messages/inbox/a_1", "profile_information/profile_information.json"),
        (
            "your_activity_across_facebook/messages/inbox/a_1",
            "personal_information/profile_information/profile_information.json",
        ),
        ("x/facebook-mira/your_facebook_activity/messages/e2ee_cutover/a_1", ""),
    ],
)
def test_direction_by_the_profile(folder, profile):
    """Readers that take the first or the most frequent sender for the owner turn conversations round."""
    path = profile or "x/facebook-mira/personal_information/profile_information/profile_information.json"
    found = messages(f"{folder}/message_1.json", {path: raw(FACEBOOK)})
    assert [m["direction"] for m in found["messages"]] == ["outgoing", "incoming", "outgoing", "unknown"]
    assert {m["account_id"] for m in found["messages"]} == {"Mira Čolić"}
    [call] = found["calls"]
    assert (call["direction"], "peer_name" in call) == ("outgoing", False)


@pytest.mark.parametrize("profile", [INSTAGRAM, LOCALISED], ids=["english", "localised"])
def test_direction_in_instagram(profile):
    path = "personal_information/personal_information/personal_information.json"
    found = messages("your_instagram_activity/messages/inbox/a_1/message_1.json", {path: raw(profile)})
    assert [m["direction"] for m in found["messages"]] == ["incoming", "outgoing", "incoming", "unknown"]


def test_nobody_or_two_of_that_name():
    path = "profile_information/profile_information.json"
    for persons in (("Ana", "Arben"), ("Mira Čolić", "Mira Čolić")):
        found = messages("messages/inbox/a_1/message_1.json", {path: raw(FACEBOOK)}, persons)
        assert {m["direction"] for m in found["messages"]} == {"unknown"}
        assert "account_id" not in found["messages"][0]


@pytest.mark.parametrize(
    "odd",
    [b"", b"[]", b'{"profile_v2": 5}', b'{"profile_v2": {"name": {"full_name": ["x"]}}}', b'{"profile_user": [5]}'],
)
def test_poisoned_profile(odd):
    found = messages("messages/inbox/a_1/message_1.json", {"profile_information/profile_information.json": odd})
    assert {m["direction"] for m in found["messages"]} == {"unknown"}
    with testing.placed(odd, name="profile_information.json") as file:
        assert not is_profile(file)
    assert testing.rows(account, odd, name="profile_information.json").keys() <= {"problems"}


def test_claim():
    for content, name, claimed in (
        (FACEBOOK, "renamed.json", True),
        ({"profile": {"name": "Ana"}}, "profile_information.json", True),
        ({"profile": {"name": "Ana"}}, "settings.json", False),  # any app may write that
        ({"profile_user": []}, "personal_information.json", False),
    ):
        with testing.placed(raw(content), name=name) as file:
            assert is_profile(file) is claimed


@pytest.mark.parametrize(
    ("content", "name"),
    [(FACEBOOK, "profile_information.json"), (INSTAGRAM, "personal_information.json")],
    ids=["facebook", "instagram"],
)
def test_promises(content, name):
    assert [c for c in testing.check(account, raw(content), name=name) if c.fault] == []


EXAMPLES = [("meta.download.account", "profile_information.json", raw(FACEBOOK))]

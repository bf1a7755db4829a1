import pandas as pd

from forensics.views import chat_list, conversation

MARKO = "38269111222@s.whatsapp.net"


def bubbles(shown):
    return shown.find("div", "fx-bubble")


def test_bubbles_in_order_with_sender_time_and_record(messages, read):
    shown = read(conversation(messages, MARKO))
    assert shown.texts("span", "fx-where") == [f"message/_id={n}" for n in range(1, 8)]
    assert shown.texts("div", "fx-who")[0] == "Марко Петровић (38269111222@s.whatsapp.net)"
    assert "2024-03-05 18:02:00 UTC" in bubbles(shown)[1]["text"]
    assert bubbles(shown)[1]["attrs"]["title"] == "A1 · data/msgstore.db · message/_id=2"
    assert "WhatsApp · direct · 38269111222@s.whatsapp.net · 7 messages · A1" in shown.text


def test_sides(messages, read):
    shown = read(conversation(messages, MARKO))
    assert [len(shown.find("div", f"fx-{side}")) for side in ("system", "incoming", "outgoing")] == [1, 4, 2]
    assert shown.texts("div", "fx-day") == ["Tuesday 2024-03-05"]
    assert "account on A1" in shown.texts("div", "fx-who")


def test_two_accounts_in_talk_with_one_person_are_two_chats(messages, read):
    """A second user of the phone, or a cloned app, has the same app and the same chat."""
    other = messages.assign(account_id="38269999999@s.whatsapp.net", text="drugi nalog")
    both = pd.concat([messages.assign(account_id="38268888888@s.whatsapp.net"), other], ignore_index=True)
    shown = read(conversation(both, MARKO))
    assert [head.count("7 messages") for head in shown.texts("header", None)] == [1, 1]
    assert "account 38268888888@s.whatsapp.net" in shown.text
    assert "account 38269999999@s.whatsapp.net" in shown.text
    assert (
        "account 3826" not in read(conversation(messages.assign(account_id="38268888888@s.whatsapp.net"), MARKO)).text
    )


def test_reply_quotes_what_it_answers(messages, read):
    shown = read(conversation(messages, MARKO))
    assert shown.texts("div", "fx-quote") == [
        "Kombi polazi u 22h sa parkinga. Granica je mirna.",
        "reply to m99 (not among these rows)",
    ]


def test_edited_deleted_and_state_are_marked(messages, read):
    badges = read(conversation(messages, MARKO)).texts("span", "fx-badge")
    assert badges == ["edited 2024-03-05 18:09:00 UTC", "image", "location", "wal", "deleted", "journal"]
    assert "deleted: no text stored" in read(conversation(messages, MARKO)).text
    assert len(read(conversation(messages, MARKO)).find("div", "fx-notlive")) == 2


def test_attachments_reactions_places(messages, attachments, reactions, read):
    shown = read(conversation(messages, MARKO, attachments, reactions))
    assert shown.texts("div", "fx-attached") == [
        "IMG-20240305-WA0001.jpg · image/jpeg · 188,213 bytes · file not found in the evidence" + "паркинг",
        "place 42.772800, 20.971800",
    ]
    assert "👍 38269000111" in shown.texts("span", "fx-badge")


def test_caption_that_is_the_text_is_shown_once(messages, attachments, read):
    captioned = messages.assign(text="паркинг")
    named = attachments.assign(name=None, stored_path="Media/7b42.jpg")
    shown = read(conversation(captioned, MARKO, named))
    assert (
        shown.texts("div", "fx-attached")[0]
        == "Media/7b42.jpg · image/jpeg · 188,213 bytes · file not found in the evidence"
    )


def test_right_to_left_text_and_hidden_override(messages, read):
    shown = read(conversation(messages, "-100777"))
    assert {one["attrs"]["dir"] for one in shown.find("div", "fx-text")} == {"auto"}
    assert "AliU+202Enimda (user99)" in shown.texts("div", "fx-who")
    assert "2024-03-06 09:30:00 (device clock, zone not stored)" in shown.text


def test_limit_is_said(messages, read):
    shown = read(conversation(messages, MARKO, limit=2))
    assert len(bubbles(shown)) == 2
    assert "5 more messages not shown (limit=2)." in shown.text


def test_several_chats_become_a_list(messages, read):
    head, first, second = read(conversation(messages)).table()
    assert "More than one chat" in read(conversation(messages)).text
    assert head == ["name", "chat_id", "kind", "app", "messages", "first", "last", "evidence"]
    assert first == [
        "Марко Петровић",
        MARKO,
        "direct",
        "WhatsApp",
        "7",
        "2024-03-05 18:00:00 UTC",
        "2024-03-05 23:01:00 UTC",
        "A1",
    ]
    assert second[4:6] == ["2", "2024-03-06 09:00:00 UTC"]
    assert read(chat_list(messages)).table() == [head, first, second]


def test_same_chat_on_two_devices_is_shown_once_a_device(messages, read):
    import pandas as pd

    other = messages.assign(evidence="B7")
    shown = read(conversation(pd.concat([messages, other]), MARKO))
    assert len(shown.find("section", "fx-chat")) == 2
    assert len(bubbles(shown)) == 14


def test_event_without_text_says_what_is_stored(messages, read):
    event = messages.head(1).assign(text=None, extra='{"event": "added", "persons": ["38344000116"]}')
    assert "system: no text storedevent: added · persons: 38344000116" in read(conversation(event)).text
    broken = messages.head(1).assign(text=None, extra='["<b>"')
    assert "system: no text stored" in read(conversation(broken)).text


def test_no_messages(messages, read):
    assert read(conversation(messages.head(0))).text == "No messages."
    assert read(conversation(messages, "nobody")).text == "No messages."
    assert read(chat_list(messages.head(0))).text.startswith("0 chats.")


def test_frame_with_few_columns(messages, read):
    few = messages[["text", "sender_name"]]
    assert len(bubbles(read(conversation(few)))) == 9

from forensics.views import gallery


def test_cards_tell_what_is_stored(media, read):
    shown = read(gallery(media))
    cards = shown.texts("div", "fx-card")
    assert len(cards) == 3
    assert "taken2024-03-05 06:10:00 UTC" in cards[0]
    assert "place41.123100, 25.403700" in cards[0]
    assert "camerasamsung SM-A515F" in cards[0]
    assert "SHA-256" + "ab" * 32 in cards[0]
    assert "taken2024-03-05 15:00:01 (local)" in cards[2]
    assert "no position stored" in cards[2]


def test_no_picture_is_shown_and_that_is_said(media, read):
    shown = read(gallery(media))
    assert "img" not in shown.tags
    assert shown.texts("div", "fx-veil") == ["photo, not shown", "video, not shown", "photo, not shown"]
    assert "not the pictures" in shown.text


def test_limit_and_nothing(media, read):
    assert "2 more files not shown (limit=1)." in read(gallery(media, limit=1)).text
    assert read(gallery(media.head(0))).text == "No photos, videos or sounds."

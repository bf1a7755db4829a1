"""What rows in force may be told, and rows that no longer are."""

from forensics_plugins.chats.learned import Learned

LIVE, LOGGED, REPLACED, DELETED = ({"state": state} for state in ("live", "wal", "journal", "freelist"))


def test_rows_in_force_learn_nothing_from_deleted_ones():
    names = Learned()
    names.learn(DELETED, 1, "Мира")
    assert (names.told(LIVE, 1), names.told(LOGGED, 1)) == (None, None)
    assert (names.told(REPLACED, 1), names.told(DELETED, 1)) == ("Мира", "Мира")


def test_deleted_rows_are_told_what_is_in_force():
    names = Learned()
    names.learn(DELETED, 1, "stara")
    names.learn(LIVE, 1, "nova")
    assert (names.told(LIVE, 1), names.told(DELETED, 1)) == ("nova", "nova")
    assert dict(names.items()) == {1: "nova"}
    assert list(names.values()) == ["nova", "stara"]


def test_the_first_stays():
    names = Learned()
    names.learn(LIVE, 1, "prva")
    names.learn(LOGGED, 1, "druga")
    assert names.now == {1: "prva"}

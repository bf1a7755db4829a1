-- Signal for Android, tables as of 2025. Persons, numbers and ids are invented.
CREATE TABLE recipient (_id INTEGER PRIMARY KEY AUTOINCREMENT, type INTEGER DEFAULT 0, e164 TEXT UNIQUE, aci TEXT UNIQUE, pni TEXT,
  username TEXT, email TEXT, group_id TEXT, distribution_list_id INTEGER, call_link_room_id TEXT, registered INTEGER DEFAULT 0,
  blocked INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0, profile_joined_name TEXT, system_joined_name TEXT, about TEXT,
  nickname_joined_name TEXT, note TEXT);
CREATE TABLE thread (_id INTEGER PRIMARY KEY AUTOINCREMENT, date INTEGER DEFAULT 0, recipient_id INTEGER NOT NULL UNIQUE);
CREATE TABLE groups (_id INTEGER PRIMARY KEY, group_id TEXT NOT NULL UNIQUE, recipient_id INTEGER NOT NULL, title TEXT,
  active INTEGER DEFAULT 1, revision BLOB, decrypted_group BLOB);
CREATE TABLE group_membership (_id INTEGER PRIMARY KEY, group_id TEXT NOT NULL, recipient_id INTEGER NOT NULL);
CREATE TABLE message (_id INTEGER PRIMARY KEY AUTOINCREMENT, date_sent INTEGER NOT NULL, date_received INTEGER NOT NULL,
  date_server INTEGER DEFAULT -1, thread_id INTEGER NOT NULL, from_recipient_id INTEGER NOT NULL, from_device_id INTEGER,
  to_recipient_id INTEGER NOT NULL, type INTEGER NOT NULL, body TEXT, read INTEGER DEFAULT 0, receipt_timestamp INTEGER DEFAULT -1,
  has_delivery_receipt INTEGER DEFAULT 0, has_read_receipt INTEGER DEFAULT 0, viewed INTEGER DEFAULT 0,
  expires_in INTEGER DEFAULT 0, expire_started INTEGER DEFAULT 0, quote_id INTEGER DEFAULT 0, quote_author INTEGER DEFAULT 0,
  quote_body TEXT, quote_missing INTEGER DEFAULT 0, shared_contacts TEXT, link_previews TEXT, view_once INTEGER DEFAULT 0,
  remote_deleted INTEGER DEFAULT 0, server_guid TEXT, story_type INTEGER DEFAULT 0, parent_story_id INTEGER DEFAULT 0,
  scheduled_date INTEGER DEFAULT -1, latest_revision_id INTEGER, original_message_id INTEGER, revision_number INTEGER DEFAULT 0,
  message_extras BLOB);
CREATE TABLE attachment (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_id INTEGER, content_type TEXT, transfer_state INTEGER,
  data_file TEXT, data_size INTEGER, data_random BLOB, file_name TEXT, voice_note INTEGER DEFAULT 0, video_gif INTEGER DEFAULT 0,
  quote INTEGER DEFAULT 0, width INTEGER DEFAULT 0, height INTEGER DEFAULT 0, caption TEXT, sticker_pack_id TEXT,
  sticker_emoji STRING, upload_timestamp INTEGER DEFAULT 0, data_hash_start TEXT, data_hash_end TEXT);
CREATE TABLE reaction (_id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL, author_id INTEGER NOT NULL, emoji TEXT NOT NULL,
  date_sent INTEGER NOT NULL, date_received INTEGER NOT NULL);
CREATE TABLE mention (_id INTEGER PRIMARY KEY AUTOINCREMENT, thread_id INTEGER, message_id INTEGER, recipient_id INTEGER,
  range_start INTEGER, range_length INTEGER);
CREATE TABLE group_receipts (_id INTEGER PRIMARY KEY, mms_id INTEGER, address INTEGER, status INTEGER, timestamp INTEGER);
CREATE TABLE call (_id INTEGER PRIMARY KEY, call_id INTEGER NOT NULL, message_id INTEGER, peer INTEGER NOT NULL,
  type INTEGER NOT NULL, direction INTEGER NOT NULL, event INTEGER NOT NULL, timestamp INTEGER NOT NULL, ringer INTEGER,
  deletion_timestamp INTEGER DEFAULT 0, read INTEGER DEFAULT 1, local_joined INTEGER DEFAULT 0);
CREATE TABLE drafts (_id INTEGER PRIMARY KEY, thread_id INTEGER, type TEXT, value TEXT);
CREATE TABLE msl_payload (_id INTEGER PRIMARY KEY, date_sent INTEGER NOT NULL, content BLOB NOT NULL);

INSERT INTO recipient (_id, e164, aci, profile_joined_name, system_joined_name, nickname_joined_name, blocked, note, about) VALUES
  (1, '+38267000001', 'aaaaaaaa-0000-4000-8000-000000000001', 'Ана Тест', NULL, NULL, 0, NULL, NULL),
  (2, '+38267000002', 'aaaaaaaa-0000-4000-8000-000000000002', 'Marko R', 'Марко Радови', NULL, 0, 's posla', 'Ту сам'),
  (3, NULL, 'aaaaaaaa-0000-4000-8000-000000000003', 'Layla', NULL, 'ليلى', 1, NULL, NULL);
INSERT INTO recipient (_id, type, group_id) VALUES (4, 3, '__signal_group__v2__!0a0b');
INSERT INTO groups VALUES (1, '__signal_group__v2__!0a0b', 4, 'Излет ⛰', 1, NULL,
  x'12057a756c65743a140a10aaaaaaaa00004000800000000000000110023a140a10aaaaaaaa000040008000000000000002100142120a10aaaaaaaa0000400080000000000000031001');
INSERT INTO group_membership VALUES (1, '__signal_group__v2__!0a0b', 1), (2, '__signal_group__v2__!0a0b', 2), (3, '__signal_group__v2__!0a0b', 99);
INSERT INTO thread VALUES (1, 0, 2), (2, 0, 4), (3, 0, 1);

INSERT INTO message (_id, date_sent, date_received, date_server, thread_id, from_recipient_id, to_recipient_id, type, body, read) VALUES
  (1, 1760000000123, 1760000001000, 1760000000500, 1, 2, 1, 10485780, 'Где си?', 1);
INSERT INTO message (_id, date_sent, date_received, thread_id, from_recipient_id, to_recipient_id, type, body, quote_id, quote_author,
  quote_body, has_delivery_receipt, has_read_receipt, receipt_timestamp, expires_in, expire_started, latest_revision_id,
  original_message_id, revision_number) VALUES
  (2, 1760000060000, 1760000060000, 1, 1, 2, 10485783, 'Kod kuce', 1760000000123, 2, 'Где си?', 1, 0, 1760000061000, 0, 0, 3, NULL, 0),
  (3, 1760000065000, 1760000065000, 1, 1, 2, 10485783, 'Kod kuće', 1760000000123, 2, 'Где си?', 1, 1, 1760000070000, 3600000,
   1760000061000, NULL, 2, 1);
INSERT INTO message (_id, date_sent, date_received, thread_id, from_recipient_id, to_recipient_id, type, body, remote_deleted,
  view_once, shared_contacts, link_previews) VALUES
  (4, 1760000120000, 1760000121000, 2, 3, 4, 10485780, '￼ دیر نکن', 0, 0, NULL, NULL),
  (5, 1760000180000, 1760000181000, 1, 2, 1, 10485780, NULL, 1, 0, NULL, NULL),
  (6, 1760000190000, 1760000191000, 77, 88, 1, 10485780, '<b>=1+1</b> ‮txt.exe', 0, 0, NULL, NULL),
  (7, 1760000200000, 1760000201000, 1, 2, 1, 10485780, NULL, 0, 1, NULL, NULL),
  (8, 1760000210000, 1760000211000, 1, 1, 2, 10485783, 'https://primer.invalid/', 0, 0, NULL,
   '[{"url":"https://primer.invalid/","attachmentId":{"rowId":5,"valid":true}}]'),
  (9, 1760000220000, 1760000221000, 2, 1, 4, 10485783, NULL, 0, 0, NULL, NULL),
  (10, 1760000230000, 1760000231000, 1, 2, 1, 10485780, NULL, 0, 0, '[{"name":{"displayName":"Јован"}}]', NULL),
  (11, 1760000240000, 1760000241000, 2, 2, 4, 11075604, 'CgQKAggB', 0, 0, NULL, NULL),
  (12, 1760000250000, 1760000251000, 1, 2, 1, 3, NULL, 0, 0, NULL, NULL),
  (13, 1760000260000, 1760000261000, 1, 2, 1, 7, 'ChQ=', 0, 0, NULL, NULL),
  (14, 1760000270000, 1760000271000, 1, 2, 1, 31, 'nov kod', 0, 0, NULL, NULL),
  (15, 1760000280000, 1760000281000, 1, 1, 2, 11, NULL, 0, 0, NULL, NULL),
  (16, 1760000290000, 1760000290000, 3, 1, 1, 10485783, 'почетак дугог текста', 0, 0, NULL, NULL),
  (17, 0, 0, 1, 2, 1, 12895387668, '❤', 0, 0, NULL, NULL);
UPDATE message SET type = 4305453076 WHERE _id = 17;
INSERT INTO attachment (_id, message_id, content_type, data_file, data_size, data_random, file_name, voice_note, width, height, caption,
  data_hash_end, quote) VALUES
  (1, 9, 'image/jpeg', '/data/user/0/org.thoughtcrime.securesms/app_parts/part1.mms', 178803, x'01', 'слика.jpg', 0, 150, 100, 'opis',
   '9trAwMxyN9x8c9tgpGFM6Wr0Exxv2+r9DzhHQeE3Bys=', 0),
  (2, 7, 'audio/aac', NULL, 900, NULL, NULL, 1, 0, 0, NULL, NULL, 0),
  (3, 16, 'text/x-signal-plain', '/data/part3.mms', 9000, NULL, NULL, 0, 0, 0, NULL, NULL, 0),
  (4, 3, 'image/png', NULL, 1, NULL, NULL, 0, 0, 0, NULL, 'not a hash', 1),
  (5, 8, 'image/png', NULL, 1, NULL, NULL, 0, 0, 0, NULL, NULL, 0),
  (6, 777, 'image/png', NULL, 1, NULL, NULL, 0, 0, 0, NULL, NULL, 0);
INSERT INTO reaction VALUES (1, 4, 1, '👍', 1760000130000, 1760000131000), (2, 777, 99, '👎', 0, 0);
INSERT INTO mention VALUES (1, 2, 4, 1, 0, 1);
INSERT INTO group_receipts VALUES (1, 9, 2, 2, 1760000225000), (2, 9, 3, 1, 1760000226000), (3, 9, 99, 0, -1), (4, 9, 2, 9, NULL);
INSERT INTO call VALUES (1, -5400345, 15, 2, 1, 1, 1, 1760000280000, NULL, 0, 1, 0), (2, 77, NULL, 4, 3, 0, 7, 1760000550000, 3, 1760000600000, 1, 0),
  (3, 78, NULL, 99, 9, 9, 99, 1760000560000, NULL, 0, 1, 0);
INSERT INTO drafts VALUES (1, 1, 'text', 'nedovršeno'), (2, 1, 'quote', 'x');
INSERT INTO msl_payload VALUES (1, 1760000000000, x'00');

-- Session for Android, decrypted. The address of a received message is who wrote it, of a sent one whom it went to.
CREATE TABLE thread (_id INTEGER PRIMARY KEY, date INTEGER DEFAULT 0, recipient_ids TEXT);
INSERT INTO thread VALUES (1, 0, '05dragan'), (2, 0, '__textsecure_group__!aa'), (3, 0, '03bb');
CREATE TABLE session_contact_database (session_id STRING PRIMARY KEY, name TEXT, nickname TEXT, profile_picture_url TEXT, is_trusted INTEGER DEFAULT 0);
INSERT INTO session_contact_database VALUES ('05dragan', 'Dragan', 'Драган', NULL, 1), ('05layla', 'ليلى', NULL, 'http://filev2.example.org/file/2', 0);
CREATE TABLE recipient_preferences (recipient_ids TEXT UNIQUE, block INTEGER DEFAULT 0, system_display_name TEXT, signal_profile_name TEXT, approved INTEGER, approved_me INTEGER);
INSERT INTO recipient_preferences VALUES ('05dragan', 1, NULL, NULL, 1, 1), ('__textsecure_group__!aa', 0, 'Put', NULL, 0, 0);
CREATE TABLE groups (_id INTEGER PRIMARY KEY, group_id TEXT, title TEXT, members TEXT, zombie_members TEXT, active INTEGER DEFAULT 1, admins TEXT);
INSERT INTO groups VALUES (1, '__textsecure_group__!aa', 'Put', '05dragan,05layla', '05gone', 1, '05dragan'), (2, '__loki_public_chat_group__!cc', 'Соба', NULL, NULL, 1, '');
CREATE TABLE sms (_id integer PRIMARY KEY, thread_id INTEGER, address TEXT, date INTEGER, date_sent INTEGER, read INTEGER DEFAULT 0, status INTEGER DEFAULT -1, type INTEGER,
  delivery_receipt_count INTEGER DEFAULT 0, body TEXT, expires_in INTEGER DEFAULT 0, expire_started INTEGER DEFAULT 0, read_receipt_count INTEGER DEFAULT 0,
  has_mention INTEGER DEFAULT 0, is_deleted GENERATED ALWAYS AS ((type & 31) IN (28, 19)) VIRTUAL);
INSERT INTO sms (_id, thread_id, address, date, date_sent, read, type, body, expires_in, expire_started, read_receipt_count, has_mention) VALUES
  (1, 1, '05dragan', 1700000000123, 1700000000123, 1, 10485780, 'Где си?', 0, 0, 0, 0),                   -- inbox, secure, push
  (2, 1, '05dragan', 1700000060999, 1700000060456, 1, 10485783, 'Kod kuće', 3600000, 1700000061000, 1, 0), -- sent
  (3, 1, '05dragan', 1700000100000, 1700000100000, 0, 3, NULL, 0, 0, 0, 0),                                -- missed call
  (4, 2, '05layla', 1700000200000, 1700000200000, 0, 10551316, 'GROUP', 0, 0, 0, 0),                       -- inbox, group updated
  (5, 1, '05dragan', 1700000300000, 1700000300000, 1, 10485779, '', 0, 0, 0, 0),                           -- deleted, received
  (6, 9, '05stranger', 0, 0, 0, 10485770, '=1+1', 0, 0, 0, 1),                                             -- thread gone, code 10, no time
  (7, 1, '05dragan', 1700000400000, 1700000400000, 1, 2, NULL, 0, 0, 0, 0);                                -- call made
CREATE TABLE mms (_id INTEGER PRIMARY KEY AUTOINCREMENT, thread_id INTEGER, date INTEGER, date_received INTEGER, msg_box INTEGER, read INTEGER DEFAULT 0, body TEXT, address TEXT,
  delivery_receipt_count INTEGER DEFAULT 0, expires_in INTEGER DEFAULT 0, expire_started INTEGER DEFAULT 0, read_receipt_count INTEGER DEFAULT 0, quote_id INTEGER DEFAULT 0,
  quote_author TEXT, quote_body TEXT, previews TEXT, message_content TEXT, has_mention INTEGER DEFAULT 0);
INSERT INTO mms (_id, thread_id, date, date_received, msg_box, read, body, address, quote_id, quote_author, previews, message_content) VALUES
  (1, 2, 1700000500000, 1700000500777, 10485780, 0, 'на мору', '05layla', 0, NULL, NULL, NULL),
  (2, 1, 1700000600000, 1700000600000, 10485783, 1, 'odgovor', '05dragan', 1700000000123, '05dragan', '[{"url":"https://example.org","title":"Primjer"}]', NULL),
  (3, 3, 1700000700000, 1700000700000, 10485780, 1, NULL, '05layla', 0, NULL, NULL, '{"type":"disappearing_message_update","expiry_time_seconds":3600}'),
  (4, 1, 1700000800000, 1700000800000, 10489876, 1, NULL, '05dragan', 0, NULL, NULL, NULL);                -- media saved
CREATE TABLE part (_id INTEGER PRIMARY KEY, mid INTEGER, ct TEXT, name TEXT, pending_push INTEGER, _data TEXT, data_size INTEGER, file_name TEXT, thumbnail TEXT, digest BLOB, voice_note INTEGER DEFAULT 0,
  quote INTEGER DEFAULT 0, width INTEGER DEFAULT 0, height INTEGER DEFAULT 0, caption TEXT, url TEXT, audio_duration INTEGER);
INSERT INTO part VALUES
  (1, 1, 'image/jpeg', NULL, 0, '/data/user/0/network.loki.messenger/app_parts/part1.mms', 2048, 'slika.jpg', NULL, x'0102', 0, 0, 640, 480, 'opis', 'http://filev2.example.org/file/9', NULL),
  (2, 1, 'audio/aac', NULL, 0, '/data/user/0/network.loki.messenger/app_parts/part2.mms', 900, NULL, NULL, NULL, 1, 0, 0, 0, NULL, NULL, 4500),
  (3, 98, 'image/png', NULL, 3, NULL, 0, NULL, NULL, NULL, 0, 1, 0, 0, NULL, NULL, NULL);                  -- its message is gone
CREATE TABLE reaction (reaction_id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL, is_mms INTEGER NOT NULL, author_id TEXT NOT NULL, emoji TEXT NOT NULL, server_id TEXT NOT NULL,
  count INTEGER NOT NULL, sort_id INTEGER NOT NULL, reaction_date_sent INTEGER NOT NULL, reaction_date_received INTEGER NOT NULL);
INSERT INTO reaction VALUES (1, 1, 0, '05layla', '❤️', '', 1, 0, 1700000150000, 0), (2, 1, 1, '05dragan', '👍', '', 5, 0, 0, 0);
CREATE TABLE group_receipts (_id INTEGER PRIMARY KEY, mms_id INTEGER, address TEXT, status INTEGER, timestamp INTEGER);
INSERT INTO group_receipts VALUES (1, 2, '05dragan', 2, 1700000610000), (2, 2, '05layla', 0, 1700000600000), (3, 2, '05x', 1, -1);

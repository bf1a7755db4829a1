-- Signal for Android, tables as of 2022: sms and mms, reactions in a table; and, as before 2021, reactions in the row.
CREATE TABLE recipient (_id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT, username TEXT, phone TEXT, email TEXT, group_id TEXT,
  blocked INTEGER DEFAULT 0, system_display_name TEXT, signal_profile_name TEXT, profile_joined_name TEXT, about TEXT);
CREATE TABLE thread (_id INTEGER PRIMARY KEY AUTOINCREMENT, date INTEGER DEFAULT 0, thread_recipient_id INTEGER);
CREATE TABLE groups (_id INTEGER PRIMARY KEY, group_id TEXT, recipient_id INTEGER, title TEXT, members TEXT, decrypted_group BLOB);
CREATE TABLE sms (_id INTEGER PRIMARY KEY AUTOINCREMENT, thread_id INTEGER, address INTEGER, date INTEGER, date_sent INTEGER,
  date_server INTEGER DEFAULT -1, read INTEGER DEFAULT 0, type INTEGER, delivery_receipt_count INTEGER DEFAULT 0, body TEXT,
  read_receipt_count INTEGER DEFAULT 0, remote_deleted INTEGER DEFAULT 0, receipt_timestamp INTEGER DEFAULT -1, reactions BLOB);
CREATE TABLE mms (_id INTEGER PRIMARY KEY AUTOINCREMENT, thread_id INTEGER, date INTEGER, date_received INTEGER, msg_box INTEGER,
  read INTEGER DEFAULT 0, body TEXT, address INTEGER, delivery_receipt_count INTEGER DEFAULT 0, quote_id INTEGER DEFAULT 0,
  quote_author TEXT, quote_body TEXT, shared_contacts TEXT, previews TEXT, reveal_duration INTEGER DEFAULT 0);
CREATE TABLE part (_id INTEGER PRIMARY KEY, mid INTEGER, ct TEXT, _data TEXT, data_size INTEGER, file_name TEXT,
  unique_id INTEGER NOT NULL, voice_note INTEGER DEFAULT 0, data_random BLOB, quote INTEGER DEFAULT 0, data_hash TEXT);
CREATE TABLE reaction (_id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL, is_mms INTEGER NOT NULL, author_id INTEGER NOT NULL,
  emoji TEXT NOT NULL, date_sent INTEGER NOT NULL, date_received INTEGER NOT NULL);
INSERT INTO recipient (_id, uuid, phone, system_display_name) VALUES (1, NULL, '+38267000005', 'Јован'), (2, 'aaaaaaaa-0000-4000-8000-000000000006', NULL, 'هادی');
INSERT INTO recipient (_id, group_id) VALUES (3, '__textsecure_group__!ff');
INSERT INTO thread VALUES (1, 0, 1), (2, 0, 3);
INSERT INTO groups VALUES (1, '__textsecure_group__!ff', 3, 'Екипа', '1,2,+38267000007', NULL);
INSERT INTO sms (_id, thread_id, address, date, date_sent, read, type, body, reactions) VALUES
  (1, 1, 1, 1640000001000, 1640000000000, 1, 10485780, 'стара порука', x'0a0f0a04f09f918d100218d09780bddd2f'),
  (2, 1, 1, 1640000060000, 1640000060000, 1, 10485783, 'odgovor', NULL),
  (3, 1, 1, 1640000070000, 1640000070000, 1, 1, NULL, NULL),
  (4, 1, 1, 1640000080000, 1640000080000, 0, 3, NULL, x'ff');
INSERT INTO mms (_id, thread_id, date, date_received, msg_box, body, address, quote_id, quote_author, reveal_duration) VALUES
  (1, 2, 1640000100000, 1640000101000, 10485780, 'سلام', 2, 0, NULL, 0),
  (2, 2, 1640000110000, 1640000110000, 10485783, NULL, 3, 1640000100000, '2', 1);
INSERT INTO part (_id, mid, ct, _data, data_size, file_name, unique_id, voice_note) VALUES
  (1, 2, 'video/mp4', '/data/user/0/org.thoughtcrime.securesms/app_parts/part9.mms', 5000, NULL, 1640000110000, 0);
INSERT INTO reaction VALUES (1, 1, 1, 1, '👍', 1640000120000, 1640000121000), (2, 1, 0, 2, '🙏', 1640000122000, 1640000123000);

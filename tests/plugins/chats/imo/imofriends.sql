-- imo for Android, imofriends.db: the columns that published readers and a published model of the schema name.
CREATE TABLE friends (_id INTEGER PRIMARY KEY, buid TEXT, name TEXT, display TEXT, note_name TEXT, type TEXT, starred INTEGER);
INSERT INTO friends VALUES (1, '2001', 'Arben', 'Arben K.', 'Beni vozač', NULL, 1), (2, '2002', '', 'Hasan', '', NULL, 0);
CREATE TABLE phone_numbers (_id INTEGER PRIMARY KEY, uid TEXT, phone TEXT);
INSERT INTO phone_numbers VALUES (1, '2001', '+38344555666'), (2, '2001', '+355691234567');
CREATE TABLE messages (_id INTEGER PRIMARY KEY, buid TEXT, author TEXT, author_alias TEXT, imdata TEXT, last_message TEXT, message_type INTEGER, message_state INTEGER, message_read INTEGER, view_type INTEGER, timestamp INTEGER, sender_timestamp_nano LONG);
INSERT INTO messages VALUES
  (1, '2001', '2001;imo', 'Arben', NULL, 'kada krećemo?', 1, 3, 1, 0, 1588335630123456789, 1588335629000000000),
  (2, '2001', NULL, NULL, '{"type": "im"}', 'сутра рано', 0, 2, 1, 0, 1588335700000000000, 0),
  (3, '9999', NULL, NULL, NULL, 'koji broj?', 1, 3, 0, 0, 1588335800000000000, 0),                             -- no friend
  (4, 'group1', '2002;imo', 'Hasan', '{"type": "image", "original_path": "/storage/emulated/0/DCIM/granica.jpg", "local_path": "/data/imo/1.jpg"}', '', 1, 3, 1, 4, 1588335900000000000, 0),
  (5, '2001', NULL, NULL, '{"local_path": "/data/imo/2.mp4"}', '', 0, 2, 1, 9, 1588336000000000000, 0),
  (6, '2001', NULL, NULL, '{"type": "location", "latitude": "42.4304", "longitude": 19.2594, "placeName": "Stanica", "address": "Podgorica"}', '', 0, 2, 1, 5, 1588336100000000000, 0),
  (7, '2001', '2001;imo', 'Arben', '{"type": "call_log", "chat_type": "video_chat", "call_duration": 61}', '', 1, 3, 1, 6, 1588336200000000000, 0),
  (8, '2001', NULL, NULL, '{"type": "sticker_x", "pack": 7}', '', 2, NULL, NULL, 7, 1588336300000000000, 0),
  (9, '2001', NULL, NULL, '{broken', 'tekst je ostao', 1, NULL, NULL, 0, 1588336400000000000, 0),
  (10, NULL, NULL, NULL, '[1]', NULL, NULL, NULL, NULL, NULL, NULL, NULL);

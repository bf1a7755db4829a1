-- Tango for Android, tc.db. Payloads are written as fields here, {number value}; the test makes base64 of Protocol Buffers of them.
CREATE TABLE profiles (key TEXT PRIMARY KEY, value TEXT);
INSERT INTO profiles VALUES ('DB_VERSION', '11');
CREATE TABLE conversations (conv_id TEXT PRIMARY KEY, conv_type INTEGER DEFAULT 0, payload BLOB, last_msg_id INTEGER, unread_count INTEGER, conv_del_status INTEGER DEFAULT 0, deleting_ts BIGINT DEFAULT 0);
INSERT INTO conversations VALUES
  ('arben', 0, '{2 {1 "Arben" 2 "K." 3 "arben" 8 1} 3 "arben" 7 0}', 7, 1, 0, 0),
  ('put', 1, '{2 {1 "Milan" 3 "milan"} 2 {1 "Hasan" 3 "hasan"} 3 "put"}', 9, 0, 2, 1452868515520),
  ('nothing', 0, 'no payload at all!', -1, 0, 0, 0);
CREATE TABLE messages (msg_id INTEGER PRIMARY KEY, conv_id TEXT, type INTEGER, media_id TEXT, share_id TEXT, create_time BIGINT, send_time BIGINT, direction INTEGER, status INTEGER, payload BLOB, del_status INTEGER);
INSERT INTO messages VALUES
  (1, 'arben', 0, NULL, NULL, 1452868881609, 1452868881700, 2, 1, '{2 "arben" 3 0 4 "kada krećemo?" 21 {1 "Arben" 2 "K." 3 "arben" 6 3} 23 1 91 555 41 3}', 0),
  (2, 'arben', 0, NULL, NULL, 1452868907961, 1452868908526, 1, 1, '{2 "arben" 3 0 4 "сутра рано" 23 2 57 0}', 0),
  (3, 'arben', 3, 'VpkF', NULL, 1452868924497, 1452868930830, 1, 1,
   '{2 "arben" 3 3 5 "http://media.example.org/VpkF" 6 "http://media.example.org/VpkF/thumbnail" 7 "/storage/cache/11.jpg" 10 "VpkF" 15 "/storage/cache/a4.jpg" 17 "http://u.example.org/x" 18 720 19 1280 23 3}', 0),
  (4, 'arben', 61, NULL, NULL, 1452869052413, 1452869053038, 2, 1, '{2 "arben" 3 61 21 {3 "arben"} 23 4 76 "Arben liked the photo." 97 {2 "arben" 23 3} 99 {3 "arben"}}', 0),
  (5, 'arben', 61, NULL, NULL, 1452869192978, 1452869192854, 1, 1, '{2 "arben" 3 61 23 5 76 "Milan liked the message." 97 {2 "arben" 23 1} 99 {3 "milan-owner"}}', 0),
  (6, 'arben', 35, '7020', NULL, 1452869159821, 1452869159828, 2, 1, '{2 "arben" 3 35 21 {3 "arben"} 73 "7020" 86 {1 "src" 2 "fav"} 86 {1 "x"}}', 0),
  (7, 'gone', 0, NULL, NULL, 0, 0, 9, 1, NULL, 2),                                      -- conversation is gone, no payload, no times
  (8, 'arben', 0, NULL, NULL, 1452869200000, 1452869200100, 2, 1, 'not base64', 0),
  (9, 'put', 0, NULL, NULL, 1452869300000, 1452869300100, 2, 1, '{2 "arben" 3 0 4 "of another conversation"}', 0);
CREATE TABLE receipts (conv_id TEXT PRIMARY KEY, msg_id INTEGER);
INSERT INTO receipts VALUES ('arben', 1);
CREATE TABLE sms (msg_id INTEGER PRIMARY KEY, phonenumber TEXT, text TEXT);
CREATE TABLE likes (msg_id INTEGER PRIMARY KEY, global_msg_id TEXT, conv_id TEXT, liker_aid TEXT, act_type INTEGER, status INTEGER, act_ts BIGINT, payload BLOB);
INSERT INTO likes VALUES (4, 'd710', 'arben', 'arben', 0, 2, 1452869053038, NULL), (5, '271e', 'arben', NULL, 0, 2, 1452869192978, NULL), (99, 'ffff', 'arben', NULL, 0, 1, NULL, NULL);

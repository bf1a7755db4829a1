-- LINE for Android.
CREATE TABLE chat (chat_id TEXT PRIMARY KEY, chat_name TEXT, owner_mid TEXT, last_created_time TEXT, type INTEGER, input_text TEXT);
INSERT INTO chat VALUES ('u2', NULL, NULL, '1700000000123', 1, 'Сутра ћемо'), ('c1', 'staro', NULL, '0', 3, ''), ('u3', 'ليلى', NULL, '0', 1, NULL);
CREATE TABLE groups (id TEXT PRIMARY KEY, name TEXT, creator TEXT);
INSERT INTO groups VALUES ('c1', 'Пут', 'u2');
CREATE TABLE contacts (m_id TEXT PRIMARY KEY, name TEXT, server_name TEXT, addressbook_name TEXT, custom_name TEXT, status_msg TEXT, relation INTEGER, status INTEGER, hidden INTEGER, favorite INTEGER,
  created_time INTEGER, picture_path TEXT);
INSERT INTO contacts VALUES ('u2', 'dragan', 'dragan', NULL, 'Драган Илић', 'на мору', 1, 0, 0, 1, 1690000000000, NULL);
CREATE TABLE membership (id TEXT, m_id TEXT, is_accepted INTEGER, created_time INTEGER, updated_time INTEGER, PRIMARY KEY (id, m_id));
INSERT INTO membership VALUES ('c1', 'u2', 1, 1690000000000, 0), ('c1', 'u9', 0, 0, 0);
CREATE TABLE chat_member (chat_id TEXT, mid TEXT, created_time TEXT, PRIMARY KEY (chat_id, mid));
INSERT INTO chat_member VALUES ('r1', 'u2', '1690000000000');
CREATE TABLE chat_history (id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, type INTEGER, chat_id TEXT, from_mid TEXT, content TEXT, created_time TEXT, delivered_time TEXT, status INTEGER,
  sent_count INTEGER, read_count INTEGER, location_name TEXT, location_address TEXT, location_phone TEXT, location_latitude INTEGER, location_longitude INTEGER, attachement_image INTEGER,
  attachement_image_height INTEGER, attachement_image_width INTEGER, attachement_image_size INTEGER, attachement_type INTEGER, attachement_local_uri TEXT, parameter TEXT, chunks BLOB);
INSERT INTO chat_history (id, server_id, type, chat_id, from_mid, content, created_time, delivered_time, status, read_count, attachement_type, parameter) VALUES
  (1, '101', 1, 'u2', 'u2', 'Где си?', '1700000000123', '1700000000123', 3, 0, 0, NULL),
  (2, '102', 1, 'u2', NULL, 'Kod kuće', '1700000060456', '1700000061000', 3, 1, 0, 'message_relation_server_message_id' || char(9) || '101' || char(9) || 'message_relation_type_code' || char(9) || '3'),
  (3, '103', 1, 'c1', 'u7', '=1+1', '1700000120000', '0', 3, 0, NULL, NULL),                                               -- content type not set, sender not known
  (4, '104', 27, 'u2', 'u2', NULL, '1700000130000', NULL, 3, 0, 0, NULL), (5, '105', 38, 'u2', 'u1', NULL, '1700000140000', NULL, 3, 0, 0, NULL),
  (6, '106', 28, 'c1', 'u1', NULL, '1700000150000', NULL, 3, 0, 0, NULL),
  (7, '107', 4, 'u2', 'u2', NULL, '1700000200000', NULL, 3, 0, 6, 'TYPE' || char(9) || 'V' || char(9) || 'RESULT' || char(9) || 'NORMAL' || char(9) || 'DURATION' || char(9) || '65500'),
  (8, '108', 4, 'u2', '', NULL, '1700000210000', NULL, 3, 0, 6, 'TYPE' || char(9) || 'A' || char(9) || 'RESULT' || char(9) || 'CANCELED'),
  (9, '109', 5, 'c1', 'u2', NULL, '1700000220000', NULL, 3, 0, 7, 'STKID' || char(9) || '42' || char(9) || 'STKPKGID' || char(9) || '7'),
  (10, '110', 7, 'c1', 'u2', 'Пут', '1700000230000', NULL, 3, 0, 0, NULL), (11, NULL, 99, 'x', NULL, NULL, NULL, NULL, NULL, NULL, 77, 'odd'),
  (12, '112', 1, 'c1', 'u2', NULL, '1700000240000', NULL, 3, 0, 22, 'ALT_TEXT' || char(9) || 'Понуда' || char(9) || 'FLEX_JSON' || char(9) || '{}'),
  (13, '113', 17, 'c1', 'u2', NULL, '1700000250000', NULL, 3, 0, 0, 'OBSCOPY_ENCRYPTED_CONTENT_KEY_MATERIAL' || char(9) || 'deadbeef'),
  (14, '114', 1, 'u2', 'u2', 'стара вест', '1700000260000', NULL, 3, 0, 0, 'message_relation_server_message_id' || char(9) || '1' || char(9) || 'message_relation_type_code' || char(9) || '0');
INSERT INTO chat_history (id, server_id, type, chat_id, from_mid, created_time, attachement_type, attachement_image_width, attachement_image_height, attachement_image_size, attachement_local_uri, parameter) VALUES
  (20, '120', 1, 'u2', NULL, '1700000300000', 1, 640, 480, 2048, 'content://media/1', 'ENC_KM' || char(9) || 'deadbeef' || char(9) || 'OID' || char(9) || 'o1'),
  (21, '121', 1, 'u2', 'u2', '1700000310000', 14, 0, 0, 0, NULL, 'FILE_NAME' || char(9) || 'račun.pdf' || char(9) || 'FILE_SIZE' || char(9) || '5'),
  (22, '122', 1, 'u2', 'u2', '1700000320000', 3, NULL, NULL, NULL, NULL, 'DURATION' || char(9) || '7000');
INSERT INTO chat_history (id, server_id, type, chat_id, from_mid, created_time, attachement_type, location_name, location_address, location_latitude, location_longitude) VALUES
  (30, '130', 1, 'u2', 'u2', '1700000400000', 15, 'Kafić', 'Podgorica', 42441100, 19263600), (31, '131', 1, 'u2', 'u2', '1700000410000', 15, NULL, NULL, 900000000, 1);
CREATE TABLE reactions (server_message_id INTEGER NOT NULL, member_id TEXT NOT NULL, chat_id TEXT NOT NULL, reaction_time_millis INTEGER NOT NULL, reaction_type TEXT NOT NULL, custom_reaction TEXT,
  PRIMARY KEY (server_message_id, member_id));
INSERT INTO reactions VALUES (101, 'u1', 'u2', 1700000010000, 'love', NULL), (101, 'u3', 'u2', 0, 'custom', '{"x":1}');

-- viber_messages of Viber for Android, schema with msg_date and send_type. Invented.
CREATE TABLE participants_info (_id INTEGER PRIMARY KEY, number TEXT, contact_name TEXT, display_name TEXT, viber_name TEXT, member_id TEXT, encrypted_member_id TEXT, participant_type INTEGER);
INSERT INTO participants_info VALUES
  (1, '+38267999888', NULL, 'Vlasnik', NULL, 'own=', 'em:own', 0),               -- the owner
  (2, '+381641112222', 'Milan Vozač', 'Milan', 'mikan', 'mil=', 'em:mil', 1),
  (3, '', NULL, 'Скривен', NULL, 'hid=', 'em:hid', 1),                            -- a hidden number, a member id only
  (4, 'AbCdEf/ciphertext==', NULL, 'Arben', NULL, 'arb=', 'em:arb', 2),           -- hidden here ...
  (5, '+38344555666', 'Arben Shoferi', NULL, NULL, 'arb2=', 'em:arb', 1),         -- ... and known there
  (6, '+905321234567', NULL, NULL, NULL, NULL, NULL, 1);                          -- in no chat at all
CREATE TABLE conversations (_id INTEGER PRIMARY KEY, conversation_type INTEGER, name TEXT, group_id INTEGER DEFAULT 0, participant_id_1 INTEGER, participant_id_2 INTEGER, flags INTEGER DEFAULT 0, deleted INTEGER DEFAULT 0);
INSERT INTO conversations VALUES
  (1, 0, NULL, 0, 2, 0, 0, 0),                                                    -- with Milan
  (2, 1, 'Put za Trst 🚐', 5001, 0, 0, 0, 0),                                     -- a group
  (3, 5, 'Посао у Италији', 6001, 0, 0, 8, 0),                                    -- a community
  (4, 6, NULL, 0, 1, 0, 0, 0),                                                    -- notes to oneself
  (5, 0, NULL, 0, 3, 0, 0, 1),                                                    -- deleted; its partner is no row of participants
  (6, 9, 'Bot', 0, 6, 0, 0, 0);                                                   -- a type that is not described
CREATE TABLE participants (_id INTEGER PRIMARY KEY, conversation_id INTEGER, participant_info_id INTEGER, active INTEGER, group_role INTEGER, alias_name TEXT);
INSERT INTO participants VALUES
  (1, 1, 1, 1, NULL, NULL), (2, 1, 2, 1, NULL, NULL),
  (3, 2, 1, 1, 2, NULL), (4, 2, 2, 1, 1, NULL), (5, 2, 4, 0, 1, 'Beni'),
  (6, 3, 3, 1, 1, NULL),                                                          -- the only member
  (7, 4, 1, 1, NULL, NULL),
  (8, 2, 77, 1, 1, NULL);                                                         -- its person is gone
CREATE TABLE messages (_id INTEGER PRIMARY KEY AUTOINCREMENT, conversation_id INTEGER, participant_id INTEGER, msg_date LONG, send_type INTEGER, body TEXT, order_key LONG, deleted INTEGER DEFAULT 0, extra_mime INTEGER, msg_info TEXT, extra_uri TEXT,
  extra_duration INTEGER DEFAULT 0, status INTEGER DEFAULT 0, unread INTEGER DEFAULT 0, token LONG DEFAULT 0, location_lat INTEGER DEFAULT 0, location_lng INTEGER DEFAULT 0, timebomb_in_sec INTEGER DEFAULT 0, read_message_time LONG DEFAULT 0);
INSERT INTO messages (_id, conversation_id, participant_id, msg_date, send_type, body, order_key, deleted, extra_mime, msg_info, extra_uri, unread, token) VALUES
  (1, 1, 2, 1678300000123, 0, 'Чекам на граници 🙂', 1678300000123, 0, 0, '', NULL, 0, 5700000000000000001),
  (2, 1, 1, 1678300060000, 1, 'Stižemo u pet', 1678300060000, 0, 0, '{"quote":{"text":"Чекам на граници 🙂","name":"Milan"}}', NULL, 0, 5700000000000000002),
  (3, 1, 2, 1678300120000, 0, NULL, 5, 0, 1, '{"fileInfo":{"FileName":"pasos.jpg","FileExt":"jpg","FileSize":"42073","FileHash":"8a","mediaInfo":{"Width":800,"Height":600,"MediaType":"Image"}}}', 'content://media/1', 1, 0),
  (4, 1, 2, 1678300180000, 0, 'obriši ovo', 1678300180000, 1, 0, NULL, NULL, 0, 0),
  (5, 1, 2, 1678300240000, 0, NULL, 1678300240000, 0, 1008, NULL, NULL, 0, 0),
  (6, 2, 5, 1678300300000, 0, 'Nisem jedini', 1678300300000, 0, 0, NULL, NULL, 0, 0),
  (7, 2, 8, 1678300360000, 0, 'ko sam ja', 1678300360000, 0, 0, NULL, NULL, 0, 0),
  (8, 3, 6, 1678300420000, 0, 'Пријаве овде', 1678300420000, 0, 8, '{"URL":"https://example.org/posao","Title":"Posao","Type":"url","generalFwdInfo":{"orig_chat_id":"6002"}}', NULL, 0, 0),
  (9, 4, 7, 1678300480000, 1, 'IBAN: kasnije', 1678300480000, 0, 0, NULL, NULL, 0, 0),
  (10, 2, 4, 1678300540000, 0, '👍', 1678300540000, 0, 1007, '{"token":"5700000000000000002"}', NULL, 0, 0),
  (11, 2, 4, 1678300600000, 0, 'Ko vozi?', 1678300600000, 0, 4242, '{"poll":{"options":[{"name":"Milan","count":2,"isLiked":true},{"name":"niko","count":0}]}}', NULL, 0, 0),
  (12, 2, 4, 1678300660000, 0, NULL, 1678300660000, 0, 99, NULL, NULL, 0, 0),
  (13, 99, 0, 1678300720000, 0, 'chat bez reda', 1678300720000, 0, 0, NULL, NULL, 0, 0),
  (14, 5, 0, 1678300780000, 0, '[{"Type":"text","Text":"Dobro došli"},{"Text":"Kod 1234"}]', 1678300780000, 0, 7, NULL, NULL, 0, 0),
  (15, 1, 2, 1678300840000, 3, 'smer 3', 1678300840000, 0, 10, '{"audio_ptt":{"duration":7}}', NULL, 0, 0),
  (16, 1, 2, 1678300900000, 0, 'loš json', 1678300900000, 0, 0, '{"quote":', NULL, 0, 0);
INSERT INTO messages (_id, conversation_id, participant_id, msg_date, send_type, body, extra_mime, location_lat, location_lng, timebomb_in_sec, read_message_time) VALUES
  (17, 1, 2, 1678300960000, 0, NULL, 5, 43136700, 20512200, 0, 0),                -- millionths of a degree
  (18, 1, 2, 1678301020000, 0, NULL, 5, 431367000, 205122000, 0, 0),              -- ten-millionths
  (19, 1, 2, 1678301080000, 0, 'nestaje', 0, 0, 0, 60, 1678301100000);
CREATE TABLE messages_likes (_id INTEGER PRIMARY KEY, message_token LONG, participant_number TEXT);

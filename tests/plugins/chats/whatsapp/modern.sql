-- Invented conversations in the schema of WhatsApp for Android since 2021. The tables are those of a database of 2022 and, for
-- edits, polls, hidden identities and past members, of published descriptions; columns that nothing reads are left out.
CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT NOT NULL, server TEXT NOT NULL, agent INTEGER, device INTEGER, type INTEGER, raw_string TEXT);
INSERT INTO jid (_id, user, server, raw_string) VALUES
  (1, 'status', 'broadcast', 'status@broadcast'),
  (2, '381641112222', 's.whatsapp.net', '381641112222@s.whatsapp.net'),          -- Milan, in the address book
  (3, '38344555666', 's.whatsapp.net', '38344555666@s.whatsapp.net'),            -- Arben, chose his own name
  (4, '120363041111111111', 'g.us', '120363041111111111@g.us'),                  -- the group
  (5, '205690463334636', 'lid', '205690463334636@lid'),                          -- hidden, paired with Arben
  (6, '99887766554433', 'lid', '99887766554433@lid'),                            -- hidden, paired with nobody
  (7, '905321234567', 's.whatsapp.net', '905321234567@s.whatsapp.net'),          -- calls, has no chat
  (8, '38267000111', 's.whatsapp.net', '38267000111@s.whatsapp.net');
CREATE TABLE jid_map (lid_row_id INTEGER PRIMARY KEY NOT NULL, jid_row_id INTEGER NOT NULL, sort_id INTEGER);
INSERT INTO jid_map VALUES (5, 3, 0);
CREATE TABLE lid_display_name (lid_row_id INTEGER PRIMARY KEY NOT NULL, display_name TEXT NOT NULL, username TEXT);
INSERT INTO lid_display_name VALUES (5, 'Beni', NULL), (6, 'Vozač 🚚', 'vozac77');
CREATE TABLE props (_id INTEGER PRIMARY KEY, key TEXT UNIQUE, value TEXT);
INSERT INTO props VALUES (1, 'user_push_name', 'Dragan');

CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER UNIQUE, hidden INTEGER, subject TEXT, created_timestamp INTEGER, archived INTEGER);
INSERT INTO chat VALUES
  (1, 1, 1, NULL, NULL, 0), (2, 2, 0, NULL, NULL, 0), (3, 5, 0, NULL, NULL, 1), (4, 4, 0, 'Пут на север', 1646000000000, 0),
  (5, 8, 0, NULL, NULL, 0), (6, 590, 1, NULL, NULL, 0);  -- chat 5 has no message left, chat 6 has no row in jid

CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER NOT NULL, from_me INTEGER NOT NULL, key_id TEXT NOT NULL, sender_jid_row_id INTEGER,
  status INTEGER, origination_flags INTEGER, origin INTEGER, timestamp INTEGER, received_timestamp INTEGER, receipt_server_timestamp INTEGER,
  message_type INTEGER, text_data TEXT, starred INTEGER, sort_id INTEGER NOT NULL DEFAULT 0);
INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, origination_flags, origin, timestamp, received_timestamp, message_type, text_data, starred) VALUES
  (1, -1, 0, '-1', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (2, 2, 0, 'A02', 0, 0, 0, 0, 1647000000123, 1647000001500, 0, 'Kad krećete sutra?', 0),
  (3, 2, 1, 'A03', 0, 13, 0, 0, 1647000060000, 0, 0, 'U pet, kod pumpe', 1),
  (4, 2, 0, 'A04', NULL, NULL, 0, 0, 1647000120000, -1, 0, 'Важи', 0),                        -- status NULL
  (5, 4, 0, 'A05', 5, 0, 1, 0, 1647000180000, 0, 0, 'Sa kemi paguar për secilin?', 0),          -- LID that is paired, forwarded
  (6, 4, 0, 'A06', 6, 0, 0, 0, 1647000240000, 0, 0, 'Sutra na granici', 0),                      -- LID that is not
  (7, 4, 1, 'A07', 0, 5, 0, 0, 1647000300000, 0, 1, NULL, 0),                                    -- image with caption in message_media
  (8, 2, 0, 'A08', 0, 0, 0, 1, 1647000360000, 0, 2, NULL, 0),                                    -- voice message
  (9, 2, 0, 'A09', 0, 0, 0, 0, 1647000420000, 0, 5, NULL, 0),                                    -- place
  (10, 2, 1, 'A10', 0, 13, 0, 0, 1647000480000, 0, 16, NULL, 0),                                 -- live location
  (11, 2, 0, 'A11', 0, 0, 0, 0, 1647000540000, 0, 0, 'Dogovoreno', 0),                           -- quotes A03
  (12, 2, 0, 'A12', 0, 0, 0, 0, 1647000600000, 0, 0, 'U šest', 0),                               -- edited
  (13, 2, 0, 'A13', 0, 0, 0, 0, 1647000660000, 0, 15, NULL, 0),                                  -- deleted by its sender
  (14, 4, 0, 'A14', 5, 0, 0, 0, 1647000720000, 0, 64, NULL, 0),                                  -- deleted by the admin
  (15, 3, 0, 'A15', 0, 0, 0, 0, 1647000780000, 0, 42, NULL, 0),                                  -- seen once; chat under a LID
  (16, 3, 0, 'A16', 0, 0, 0, 0, 1647000840000, 0, 0, 'mos harro pasaportat', 0),                 -- disappears
  (17, 4, 0, 'A17', 2, 6, 0, 0, 1647000900000, 0, 7, NULL, 0),                                   -- Milan added two
  (18, 4, 1, 'A18', 0, 4, 0, 0, 1647000960000, 0, 66, 'Ko vozi?', 0),                            -- poll
  (19, 2, 0, 'A19', 0, 0, 0, 0, 1647001020000, 0, 4, NULL, 0),                                   -- contact card
  (20, 77, 0, 'A20', 2, 0, 0, 0, 1647001080000, 0, 0, 'chat obrisan', 0),                        -- its chat is gone
  (21, 2, 1, 'A21', 0, 99, 0, 0, 1647001140000, 0, 118, NULL, 0),                                -- kind and status nobody knows
  (22, 1, 0, 'A22', 2, 0, 0, 0, 0, 0, 1, NULL, 0),                                               -- status post without time
  (23, 2, 0, 'A23', 0, 0, 0, 0, 1647001260000, 0, 10, NULL, 0),                                  -- missed call
  (24, 6, 0, 'A24', 3, 0, 0, 0, 1647001320000, 0, 0, 'https://example.org/mapa', 0),             -- chat without jid; link
  (25, 2, 0, 'A25', 0, 0, 0, 0, 1647001380000, 0, 7, NULL, 0),                                   -- number changed
  (26, 4, 0, 'A26', 2, 0, 0, 0, 1647001440000, 0, 0, '@99887766554433 javi se', 0);              -- mention
CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, file_size INTEGER, mime_type TEXT, file_length INTEGER, media_name TEXT,
  media_caption TEXT, file_hash TEXT, width INTEGER, height INTEGER, media_duration INTEGER, direct_path TEXT, message_url TEXT, transferred INTEGER);
INSERT INTO message_media VALUES
  (7, 'Media/WhatsApp Images/IMG-20220311-WA0003.jpg', 0, 'image/jpeg', 41234, NULL, 'pasoši', 'ly/ymFzpgckeX2nnxt4aLhfnKszvf4ouNSIuAbrFhZg=', 900, 1600, 0, '/v/t62', NULL, 1),
  (8, 'Media/WhatsApp Voice Notes/202210/PTT-20220311-WA0001.opus', 5120, 'audio/ogg; codecs=opus', 5120, NULL, NULL, NULL, 0, 0, 14, NULL, NULL, 1),
  (15, NULL, 0, 'image/jpeg', 20000, NULL, NULL, 'not base64!', 0, 0, 0, NULL, NULL, 0),
  (900, 'Media/WhatsApp Documents/lista.pdf', 777, 'application/pdf', 777, 'lista.pdf', NULL, NULL, 0, 0, 0, NULL, NULL, 1);  -- its message is gone
CREATE TABLE message_thumbnail (message_row_id INTEGER PRIMARY KEY, thumbnail BLOB);
INSERT INTO message_thumbnail VALUES (7, x'FFD8FFE000'), (9, x'FFD8');
CREATE TABLE message_location (message_row_id INTEGER PRIMARY KEY, latitude REAL, longitude REAL, place_name TEXT, place_address TEXT, url TEXT,
  live_location_share_duration INTEGER, live_location_final_latitude REAL, live_location_final_longitude REAL, live_location_final_timestamp INTEGER);
INSERT INTO message_location VALUES (9, 43.1367, 20.5122, 'Pumpa', 'Novi Pazar', NULL, 0, 0, 0, 0), (10, 42.8914, 20.8660, NULL, NULL, NULL, 3600, 42.6629, 21.1655, 1647004000000);
CREATE TABLE message_quoted (message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, sender_jid_row_id INTEGER, key_id TEXT, timestamp INTEGER, message_type INTEGER, text_data TEXT);
INSERT INTO message_quoted VALUES (11, 2, 1, 0, 'A03', 1647000060000, 0, 'U pet, kod pumpe');
CREATE TABLE message_forwarded (message_row_id INTEGER PRIMARY KEY, forward_score INTEGER);
INSERT INTO message_forwarded VALUES (5, 127);
CREATE TABLE message_edit_info (message_row_id INTEGER PRIMARY KEY, original_key_id TEXT, edited_timestamp INTEGER, sender_timestamp INTEGER);
INSERT INTO message_edit_info VALUES (12, 'A12-first', 1647000610000, 1647000609000);
CREATE TABLE message_revoked (message_row_id INTEGER PRIMARY KEY, revoked_key_id TEXT NOT NULL, admin_jid_row_id INTEGER, revoke_timestamp INTEGER);
INSERT INTO message_revoked VALUES (13, 'A13', NULL, 1647000700000), (14, 'A14', 2, 1647000750000);
CREATE TABLE message_view_once_media (message_row_id INTEGER PRIMARY KEY, state INTEGER NOT NULL);
INSERT INTO message_view_once_media VALUES (15, 1);
CREATE TABLE message_ephemeral (message_row_id INTEGER PRIMARY KEY, duration INTEGER NOT NULL, expire_timestamp INTEGER NOT NULL);
INSERT INTO message_ephemeral VALUES (16, 604800, 1647605640000);
CREATE TABLE message_system (message_row_id INTEGER PRIMARY KEY, action_type INTEGER NOT NULL);
INSERT INTO message_system VALUES (17, 12), (25, 10);
CREATE TABLE message_system_chat_participant (message_row_id INTEGER, user_jid_row_id INTEGER);
INSERT INTO message_system_chat_participant VALUES (17, 5), (17, 6);
CREATE TABLE message_system_number_change (message_row_id INTEGER PRIMARY KEY, old_jid_row_id INTEGER, new_jid_row_id INTEGER);
INSERT INTO message_system_number_change VALUES (25, 8, 2);
CREATE TABLE message_vcard (_id INTEGER PRIMARY KEY, message_row_id INTEGER, vcard TEXT);
INSERT INTO message_vcard VALUES (1, 19, 'BEGIN:VCARD' || char(10) || 'FN:Kemal' || char(10) || 'TEL;waid=905321234567:+90 532 123 45 67' || char(10) || 'END:VCARD');
CREATE TABLE message_text (message_row_id INTEGER PRIMARY KEY, description TEXT, page_title TEXT, url TEXT);
INSERT INTO message_text VALUES (24, NULL, 'Mapa puta', 'https://example.org/mapa');
CREATE TABLE message_mentions (_id INTEGER PRIMARY KEY, message_row_id INTEGER, jid_row_id INTEGER);
INSERT INTO message_mentions VALUES (1, 26, 6);
CREATE TABLE message_poll_option (_id INTEGER PRIMARY KEY, message_row_id INTEGER, option_name TEXT, vote_total INTEGER);
INSERT INTO message_poll_option VALUES (1, 18, 'Milan', 2), (2, 18, 'niko', 0);
CREATE TABLE message_add_on (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT NOT NULL, sender_jid_row_id INTEGER,
  parent_message_row_id INTEGER, timestamp INTEGER, status INTEGER, message_add_on_type INTEGER);
INSERT INTO message_add_on VALUES
  (1, 2, 0, 'R1', -1, 3, 1647000070000, 0, 56), (2, 4, 0, 'R2', 5, 6, 1647000250000, 0, 56), (3, 4, 1, 'R3', 0, 6, 1647000260000, 0, 56),
  (4, 4, 0, 'V1', 2, 18, 1647000970000, 0, 67), (5, 4, 0, 'P1', 2, 6, 1647000980000, 0, 79), (6, 2, 0, 'R4', -1, 2, 1647000990000, 0, 56);
CREATE TABLE message_add_on_reaction (message_add_on_row_id INTEGER PRIMARY KEY, reaction TEXT, sender_timestamp INTEGER);
INSERT INTO message_add_on_reaction VALUES (1, '👍', 1647000069000), (2, '🙏', 1647000249000), (3, '❤️', 1647000259000), (6, '', 1647000989000);
CREATE TABLE message_add_on_poll_vote (message_add_on_row_id INTEGER PRIMARY KEY, sender_timestamp INTEGER);
INSERT INTO message_add_on_poll_vote VALUES (4, 1647000969000);
CREATE TABLE message_add_on_poll_vote_selected_option (_id INTEGER PRIMARY KEY, message_add_on_row_id INTEGER, message_poll_option_id INTEGER);
INSERT INTO message_add_on_poll_vote_selected_option VALUES (1, 4, 1);
CREATE TABLE receipt_user (_id INTEGER PRIMARY KEY, message_row_id INTEGER NOT NULL, receipt_user_jid_row_id INTEGER NOT NULL, receipt_timestamp INTEGER, read_timestamp INTEGER, played_timestamp INTEGER);
INSERT INTO receipt_user VALUES (1, 3, 2, 1647000061000, 1647000065000, NULL), (2, 7, 5, 1647000301000, 0, -1);
CREATE TABLE group_participant_user (_id INTEGER PRIMARY KEY, group_jid_row_id INTEGER NOT NULL, user_jid_row_id INTEGER NOT NULL, rank INTEGER, pending INTEGER);
INSERT INTO group_participant_user VALUES (1, 4, 2, 2, 0), (2, 4, 5, 0, 0), (3, 4, 6, 0, 0);
CREATE TABLE group_past_participant_user (_id INTEGER PRIMARY KEY, group_jid_row_id INTEGER NOT NULL, user_jid_row_id INTEGER NOT NULL, is_leave INTEGER, timestamp INTEGER);
INSERT INTO group_past_participant_user VALUES (1, 4, 7, 1, 1646900000);
CREATE TABLE call_log (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, from_me INTEGER, call_id TEXT, timestamp INTEGER, video_call INTEGER, duration INTEGER, call_result INTEGER,
  group_jid_row_id INTEGER NOT NULL DEFAULT 0);
INSERT INTO call_log VALUES (1, 7, 0, 'call:1', 1647010000000, 0, 95, 5, 0), (2, 5, 1, 'call:2', 1647011000000, 1, 0, 2, 0), (3, 2, 0, 'call:3', 1647012000000, 0, 30, 5, 4), (4, 2, 0, 'call:4', 1647013000000, 0, 0, 8, 0);
CREATE TABLE call_log_participant_v2 (_id INTEGER PRIMARY KEY, call_log_row_id INTEGER, jid_row_id INTEGER, call_result INTEGER);
INSERT INTO call_log_participant_v2 VALUES (1, 3, 2, 5), (2, 3, 6, 5);
CREATE TABLE missed_call_logs (_id INTEGER PRIMARY KEY, message_row_id INTEGER, timestamp INTEGER, video_call INTEGER, group_jid_row_id INTEGER NOT NULL DEFAULT 0);
INSERT INTO missed_call_logs VALUES (1, 23, 1647001260000, 1, 0);
CREATE TABLE pay_transaction (_id INTEGER PRIMARY KEY, message_row_id INTEGER, id TEXT, timestamp INTEGER, status INTEGER, sender_jid_row_id INTEGER, receiver_jid_row_id INTEGER,
  type INTEGER, currency_code TEXT, amount_1000);
INSERT INTO pay_transaction VALUES (1, 3, 'PAY1', 1647000062000, 405, 8, 2, 1, 'BRL', 12500);
CREATE TABLE message_product (message_row_id INTEGER PRIMARY KEY, title TEXT);

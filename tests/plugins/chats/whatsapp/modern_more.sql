-- What modern.sql has besides in the schema of 2026, as published: receipts of devices, calls of which a message tells, albums,
-- channels, kept and pinned messages, answers to events, side tables of system events, drafts, a chat that is being deleted.
INSERT INTO jid (_id, user, server, device, raw_string) VALUES
  (20, '381641112222', 's.whatsapp.net', 0, '381641112222.0:0@s.whatsapp.net'),     -- Milan's phone
  (21, '205690463334636', 'lid', 3, '205690463334636:3@lid'),                       -- a computer of Arben's
  (22, '120363077777777777', 'newsletter', NULL, '120363077777777777@newsletter');
INSERT INTO chat VALUES (7, 22, 0, NULL, NULL, 0);
CREATE TABLE newsletter (chat_row_id INTEGER PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL, invite_code TEXT, handle TEXT, subscribers_count INTEGER NOT NULL, membership INTEGER NOT NULL, verified INTEGER NOT NULL);
INSERT INTO newsletter VALUES (7, 'Вести са границе', 'сваког дана', '0029Va', 'vesti', 5400, 1, 0);
INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, origination_flags, origin, timestamp, received_timestamp, message_type, text_data, starred) VALUES
  (30, 7, 0, 'C30', 0, 0, 0, 0, 1647020000000, 0, 0, 'Гужва на прелазу', 0),                 -- channel
  (31, 4, 0, 'C31', 2, 0, 0, 0, 1647020060000, 0, 99, NULL, 0),                             -- album
  (32, 4, 0, 'C32', 2, 0, 0, 0, 1647020060000, 0, 1, NULL, 0),                              -- its first picture
  (33, 4, 0, 'C33', 2, 0, 0, 0, 1647020060000, 0, 1, NULL, 0),                              -- its second picture, in the same instant
  (34, 2, 0, 'C34', 0, 0, 0, 0, 1647020120000, 0, 10, NULL, 0),                             -- missed call that call_log has too
  (35, 2, 0, 'C35', 0, 0, 0, 0, 1647020180000, 0, 10, NULL, 0),                             -- missed call paired by message_call_log
  (36, 2, 1, 'C36', 0, 13, 0, 0, 1647020240000, 0, 90, NULL, 0),                            -- call of which a message tells
  (37, 4, 0, 'C37', 2, 6, 0, 0, 1647020300000, 0, 7, NULL, 0),                              -- devices changed
  (38, 2, 0, 'C38', 0, 6, 0, 0, 1647020360000, 0, 7, NULL, 0),                              -- timer set
  (39, 4, 0, 'C39', 2, 0, 0, 0, 1647020420000, 0, 92, NULL, 0),                             -- event
  (40, 4, 0, 'C40', 2, 6, 0, 0, 1647020480000, 0, 7, NULL, 0),                              -- two groups linked
  (41, 2, 0, 'C41', 0, 0, 0, 0, 1647020540000, 0, 45, NULL, 0),                             -- elements of a business message
  (42, 5, 0, 'C42', 0, 0, 0, 0, 1647020600000, 0, 0, 'obriši ovo', 0),                      -- its chat is being deleted
  (43, 5, 0, 'C43', 0, 0, 0, 0, 1647020660000, 0, 0, 'ovo ostaje', 0);                      -- came after that
UPDATE message SET sort_id = _id;
INSERT INTO message_media (message_row_id, file_path, mime_type) VALUES (32, 'Media/WhatsApp Images/IMG-1.jpg', 'image/jpeg'), (33, 'Media/WhatsApp Images/IMG-2.jpg', 'image/jpeg');
ALTER TABLE message_media ADD COLUMN raw_transcription_text TEXT;
ALTER TABLE message_media ADD COLUMN first_viewed_timestamp INTEGER;
UPDATE message_media SET raw_transcription_text = 'vidimo se kod pumpe' WHERE message_row_id = 8;
UPDATE message_media SET first_viewed_timestamp = 1647000790000 WHERE message_row_id = 15;
CREATE TABLE message_album (message_row_id INTEGER PRIMARY KEY, image_count INTEGER NOT NULL DEFAULT 0, video_count INTEGER NOT NULL DEFAULT 0);
INSERT INTO message_album VALUES (31, 2, 0);
CREATE TABLE message_association (_id INTEGER PRIMARY KEY, child_message_row_id INTEGER NOT NULL, parent_message_row_id INTEGER NOT NULL, association_type INTEGER NOT NULL);
INSERT INTO message_association VALUES (1, 32, 31, 2), (2, 33, 31, 2);
CREATE TABLE newsletter_message (message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER NOT NULL, server_message_id INTEGER NOT NULL, comments_count INTEGER NOT NULL DEFAULT 0, view_count INTEGER);
INSERT INTO newsletter_message VALUES (30, 7, 12, 0, 1200);
CREATE TABLE newsletter_message_reaction (_id INTEGER PRIMARY KEY, message_row_id INTEGER NOT NULL, reaction TEXT NOT NULL, reaction_count INTEGER NOT NULL);
INSERT INTO newsletter_message_reaction VALUES (1, 30, '👍', 41), (2, 30, '😡', 7);
CREATE TABLE receipt_device (_id INTEGER PRIMARY KEY, message_row_id INTEGER NOT NULL, receipt_device_jid_row_id INTEGER NOT NULL, receipt_device_timestamp INTEGER, primary_device_version INTEGER);
INSERT INTO receipt_device VALUES (1, 3, 20, 1647000061000, 0), (2, 7, 21, 1647000302000, 0), (3, 7, 999, 0, 0);
INSERT INTO call_log VALUES (10, 2, 0, 'call:10', 1647020120400, 0, 0, 2, 0), (11, 2, 0, 'call:11', 1647020179000, 1, 0, 2, 0), (12, 2, 1, 'call:12', 1647020240000, 0, 60, 5, 0);
INSERT INTO missed_call_logs VALUES (2, 34, 1647020120000, 0, 0), (3, 35, 1647020185000, 1, 0);
CREATE TABLE message_call_log (message_row_id INTEGER PRIMARY KEY, call_log_row_id INTEGER);
INSERT INTO message_call_log VALUES (35, 11), (36, 12);
CREATE TABLE message_add_on_pin_in_chat (message_add_on_row_id INTEGER PRIMARY KEY, pin_in_chat_state INTEGER NOT NULL DEFAULT 0, sender_timestamp INTEGER);
INSERT INTO message_add_on_pin_in_chat VALUES (5, 1, 1647000979000);
INSERT INTO message_add_on VALUES (7, 2, 1, 'K1', 0, 16, 1647021000000, 0, 68), (8, 4, 0, 'E1', 5, 39, 1647021060000, 0, 93), (9, 4, 0, 'Q1', 2, 6, 1647021120000, 0, 121);
CREATE TABLE message_add_on_keep_in_chat (message_add_on_row_id INTEGER PRIMARY KEY, keep_in_chat_state INTEGER NOT NULL DEFAULT 0, sender_timestamp INTEGER, keep_count INTEGER NOT NULL DEFAULT 0);
INSERT INTO message_add_on_keep_in_chat VALUES (7, 1, 1647020999000, 1);
CREATE TABLE message_add_on_event_response (message_add_on_row_id INTEGER PRIMARY KEY, response INTEGER DEFAULT 0, sender_timestamp INTEGER NOT NULL, extra_guest_count INTEGER);
INSERT INTO message_add_on_event_response VALUES (8, 1, 1647021059000, 2);
INSERT INTO message_system VALUES (37, 57), (38, 56), (40, 75);
CREATE TABLE message_system_device_change (message_row_id INTEGER PRIMARY KEY, device_added_count INTEGER, device_removed_count INTEGER);
INSERT INTO message_system_device_change VALUES (37, 1, 0);
CREATE TABLE message_ephemeral_setting (message_row_id INTEGER PRIMARY KEY, setting_duration INTEGER, pre_setting_duration INTEGER);
INSERT INTO message_ephemeral_setting VALUES (38, 604800, 0);
CREATE TABLE message_event (message_row_id INTEGER PRIMARY KEY, name TEXT NOT NULL, description TEXT, location_name TEXT, start_time DATETIME NOT NULL);
INSERT INTO message_event VALUES (39, 'Састанак', NULL, 'Пумпа', 1647100000000);
CREATE TABLE message_system_with_group_nodes (message_row_id INTEGER NOT NULL, group_jid_row_id INTEGER NOT NULL, group_node_type INTEGER NOT NULL, group_subject TEXT);
INSERT INTO message_system_with_group_nodes VALUES (40, 4, 1, 'Пут на север'), (40, 5, 1, 'Возачи');
CREATE TABLE message_ui_elements (_id INTEGER PRIMARY KEY, message_row_id INTEGER NOT NULL, element_type INTEGER, element_content TEXT);
INSERT INTO message_ui_elements VALUES (1, 41, 1, '{"title":"Rezervacija"}');
CREATE TABLE composition (_id INTEGER PRIMARY KEY, chat_row_id INTEGER NOT NULL, quoted_message_row_id INTEGER, timestamp INTEGER NOT NULL, message_type INTEGER NOT NULL, composition_type INTEGER NOT NULL, text TEXT);
INSERT INTO composition VALUES (1, 2, 2, 1647022000000, 0, 0, 'Dođi sam');
CREATE TABLE deleted_chat_job (_id INTEGER PRIMARY KEY, chat_row_id INTEGER NOT NULL, deleted_message_row_id INTEGER, deleted_starred_message_row_id INTEGER);
INSERT INTO deleted_chat_job VALUES (1, 5, 42, NULL);
CREATE TABLE pay_transactions (key_remote_jid TEXT, key_from_me INTEGER, key_id TEXT, id TEXT, timestamp INTEGER, status INTEGER, sender TEXT, receiver TEXT, type INTEGER, currency TEXT, amount_1000 INTEGER);
INSERT INTO pay_transactions VALUES ('381641112222@s.whatsapp.net', 0, 'A02', 'PAY0', 1600000000, 3, '381641112222@s.whatsapp.net', '38267000111@s.whatsapp.net', 1, 'INR', 250000);

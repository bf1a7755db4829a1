CREATE TABLE _user_info (id INTEGER, facebook_user_id INTEGER);
CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, username TEXT, phone_number TEXT, email_address TEXT, is_messenger_user INTEGER,
  friendship_status INTEGER, contact_type INTEGER, birthday_timestamp INTEGER, blocked_since_timestamp_ms INTEGER, profile_picture_url TEXT);
CREATE TABLE threads (thread_key INTEGER PRIMARY KEY, thread_type INTEGER, folder_name TEXT, thread_name TEXT);
CREATE TABLE participants (thread_key INTEGER, contact_id INTEGER, nickname TEXT, is_admin INTEGER, read_watermark_timestamp_ms INTEGER);
CREATE TABLE messages (message_id TEXT, thread_key INTEGER, sender_id INTEGER, timestamp_ms INTEGER, text TEXT, is_admin_message INTEGER,
  sticker_id INTEGER, message_rendering_type INTEGER, is_unsent INTEGER, unsent_timestamp_ms INTEGER, reply_source_id TEXT, reply_snippet TEXT,
  is_forwarded INTEGER, edit_count INTEGER, ephemeral_expiration_ts INTEGER, offline_threading_id TEXT);
CREATE TABLE attachments (thread_key INTEGER, message_id TEXT, attachment_fbid TEXT, attachment_type INTEGER, filename TEXT, filesize INTEGER,
  title_text TEXT, subtitle_text TEXT, playable_url TEXT, playable_url_mime_type TEXT, playable_duration_ms INTEGER, preview_url TEXT,
  preview_width INTEGER, preview_height INTEGER, default_cta_type TEXT, ephemeral_media_view_mode INTEGER);
CREATE TABLE attachment_items (message_id TEXT, title_text TEXT, subtitle_text TEXT);
CREATE TABLE attachment_ctas (message_id TEXT, type TEXT, native_url TEXT, action_url TEXT);
CREATE TABLE reactions (thread_key INTEGER, message_id TEXT, actor_id INTEGER, reaction TEXT, reaction_creation_timestamp_ms INTEGER);
CREATE TABLE call_log (thread_key INTEGER, call_timestamp_ms INTEGER, call_duration INTEGER, call_direction INTEGER, call_media_type INTEGER,
  has_been_seen INTEGER);
CREATE TABLE secure_messages (thread_key TEXT, sender_id INTEGER, timestamp_ms INTEGER, text TEXT, secure_message_attachments_encrypted BLOB);
CREATE VIEW thread_messages AS SELECT * FROM messages;

INSERT INTO _user_info VALUES (1, 100012345678901);
INSERT INTO contacts VALUES
  (100012345678901, 'Neven Test', 'neven.test', NULL, NULL, 1, 0, 1, NULL, 0, NULL),
  (200, 'Мирела Проба', NULL, '+38165000222', 'mirela@example.org', 1, 3, 1, 20000000, 1700000000000, 'https://p.test/1');
INSERT INTO threads VALUES (200, 1, 'inbox', NULL), (7700, 2, 'inbox', 'Путници'), (8800, 99, 'archived', NULL);
INSERT INTO participants VALUES (200, 200, NULL, 0, 1700000500000), (200, 100012345678901, NULL, 0, 0), (7700, 200, 'Мими', 1, 0),
  (7700, 999, 'Надимак', 0, NULL);

INSERT INTO messages (message_id, thread_key, sender_id, timestamp_ms, text, is_admin_message) VALUES
  ('mid.1', 200, 200, 1700000000123, 'Где си? 🙂', 0),
  ('mid.2', 200, 100012345678901, 1700000060000, 'Stižem', 0),
  ('mid.3', 7700, 999, 1700000070000, 'بدون مخاطب', 0),
  ('mid.4', 7700, NULL, 1700000080000, 'nobody', NULL),
  ('mid.5', 9999, 200, 0, '', 0),
  ('mid.6', 7700, 200, 1700000090000, 'Mirela named the group.', 1),
  ('mid.7', 8800, 200, 1700000100000, '=HYPERLINK("https://x.test")', 0);
INSERT INTO messages (message_id, thread_key, sender_id, timestamp_ms) VALUES
  ('mid.8', 200, 200, 1700000110000), ('mid.9', 200, 200, 1700000120000), ('mid.10', 200, 100012345678901, 1700000130000),
  ('mid.11', 200, 200, 1700000140000), ('mid.12', 200, 200, 1700000150000), ('mid.13', 200, 200, 1700000160000);
INSERT INTO messages (message_id, thread_key, sender_id, timestamp_ms, text, is_unsent, unsent_timestamp_ms) VALUES
  ('mid.14', 200, 200, 1700000170000, NULL, 1, 1700000175000);
INSERT INTO messages (message_id, thread_key, sender_id, timestamp_ms, text, reply_source_id, reply_snippet, is_forwarded, edit_count, ephemeral_expiration_ts) VALUES
  ('mid.15', 200, 100012345678901, 1700000180000, 'da', 'mid.1', 'Где си?', 1, 2, 1700009999000);
INSERT INTO messages (message_id, thread_key, sender_id, timestamp_ms, sticker_id) VALUES ('mid.16', 200, 200, 1700000190000, 369239263222822);

INSERT INTO attachments (thread_key, message_id, attachment_fbid, attachment_type, filename, filesize, playable_url_mime_type, playable_url, preview_width, preview_height, ephemeral_media_view_mode) VALUES
  (200, 'mid.8', 'f1', 2, 'image-1.jpeg', 1111, 'image/jpeg', 'https://a.test/1', 640, 480, 0),
  (200, 'mid.8', 'f2', 2, 'image-2.jpeg', 2222, 'image/jpeg', 'https://a.test/2', 640, 480, 0),
  (200, 'mid.8', 'f3', 2, 'image-3.jpeg', 3333, 'image/jpeg', 'https://a.test/3', 640, 480, 0),
  (200, 'mid.9', 'f4', 8, NULL, NULL, 'image/jpeg', NULL, NULL, NULL, 0);
INSERT INTO attachments (thread_key, message_id, attachment_fbid, attachment_type, title_text, subtitle_text, default_cta_type) VALUES
  (200, 'mid.10', 'x1', 7, 'Видео позив', '5 мин', 'xma_rtc_ended_video'),
  (200, 'mid.11', 'x2', 7, 'Missed audio call', '14:05', 'xma_rtc_missed_audio'),
  (200, 'mid.12', 'x3', 7, 'Lokacija uživo', NULL, NULL),
  (200, 'mid.13', 'x4', 7, 'Kartica', 'red', 'xma_web_url');
INSERT INTO attachment_items VALUES ('mid.8', 'one', 'a'), ('mid.8', 'two', 'b'), ('mid.13', 'stavka', NULL);
INSERT INTO attachment_ctas VALUES ('mid.12', NULL, '43.8563, 18.4131', NULL), ('mid.13', 'xma_web_url', NULL, 'https://w.test/'), ('mid.1', NULL, 'not a pair', NULL);
INSERT INTO reactions VALUES (200, 'mid.1', 100012345678901, '👍', 1700000001000), (200, 'mid.1', 999, '😮', 1700000002000);
INSERT INTO secure_messages VALUES ('555', 200, 1600000000000, 'Zm9v', x'00ff');

CREATE TABLE client_threads (pk INTEGER PRIMARY KEY, default_thread_name TEXT, transport_key TEXT);
CREATE TABLE client_contacts (pk INTEGER PRIMARY KEY, contact_id INTEGER, displayed_name TEXT);
CREATE TABLE fb_transport_contacts (client_contact_pk INTEGER UNIQUE, server_contact_id INTEGER);
CREATE TABLE client_messages (pk INTEGER PRIMARY KEY, thread_pk INTEGER, sender_contact_pk INTEGER, display_ts_ms INTEGER, authoritative_ts_ms INTEGER,
  text TEXT, message_content_type INTEGER, edit_count INTEGER);
CREATE TABLE client_edit_message_history (pk INTEGER PRIMARY KEY, original_message_pk INTEGER, message_content TEXT, server_adjusted_edit_ts_ms INTEGER);
CREATE TABLE client_attachments (message_pk INTEGER, filename TEXT, filesize INTEGER, content_token TEXT);
CREATE TABLE client_attachment_store_keys (content_token TEXT, persisted_path TEXT);
INSERT INTO client_threads VALUES (41, 'Мирела Проба', 'AdvancedCrypto');
INSERT INTO client_contacts VALUES (1, NULL, 'Neven'), (200, NULL, 'Someone else'), (3, NULL, NULL);
INSERT INTO fb_transport_contacts VALUES (1, 100012345678901), (2, 200), (200, 777);
INSERT INTO client_messages VALUES
  (1, 41, 2, 1710000000456, 1710000000456, 'шифровано', 1, 0),
  (2, 41, 1, 1710000060000, 1710000061000, 'treća verzija', 1, 2),
  (3, 41, 200, 1710000070000, NULL, 'from the contact whose key looks like an id', 1, 0),
  (4, 41, 3, 0, 1710000080000, NULL, 2, NULL),
  (5, 41, 88, 1710000090000, NULL, 'key of nobody', 1, 0);
INSERT INTO client_edit_message_history VALUES (1, 2, 'prva', 1710000061000), (2, 2, 'druga', 1710000100000), (3, 2, 'treća verzija', 1710000200000);
INSERT INTO client_attachments VALUES (4, 'att.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU.jpg', 77, 'tok'), (4, 'plain.jpg', 78, NULL);
INSERT INTO client_attachment_store_keys VALUES ('tok', 'media_bank/AdvancedCrypto/x/persistent/att.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU.jpg');

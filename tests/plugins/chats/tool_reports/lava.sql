-- Invented rows in the form of a database that a LEAPP of 2026 writes for LAVA: bookkeeping tables, then a table an artifact.
CREATE TABLE _artifact_search_patterns (id INTEGER PRIMARY KEY, module_name TEXT NOT NULL, artifact_name TEXT NOT NULL, regex TEXT NOT NULL);
CREATE TABLE _file_path_list (id INTEGER PRIMARY KEY, file_path TEXT NOT NULL);
CREATE TABLE _lava_media_items (id TEXT PRIMARY KEY, source_path TEXT, extraction_path TEXT, type TEXT, metadata TEXT, created_at INTEGER, updated_at INTEGER, is_embedded INTEGER);
CREATE TABLE _lava_media_references (id TEXT PRIMARY KEY, media_item_id TEXT, module_name TEXT, artifact_name TEXT, name TEXT,
  FOREIGN KEY (media_item_id) REFERENCES _lava_media_items(id));
CREATE VIEW _lava_media_info AS SELECT lmr.id as 'media_ref_id', lmi.source_path FROM _lava_media_references as lmr LEFT JOIN _lava_media_items as lmi ON lmr.media_item_id = lmi.id;
INSERT INTO _lava_media_items VALUES ('i1', 'private/var/mobile/Media/slika.jpg', 'data/slika.jpg', 'image/jpeg', NULL, NULL, NULL, 0);
INSERT INTO _lava_media_references VALUES ('r1', 'i1', 'whatsApp', 'whatsAppMessages', 'slika.jpg'), ('r2', 'gone', 'sms', 'sms', 'dokument.pdf');

-- A conversation that the manifest declares.
CREATE TABLE "whatsappmessages" ("timestamp" INTEGER, "direction" TEXT, "sender_name" TEXT, "chat_name" TEXT, "message" TEXT, "attachment_file" TEXT,
  "from_id" TEXT, "receiver" TEXT, "latitude" TEXT, "longitude" TEXT, "chat_id" TEXT);
INSERT INTO whatsappmessages VALUES
  (1683043007.221498, 'Incoming', 'Мира', 'Мира', 'Где си?', NULL, '38267111222@s.whatsapp.net', 'Local User', '', '', '38267111222@s.whatsapp.net'),
  (1683043050, 'Outgoing', 'Local User', 'Мира', '=cmd|'' /C calc''!A0', 'r1', NULL, 'Мира', '', '', '38267111222@s.whatsapp.net'),
  (1683043100, 'Incoming', 'Мира', 'Мира', NULL, '', '38267111222@s.whatsapp.net', 'Local User', '42.5', '19.25', '38267111222@s.whatsapp.net'),
  ('', NULL, NULL, NULL, '<b>без времена</b>', '[]', NULL, NULL, NULL, NULL, NULL);
-- The same with columns whose names are words of SQL, and a message repeated for each of its attachments.
CREATE TABLE "sms" ("message_timestamp" INTEGER, "read_timestamp" INTEGER, "message" TEXT, "message_direction" TEXT, "account" TEXT, "chat_contact_id" TEXT,
  "attachment_name" TEXT, "attachment_file" TEXT, "message_row_id" TEXT, "chat_id" TEXT, "from_me" TEXT, "from" TEXT, "order" TEXT);
INSERT INTO sms VALUES
  (1683043200, 1683043260, 'Dve slike', 'Incoming', 'e:dragan@example.org', '+38267111222', 'slika.jpg', 'r1', '17', '3', '0', NULL, NULL),
  (1683043200, 1683043260, 'Dve slike', 'Incoming', 'e:dragan@example.org', '+38267111222', 'dokument.pdf', 'r2', '17', '3', '0', NULL, NULL),
  (1683043300, '', 'سلام', 'Outgoing', 'e:dragan@example.org', '+38267111222', NULL, NULL, '18', '3', '1', NULL, '7');
-- Calls and contacts, known by their names and columns.
CREATE TABLE "callhistory" ("starting_timestamp" INTEGER, "ending_timestamp" INTEGER, "service_provider" TEXT, "call_type" TEXT, "call_direction" TEXT, "phone_number" TEXT,
  "answered" TEXT, "call_duration" TEXT, "disconnected_cause" TEXT, "location" TEXT);
INSERT INTO callhistory VALUES
  (1683044000, 1683044061, 'com.apple.Telephony', 'Phone', 'Incoming', '+38267111222', 'Yes', '00:01:01', 'Ended', 'Подгорица'),
  (1683045000, 1683045000, 'com.apple.Telephony', 'Phone', 'Outgoing', '+38344555666', 'No', '00:00:00', 'Missed', NULL);
CREATE TABLE "get_calllog" ("call_date" INTEGER, "phone_account_address" TEXT, "partner" TEXT, "type" TEXT, "duration_in_secs" TEXT, "partner_location" TEXT, "deleted" TEXT);
INSERT INTO get_calllog VALUES (1683046000, ' ', '+905321234567', 'Missed <i data-feather="phone-missed" stroke="red"></i>', '0', 'Ankara', '0');
CREATE TABLE "addressbook" ("creation_date" INTEGER, "first_name" TEXT, "last_name" TEXT, "phone_numbers" TEXT, "email_addresses" TEXT, "notes" TEXT);
INSERT INTO addressbook VALUES (1600000000, 'Мира', 'Чолић', 'Mobile: +382 67 111 222' || char(13) || 'Home: 020 123 456', 'mira@example.org', NULL);
-- Not a chat.
CREATE TABLE "safarihistory" ("visit_time" INTEGER, "url" TEXT);
INSERT INTO safarihistory VALUES (1683043007, 'https://example.org/');

-- Invented conversations in the schema of WhatsApp for Android before 2021 (columns that nothing reads are left out).
CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT NOT NULL, key_from_me INTEGER, key_id TEXT NOT NULL, status INTEGER, data TEXT, timestamp INTEGER,
  media_url TEXT, media_mime_type TEXT, media_wa_type TEXT, media_size INTEGER, media_name TEXT, media_caption TEXT, media_hash TEXT, media_duration INTEGER, origin INTEGER,
  latitude REAL, longitude REAL, thumb_image BLOB, remote_resource TEXT, received_timestamp INTEGER, receipt_device_timestamp INTEGER, read_device_timestamp INTEGER,
  starred INTEGER, quoted_row_id INTEGER, mentioned_jids TEXT, edit_version INTEGER, media_enc_hash TEXT, forwarded INTEGER);
INSERT INTO messages (_id, key_remote_jid, key_from_me, key_id, status, data, timestamp, media_wa_type, latitude, longitude) VALUES (1, '-1', 0, '-1', -1, NULL, 0, '-1', 0.0, 0.0);
INSERT INTO messages (_id, key_remote_jid, key_from_me, key_id, status, data, timestamp, media_wa_type, media_size, latitude, longitude, remote_resource, received_timestamp,
  receipt_device_timestamp, read_device_timestamp, quoted_row_id, edit_version, forwarded) VALUES
  (2, '381641112222@s.whatsapp.net', 0, 'B02', 0, 'Stigli smo', 1500000000000, '0', 0, 0.0, 0.0, NULL, 1500000001000, -1, -1, 0, 0, 0),
  (3, '381641112222@s.whatsapp.net', 1, 'B03', 13, 'Koliko vas je?', 1500000060000, '0', 0, 0.0, 0.0, NULL, 0, 1500000061000, 1500000062000, 1, 0, 1),
  (4, '38164111-1400000000@g.us', 0, 'B04', NULL, 'Сви спремни', 1500000120000, '0', 0, 0.0, 0.0, '38344555666@s.whatsapp.net', 0, -1, -1, 0, 0, 0),  -- status NULL
  (5, '38164111-1400000000@g.us', 0, 'B05', 6, NULL, 1500000180000, '0', 12, 0.0, 0.0, '381641112222@s.whatsapp.net', 0, -1, -1, 0, 0, 0),               -- added
  (6, '381641112222@s.whatsapp.net', 0, 'B06', 0, NULL, 1500000240000, '5', 0, 43.1367, 20.5122, NULL, 0, -1, -1, 0, 0, 0),                              -- place
  (7, '381641112222@s.whatsapp.net', 0, 'B07', 0, NULL, 1500000300000, '15', 0, 0.0, 0.0, NULL, 0, -1, -1, 0, 7, 0),                                     -- revoked
  (8, '381641112222@s.whatsapp.net', 0, 'B08', 0, NULL, 1500000360000, '1', 5000, 452.0, 603.0, NULL, 0, -1, -1, 0, 0, 0);                               -- no place
UPDATE messages SET media_caption = 'slika', media_mime_type = 'image/jpeg', media_hash = 'ly/ymFzpgckeX2nnxt4aLhfnKszvf4ouNSIuAbrFhZg=', media_url = 'https://mmg.whatsapp.net/x.enc',
  thumb_image = CAST(x'ACED000573720016636F6D2E77686174736170702E4D6564696144617461' || x'7372000C6A6176612E696F2E46696C65042DA4450E0DE4FF0300014C0004706174687400124C6A6176612F6C616E672F537472696E673B7870740014' || 'Media/IMG-WA0001.jpg' || x'7702002F78' AS BLOB)
  WHERE _id = 8;
UPDATE messages SET media_name = 'Pumpa' WHERE _id = 6;
CREATE TABLE messages_quotes (_id INTEGER PRIMARY KEY, key_remote_jid TEXT NOT NULL, key_from_me INTEGER, key_id TEXT NOT NULL, data TEXT, timestamp INTEGER, remote_resource TEXT);
INSERT INTO messages_quotes VALUES (1, '381641112222@s.whatsapp.net', 0, 'B02', 'Stigli smo', 1500000000000, NULL);
CREATE TABLE chat_list (_id INTEGER PRIMARY KEY, key_remote_jid TEXT UNIQUE, subject TEXT, creation INTEGER);
INSERT INTO chat_list VALUES (1, '38164111-1400000000@g.us', 'Друштво', 1400000000000);
CREATE TABLE receipts (_id INTEGER PRIMARY KEY, key_remote_jid TEXT NOT NULL, key_id TEXT NOT NULL, remote_resource TEXT, receipt_device_timestamp INTEGER, read_device_timestamp INTEGER, played_device_timestamp INTEGER);
INSERT INTO receipts VALUES (1, '38164111-1400000000@g.us', 'B04', '381641112222@s.whatsapp.net', 1500000121000, 0, -1);
CREATE TABLE group_participants (_id INTEGER PRIMARY KEY, gjid TEXT NOT NULL, jid TEXT NOT NULL, admin INTEGER, pending INTEGER);
INSERT INTO group_participants VALUES (1, '38164111-1400000000@g.us', '38344555666@s.whatsapp.net', 0, 0), (2, '38164111-1400000000@g.us', '', 1, 0);
CREATE TABLE group_participants_history (_id INTEGER PRIMARY KEY, timestamp DATETIME NOT NULL, gjid TEXT NOT NULL, jid TEXT NOT NULL, action INTEGER NOT NULL);
INSERT INTO group_participants_history VALUES (1, 1500000500, '38164111-1400000000@g.us', '38344555666@s.whatsapp.net', 2);

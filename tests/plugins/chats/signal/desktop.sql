-- Signal Desktop, schema of 2025. Persons, numbers and ids are invented.
CREATE TABLE conversations (id STRING PRIMARY KEY ASC, json TEXT, active_at INTEGER, type STRING, members TEXT, name TEXT,
  profileName TEXT, profileFamilyName TEXT, profileFullName TEXT, e164 TEXT, serviceId TEXT, groupId TEXT,
  profileLastFetchedAt INTEGER, expireTimerVersion INTEGER NOT NULL DEFAULT 1);
CREATE TABLE messages (rowid INTEGER PRIMARY KEY ASC, id STRING UNIQUE, json TEXT, readStatus INTEGER, expires_at INTEGER,
  sent_at INTEGER, schemaVersion INTEGER, conversationId STRING, received_at INTEGER, hasAttachments INTEGER,
  expireTimer INTEGER, expirationStartTimestamp INTEGER, type STRING, body TEXT, isErased INTEGER, isViewOnce INTEGER,
  sourceServiceId TEXT, serverGuid STRING NULL, sourceDevice INTEGER, storyId STRING,
  isStory INTEGER GENERATED ALWAYS AS (type IS 'story'),
  timestamp INTEGER, received_at_ms INTEGER, serverTimestamp INTEGER, source TEXT);
CREATE TABLE message_attachments (messageId TEXT NOT NULL, editHistoryIndex INTEGER NOT NULL, attachmentType TEXT NOT NULL,
  orderInMessage INTEGER NOT NULL, conversationId TEXT NOT NULL, sentAt INTEGER NOT NULL, size INTEGER NOT NULL,
  contentType TEXT NOT NULL, path TEXT, plaintextHash TEXT, localKey TEXT, caption TEXT, fileName TEXT, height INTEGER,
  width INTEGER, flags INTEGER, thumbnailPath TEXT, error INTEGER, pending INTEGER, duration REAL,
  PRIMARY KEY (messageId, editHistoryIndex, attachmentType, orderInMessage)) STRICT;
CREATE TABLE edited_messages (messageId STRING, sentAt INTEGER, readStatus INTEGER, conversationId STRING);
CREATE TABLE callsHistory (callId TEXT PRIMARY KEY, peerId TEXT NOT NULL, ringerId TEXT DEFAULT NULL, mode TEXT NOT NULL,
  type TEXT NOT NULL, direction TEXT NOT NULL, status TEXT NOT NULL, timestamp INTEGER NOT NULL,
  startedById TEXT DEFAULT NULL, endedTimestamp INTEGER DEFAULT NULL);
CREATE TABLE items (id STRING PRIMARY KEY ASC, json TEXT);
CREATE TABLE unprocessed (id STRING, timestamp INTEGER, envelope TEXT);

INSERT INTO items VALUES ('uuid_id', '{"id":"uuid_id","value":"aaaaaaaa-0000-4000-8000-000000000001.2"}');
INSERT INTO items VALUES ('number_id', '{"id":"number_id","value":"+38267000001.2"}');
INSERT INTO items VALUES ('blocked-uuids', '{"id":"blocked-uuids","value":["aaaaaaaa-0000-4000-8000-000000000003"]}');

INSERT INTO conversations (id, json, type, name, profileFullName, e164, serviceId) VALUES
  ('c-me', '{"username":"ana.01","about":"Ту сам"}', 'private', NULL, 'Ана Тест', '+38267000001', 'aaaaaaaa-0000-4000-8000-000000000001'),
  ('c-marko', '{"note":"s posla"}', 'private', 'Марко Радови', 'Marko R', '+38267000002', 'aaaaaaaa-0000-4000-8000-000000000002'),
  ('c-layla', '{"nicknameGivenName":"ليلى"}', 'private', NULL, 'Layla', NULL, 'aaaaaaaa-0000-4000-8000-000000000003');
INSERT INTO conversations (id, json, type, name, members, groupId) VALUES
  ('c-group', '{"membersV2":[{"aci":"aaaaaaaa-0000-4000-8000-000000000001","role":2,"joinedAtVersion":0},
    {"aci":"aaaaaaaa-0000-4000-8000-000000000002","role":1,"joinedAtVersion":3},
    {"aci":"aaaaaaaa-0000-4000-8000-00000000dead","role":7}],
    "pendingMembersV2":[{"serviceId":"aaaaaaaa-0000-4000-8000-000000000003","addedByUserId":"aaaaaaaa-0000-4000-8000-000000000002",
    "timestamp":1760000000000,"role":1}]}', 'group', 'Излет ⛰', NULL, 'Z3J1cGEtemEtaXpsZXQtZ3J1cGEtemEtaXpsZXQtMTI='),
  ('c-old', '{"members":["c-marko","+38267000009"]}', 'group', 'Стара група', NULL, 'bytes');

INSERT INTO messages (id, json, sent_at, conversationId, received_at, received_at_ms, serverTimestamp, type, body, sourceServiceId,
  source, readStatus, sourceDevice) VALUES
  ('m-1', '{"readAt":1760000009000,"bodyRanges":[]}', 1760000000123, 'c-marko', 1785, 1760000001000, 1760000000500, 'incoming',
   'Где си?', 'aaaaaaaa-0000-4000-8000-000000000002', '+38267000002', 0, 1),
  ('m-3', '{"bodyRanges":[{"start":0,"length":1,"mentionAci":"aaaaaaaa-0000-4000-8000-000000000001","replacementText":"Ана"}],
    "reactions":[{"emoji":"👍","fromId":"c-me","targetTimestamp":1760000120000,"timestamp":1760000130000,"receivedAtDate":1760000131000}]}',
   1760000120000, 'c-group', 1787, 1760000121000, NULL, 'incoming', '￼ دیر نکن', 'aaaaaaaa-0000-4000-8000-00000000dead', NULL, 1, 1),
  ('m-4', '{"deletedForEveryone":true,"deletedForEveryoneTimestamp":1760000200000}', 1760000180000, 'c-marko', 1788,
   1760000181000, NULL, 'incoming', NULL, 'aaaaaaaa-0000-4000-8000-000000000002', NULL, 0, 1),
  ('m-lost', '{}', 1760000190000, 'c-gone', 1789, 0, NULL, 'incoming', '<b>=1+1</b> ‮txt.exe', NULL, NULL, 0, NULL);
INSERT INTO messages (id, json, sent_at, conversationId, received_at, received_at_ms, type, body, expireTimer,
  expirationStartTimestamp, isViewOnce, isErased) VALUES
  ('m-2', '{"quote":{"id":1760000000123,"authorAci":"aaaaaaaa-0000-4000-8000-000000000002","text":"Где си?","attachments":[]},
    "sendStateByConversationId":{"c-marko":{"status":"Read","updatedAt":1760000070000},"c-me":{"status":"Sent","updatedAt":1760000061000}},
    "editMessageTimestamp":1760000065000,
    "editHistory":[{"body":"Kod kuće","timestamp":1760000065000,"received_at":9},{"body":"Kod kuce","timestamp":1760000060000}]}',
   1760000060000, 'c-marko', 1786, 1760000060000, 'outgoing', 'Kod kuće', 3600, 1760000061000, 0, 0),
  ('m-5', '{"sendStateByConversationId":{"c-marko":{"status":"Delivered","updatedAt":1760000301000},
    "c-layla":{"status":"Failed"},"c-me":{"status":"Sent"}}}',
   1760000300000, 'c-group', 1790, 1760000300000, 'outgoing', NULL, NULL, NULL, 0, 0),
  ('m-6', '{}', 1760000310000, 'c-marko', 1791, 1760000310000, 'incoming', NULL, NULL, NULL, 1, 1);
INSERT INTO messages (id, json, sent_at, conversationId, received_at, type, body) VALUES
  ('m-7', '{"groupV2Change":{"from":"aaaaaaaa-0000-4000-8000-000000000002","details":[{"type":"title","newTitle":"Излет ⛰"}]}}',
   1760000400000, 'c-group', 1792, 'group-v2-change', NULL),
  ('m-8', '{"callId":"77001"}', 1760000500000, 'c-marko', 1793, 'call-history', NULL),
  ('m-9', '{"key_changed":"aaaaaaaa-0000-4000-8000-000000000002"}', 1760000510000, 'c-marko', 1794, 'keychange', NULL),
  ('m-10', '{"attachments":[{"contentType":"audio/aac","size":24732,"flags":1,"path":"au/audio","fileName":null,
    "plaintextHash":"c635b5dabb3f99e34962e7adcf20c9b937f1727c302699dce04c7d0fcb2c438c","localKey":"a2V5"}]}',
   1760000600000, 'c-marko', 1795, 'incoming', NULL),
  ('m-11', '{broken', 1760000700000, 'c-marko', 1796, 'incoming', 'остаје'),
  ('m-12', '{}', 0, 'c-marko', 1797, 'nova-vrsta', NULL),
  ('m-13', '{"bodyAttachment":{"path":"lo/long","contentType":"text/x-signal-plain","size":9000}}', 1760000800000, 'c-me', 1798,
   'outgoing', 'почетак дугог текста'),
  ('m-14', '{"storyReplyContext":{}}', 1760000900000, 'c-layla', 1799, 'story', NULL);
INSERT INTO message_attachments (messageId, editHistoryIndex, attachmentType, orderInMessage, conversationId, sentAt, size,
  contentType, path, plaintextHash, localKey, caption, fileName, height, width, flags, thumbnailPath, duration) VALUES
  ('m-5', -1, 'attachment', 0, 'c-group', 1760000300000, 178803, 'image/jpeg', 'ph/photo-5',
   'f6dac0c0cc7236dc7c73db60a614ce96f412bc7fdbeafd0f387441e13707382b', 'a2V5', NULL, 'слика.jpg', 100, 150, 0, 'th/5', NULL),
  ('m-5', -1, 'attachment', 1, 'c-group', 1760000300000, 2288136, 'video/mp4', 'vi/vid-5', NULL, NULL, 'opis', NULL, 800, 400, 0, NULL, 12.5),
  ('m-gone', -1, 'quote', 0, 'c-gone', 1760000300000, 1, 'image/png', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO edited_messages VALUES ('m-2', 1760000065000, 0, 'c-marko');
INSERT INTO callsHistory VALUES ('77001', 'aaaaaaaa-0000-4000-8000-000000000002', NULL, 'Direct', 'Video', 'Outgoing', 'Accepted', 1760000500000, NULL, 1760000560000);
INSERT INTO callsHistory VALUES ('77002', 'Z3J1cGEtemEtaXpsZXQtZ3J1cGEtemEtaXpsZXQtMTI=', 'aaaaaaaa-0000-4000-8000-000000000003', 'Group', 'Group', 'Incoming', 'Ringing', 1760000550000, NULL, NULL);
INSERT INTO unprocessed VALUES ('u-1', 1760000000000, 'x');

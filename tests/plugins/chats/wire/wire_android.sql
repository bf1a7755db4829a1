-- Wire for Android until 2021; the column protos is filled by the test.
CREATE TABLE Users (_id TEXT PRIMARY KEY, domain TEXT, teamId TEXT, name TEXT, email TEXT, phone TEXT, connection TEXT, conn_timestamp INTEGER, conn_msg TEXT, deleted INTEGER, handle TEXT);
INSERT INTO Users VALUES ('me', 'wire.com', NULL, 'Ja', 'ja@example.org', NULL, 'self', 0, NULL, 0, '@ja'), ('dragan', NULL, NULL, 'Драган Илић', NULL, '+38269000002', 'accepted', 1699900000000, 'Здраво', 0, '@dragan'),
  ('layla', NULL, 't1', 'ليلى', NULL, NULL, 'blocked', 0, NULL, 1, NULL), ('nobody', NULL, NULL, '', NULL, NULL, 'unconnected', 0, NULL, 0, NULL);
CREATE TABLE Conversations (_id TEXT PRIMARY KEY, remote_id TEXT, name TEXT, creator TEXT, conv_type INTEGER, generated_name TEXT);
INSERT INTO Conversations VALUES ('dragan', 'r1', NULL, 'me', 2, ''), ('g1', 'r2', 'Пут', 'me', 0, ''), ('c3', 'r3', NULL, 'me', 2, '');
CREATE TABLE ConversationMembers (user_id TEXT, conv_id TEXT, role TEXT, PRIMARY KEY (user_id, conv_id));
INSERT INTO ConversationMembers VALUES ('me', 'g1', 'wire_admin'), ('dragan', 'g1', 'wire_member'), ('gone', 'g1', ''), ('me', 'c3', NULL), ('layla', 'c3', NULL);
CREATE TABLE Messages (_id TEXT PRIMARY KEY, conv_id TEXT, msg_type TEXT, user_id TEXT, client_id TEXT, error_code INTEGER, content TEXT, protos BLOB, time INTEGER, local_time INTEGER, first_msg INTEGER,
  members TEXT, recipient TEXT, email TEXT, name TEXT, msg_state TEXT, content_size INTEGER, edit_time INTEGER, ephemeral INTEGER, expiry_time INTEGER, expired INTEGER, duration INTEGER, quote TEXT,
  quote_validity INTEGER, force_read_receipts INTEGER, asset_id TEXT);
INSERT INTO Messages (_id, conv_id, msg_type, user_id, content, time, local_time, msg_state, edit_time, quote) VALUES
  ('m1', 'dragan', 'Text', 'dragan', '[{"type":"Text","content":"Где си?"}]', 1700000000123, 0, 'SENT', 0, NULL),
  ('m2', 'dragan', 'Text', 'me', '[{"type":"Text","content":"Kod kuće","mentions":[{"user_id":"dragan","start":0,"length":3}]}]', 1700000060456, 1700000060100, 'DELIVERED', 1700000100000, 'm1'),
  ('m3', 'g1', 'RichMedia', 'layla', '[{"type":"Text","content":"види"},{"type":"WebLink","content":"https://example.org"},{"type":"Text","content":"=1+1"}]', 1700000120000, 0, 'SENT', 0, NULL),
  ('m4', 'g1', 'Composite', 'bot', '[{"type":"Text","content":"prvo"},{"type":"Text","content":"drugo"}]', 1700000130000, 0, 'SENT', 0, NULL),
  ('m5', 'dragan', 'Recalled', 'me', NULL, 1700000140000, 0, 'SENT', 0, NULL), ('m6', 'lost', 'Future', 'gone', '{broken', 0, 0, 'SENT', 0, NULL), ('m7', 'dragan', 'Knock', 'dragan', NULL, 1700000150000, 0, 'SENT', 0, NULL),
  ('m8', 'dragan', 'Location', 'dragan', NULL, 1700000160000, 0, 'SENT', 0, NULL);
INSERT INTO Messages (_id, conv_id, msg_type, user_id, content, time, msg_state, asset_id, ephemeral, expiry_time) VALUES
  ('a1', 'g1', 'Asset', 'dragan', '[{"type":"Asset","asset":"x","width":640,"height":480}]', 1700000200000, 'SENT', 'as1', 10000, 1700000999000),
  ('a2', 'c3', 'AnyAsset', 'me', NULL, 1700000210000, 'FAILED', 'raw_9', NULL, NULL);
INSERT INTO Messages (_id, conv_id, msg_type, user_id, time, msg_state, members, name, duration) VALUES
  ('s1', 'g1', 'MemberJoin', 'me', 1700000300000, 'SENT', 'dragan,layla', NULL, NULL), ('s2', 'g1', 'Rename', 'me', 1700000310000, 'SENT', NULL, 'Пут', NULL),
  ('s3', 'dragan', 'MissedCall', 'dragan', 1700000320000, 'SENT', NULL, NULL, NULL), ('s4', 'dragan', 'SuccessfulCall', 'me', 1700000330000, 'SENT', NULL, NULL, 65500),
  ('s5', 'g1', 'MessageTimer', 'me', 1700000340000, 'SENT', NULL, NULL, 3600000);
CREATE TABLE Assets2 (_id TEXT PRIMARY KEY, token TEXT, name TEXT, encryption TEXT, mime TEXT, sha BLOB, size INTEGER, source TEXT, preview TEXT, details TEXT);
INSERT INTO Assets2 VALUES ('as1', 't', 'slika.jpg', 'AES_CBC__deadbeef', 'image/jpeg', x'AABB', 2048, '{"uri":"file:///x"}', NULL, '{}');
CREATE TABLE Likings (message_id TEXT, user_id TEXT, timestamp INTEGER, action INTEGER, PRIMARY KEY (message_id, user_id));
INSERT INTO Likings VALUES ('m1', 'me', 1700000010000, 1), ('m1', 'layla', 1700000011000, 1), ('m2', 'dragan', 0, 0);
CREATE TABLE MsgDeletion (message_id TEXT PRIMARY KEY, timestamp INTEGER);
INSERT INTO MsgDeletion VALUES ('m0', 1700000145000), ('m5', 1700000146000);
CREATE TABLE EditHistory (original_id TEXT PRIMARY KEY, updated_id TEXT, timestamp INTEGER);
INSERT INTO EditHistory VALUES ('m2-first', 'm2', 1700000100000);
CREATE TABLE ReadReceipts (message_id TEXT, user_id TEXT, timestamp INTEGER, PRIMARY KEY (message_id, user_id));
INSERT INTO ReadReceipts VALUES ('m2', 'dragan', 1700000070000);

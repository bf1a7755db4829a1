-- Session for iOS, decrypted. The owner's id is 05 and the public key of the table identity.
CREATE TABLE identity (variant TEXT NOT NULL PRIMARY KEY, data BLOB NOT NULL);
INSERT INTO identity VALUES ('x25519PublicKey', x'AA00000000000000000000000000000000000000000000000000000000000001'), ('seed', x'01020304'),
  ('x25519PrivateKey', x'BB00000000000000000000000000000000000000000000000000000000000001');
CREATE TABLE profile (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, nickname TEXT, displayPictureUrl TEXT);
INSERT INTO profile VALUES
  ('05aa00000000000000000000000000000000000000000000000000000000000001', 'Ја', NULL, NULL),
  ('05dragan', 'Dragan', 'Драган посао', 'http://filev2.example.org/file/1'), ('05layla', 'ليلى', NULL, NULL);
CREATE TABLE contact (id TEXT NOT NULL PRIMARY KEY, isTrusted BOOLEAN, isApproved BOOLEAN, isBlocked BOOLEAN, didApproveMe BOOLEAN, hasBeenBlocked BOOLEAN);
INSERT INTO contact VALUES ('05dragan', 1, 1, 0, 1, 0), ('05layla', 0, 0, 1, 0, 1), ('05nameless', 0, 0, 0, 1, 0);
CREATE TABLE thread (id TEXT NOT NULL PRIMARY KEY, variant INTEGER NOT NULL, creationDateTimestamp DOUBLE NOT NULL, shouldBeVisible BOOLEAN NOT NULL, messageDraft TEXT);
INSERT INTO thread VALUES
  ('05dragan', 0, 1700000000.25, 1, 'nedovršeno'), ('05aa00000000000000000000000000000000000000000000000000000000000001', 0, 1690000000, 0, NULL),
  ('03group', 3, 1700000001, 1, ''), ('https://open.example.org.soba', 2, 1700000002, 1, NULL);
CREATE TABLE closedGroup (threadId TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, formationTimestamp DOUBLE NOT NULL);
INSERT INTO closedGroup VALUES ('03group', 'Пут', 1700000001);
CREATE TABLE openGroup (threadId TEXT NOT NULL PRIMARY KEY, server TEXT, roomToken TEXT, name TEXT);
INSERT INTO openGroup VALUES ('https://open.example.org.soba', 'https://open.example.org', 'soba', 'Соба');
CREATE TABLE groupMember (groupId TEXT NOT NULL, profileId TEXT NOT NULL, role INTEGER NOT NULL, isHidden BOOLEAN, roleStatus INTEGER);
INSERT INTO groupMember VALUES ('03group', '05aa00000000000000000000000000000000000000000000000000000000000001', 3, 0, 0), ('03group', '05layla', 0, 0, 1),
  ('03group', '05unknown', 7, 1, 0);
CREATE TABLE interaction (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, serverHash TEXT, messageUuid TEXT, threadId TEXT NOT NULL, authorId TEXT NOT NULL, variant INTEGER NOT NULL,
  body TEXT, timestampMs INTEGER NOT NULL, receivedAtTimestampMs INTEGER NOT NULL, wasRead BOOLEAN, hasMention BOOLEAN, expiresInSeconds DOUBLE, expiresStartedAtMs DOUBLE,
  linkPreviewUrl TEXT, openGroupServerMessageId INTEGER, openGroupWhisperMods BOOLEAN, openGroupWhisperTo TEXT, state INTEGER, recipientReadTimestampMs INTEGER,
  mostRecentFailureText TEXT);
INSERT INTO interaction VALUES
  (1, 'h1', NULL, '05dragan', '05dragan', 0, 'Где си?', 1700000000123, 1700000002000, 1, 0, NULL, NULL, NULL, NULL, 0, NULL, 3, NULL, NULL),
  (2, 'h2', NULL, '05dragan', '05aa00000000000000000000000000000000000000000000000000000000000001', 1, 'Kod kuće', 1700000060456, 1700000060999, 1, 0, 3600.0, 1700000061000.0, NULL, NULL, 0, NULL, 3,
   1700000100000, NULL),
  (3, 'h3', NULL, '03group', '05layla', 0, NULL, 1700000200000, 1700000201000, 0, 1, NULL, NULL, NULL, NULL, 0, NULL, 3, NULL, NULL),
  (4, NULL, NULL, '03group', '05aa00000000000000000000000000000000000000000000000000000000000001', 1001, '{"type":"added"}', 1700000300000, 1700000300000, 1, 0, NULL, NULL, NULL, NULL, 0, NULL, 6, NULL, NULL),
  (5, NULL, 'u5', '05dragan', '05aa00000000000000000000000000000000000000000000000000000000000001', 5000, '{"state":{"missed":{}}}', 1700000400000, 1700000400000, 0, 0, NULL, NULL, NULL, NULL, 0, NULL, 6, NULL, NULL),
  (6, NULL, NULL, '05dragan', '05dragan', 3, NULL, 1700000500000, 1700000500500, 1, 0, NULL, NULL, NULL, NULL, 0, NULL, 5, NULL, NULL),
  (7, NULL, NULL, '05gone', '05stranger', 99, '=1+1', 0, 0, 0, 0, NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, NULL),                 -- thread gone, code unknown, no time
  (8, NULL, NULL, 'https://open.example.org.soba', '05stranger', 0, 'سلام https://example.org', 1700000600000, 1700000600900, 0, 0, NULL, NULL, 'https://example.org', 77, 0, '05layla', 3, NULL, NULL),
  (9, NULL, NULL, '05dragan', '05aa00000000000000000000000000000000000000000000000000000000000001', 6, NULL, 1700000700000, 1700000700500, 1, 0, NULL, NULL, NULL, NULL, 0, NULL, 5, NULL, NULL);
CREATE TABLE quote (interactionId INTEGER NOT NULL PRIMARY KEY, authorId TEXT NOT NULL, timestampMs DOUBLE NOT NULL, body TEXT, attachmentId TEXT);
INSERT INTO quote VALUES (2, '05dragan', 1700000000123.0, 'Где си?', 'att-quote'), (8, '05gone', 1699999999000.0, 'obrisano', NULL);
CREATE TABLE attachment (id TEXT NOT NULL PRIMARY KEY, serverId TEXT, variant INTEGER, state INTEGER, contentType TEXT, byteCount INTEGER, creationTimestamp DOUBLE, sourceFilename TEXT, downloadUrl TEXT,
  localRelativeFilePath TEXT, width INTEGER, height INTEGER, duration DOUBLE, isVisualMedia BOOLEAN, isValid BOOLEAN, encryptionKey BLOB, digest BLOB, caption TEXT);
INSERT INTO attachment VALUES
  ('att-1', '11', 0, 3, 'image/jpeg', 4096, 1700000201.5, 'slika.jpg', 'http://filev2.example.org/file/11', 'att-1/slika.jpg', 640, 480, NULL, 1, 1, x'00', x'0102', 'на мору'),
  ('att-2', '12', 1, 1, 'audio/aac', 0, NULL, NULL, NULL, NULL, NULL, NULL, 4.5, 0, 0, NULL, NULL, NULL),
  ('att-quote', NULL, 0, 3, 'image/jpeg', 10, NULL, 'quoted-thumbnail-1.jpg', NULL, 'att-quote.jpg', NULL, NULL, NULL, 1, 1, NULL, NULL, NULL),
  ('att-link', NULL, 0, 3, 'image/png', 11, NULL, NULL, NULL, 'att-link.png', NULL, NULL, NULL, 1, 1, NULL, NULL, NULL);
CREATE TABLE interactionAttachment (albumIndex INTEGER NOT NULL, interactionId INTEGER NOT NULL, attachmentId TEXT NOT NULL);
INSERT INTO interactionAttachment VALUES (0, 3, 'att-1'), (1, 3, 'att-2'), (0, 98, 'att-gone');
CREATE TABLE linkPreview (url TEXT NOT NULL, timestamp DOUBLE NOT NULL, variant INTEGER NOT NULL, title TEXT, attachmentId TEXT);
INSERT INTO linkPreview VALUES ('https://example.org', 1700000000, 0, 'Primjer', 'att-link');
CREATE TABLE reaction (interactionId NUMERIC NOT NULL, serverHash TEXT, timestampMs TEXT NOT NULL, authorId TEXT NOT NULL, emoji TEXT NOT NULL, count INTEGER NOT NULL DEFAULT 0, sortId INTEGER);
INSERT INTO reaction VALUES (1, NULL, '1700000150000', '05layla', '❤️', 1, 0), (8, NULL, '0', '05x', '👍', 12, 0);
CREATE TABLE recipientState (interactionId INTEGER NOT NULL, recipientId TEXT NOT NULL, state INTEGER NOT NULL, readTimestampMs DOUBLE, mostRecentFailureText TEXT);
INSERT INTO recipientState VALUES (2, '05dragan', 3, 1700000100000.0, NULL), (2, '05layla', 1, NULL, 'nema veze');

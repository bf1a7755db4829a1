-- Signal for iOS, tables as of 2025 (and model_TSAttachment of 2021). Persons, numbers and ids are invented.
CREATE TABLE keyvalue (KEY TEXT NOT NULL, collection TEXT NOT NULL, VALUE BLOB NOT NULL, PRIMARY KEY (KEY, collection));
CREATE TABLE model_TSThread (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, recordType INTEGER NOT NULL, uniqueId TEXT NOT NULL UNIQUE,
  creationDate DOUBLE, messageDraft TEXT, contactPhoneNumber TEXT, contactUUID TEXT, groupModel BLOB, name TEXT);
CREATE TABLE model_TSInteraction (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, recordType INTEGER NOT NULL,
  uniqueId TEXT NOT NULL UNIQUE, receivedAtTimestamp INTEGER NOT NULL, timestamp INTEGER NOT NULL, uniqueThreadId TEXT NOT NULL,
  attachmentIds BLOB, authorPhoneNumber TEXT, authorUUID TEXT, body TEXT, callType INTEGER, configurationDurationSeconds INTEGER,
  contactShare BLOB, customMessage TEXT, errorType INTEGER, expiresAt INTEGER, expiresInSeconds INTEGER, isViewOnceComplete INTEGER,
  isViewOnceMessage INTEGER, isVoiceMessage INTEGER, messageSticker BLOB, messageType INTEGER, quotedMessage BLOB, read INTEGER,
  recipientAddressStates BLOB, serverTimestamp INTEGER, sourceDeviceId INTEGER, storedMessageState INTEGER,
  wasRemotelyDeleted BOOLEAN, offerType INTEGER, creatorUuid TEXT, viewed BOOLEAN, storyAuthorUuidString TEXT, storyTimestamp INTEGER,
  storyReactionEmoji TEXT, giftBadge BLOB, editState INTEGER DEFAULT 0);
CREATE TABLE model_SignalRecipient (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, recipientPhoneNumber TEXT, recipientUUID TEXT,
  pni TEXT, unregisteredAtTimestamp INTEGER);
CREATE TABLE model_OWSUserProfile (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, profileName TEXT, familyName TEXT,
  recipientPhoneNumber TEXT, recipientUUID TEXT, bio TEXT);
CREATE TABLE model_SignalAccount (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, contact BLOB, recipientPhoneNumber TEXT,
  recipientUUID TEXT, givenName TEXT, familyName TEXT, nickname TEXT, fullName TEXT);
CREATE TABLE NicknameRecord (recipientRowID INTEGER PRIMARY KEY NOT NULL, givenName TEXT, familyName TEXT, note TEXT);
CREATE TABLE BlockedRecipient (recipientId INTEGER PRIMARY KEY NOT NULL);
CREATE TABLE model_TSGroupMember (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, groupThreadId TEXT NOT NULL, phoneNumber TEXT,
  uuidString TEXT);
CREATE TABLE model_TSMention (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, uniqueMessageId TEXT NOT NULL,
  uniqueThreadId TEXT NOT NULL, uuidString TEXT NOT NULL);
CREATE TABLE model_OWSReaction (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, emoji TEXT NOT NULL, reactorE164 TEXT,
  reactorUUID TEXT, receivedAtTimestamp INTEGER NOT NULL, sentAtTimestamp INTEGER NOT NULL, uniqueMessageId TEXT NOT NULL);
CREATE TABLE EditRecord (id INTEGER PRIMARY KEY AUTOINCREMENT, latestRevisionId INTEGER NOT NULL, pastRevisionId INTEGER NOT NULL);
CREATE TABLE Attachment (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, sha256ContentHash BLOB UNIQUE, unencryptedByteCount INTEGER,
  mimeType TEXT NOT NULL, localRelativeFilePath TEXT, contentType INTEGER, transitUploadTimestamp INTEGER,
  cachedAudioDurationSeconds DOUBLE, cachedMediaHeightPixels INTEGER, cachedMediaWidthPixels INTEGER, cachedVideoDurationSeconds DOUBLE);
CREATE TABLE MessageAttachmentReference (ownerType INTEGER NOT NULL, ownerRowId INTEGER NOT NULL, attachmentRowId INTEGER NOT NULL,
  renderingFlag INTEGER NOT NULL, orderInMessage INTEGER, caption TEXT, sourceFilename TEXT, contentType INTEGER,
  isInvalid AS (contentType = 0 OR contentType = 1) VIRTUAL, isViewOnce BOOLEAN NOT NULL DEFAULT 0);
CREATE TABLE model_TSAttachment (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, uniqueId TEXT NOT NULL UNIQUE, albumMessageId TEXT,
  byteCount INTEGER NOT NULL, caption TEXT, contentType TEXT NOT NULL, sourceFilename TEXT, cachedImageHeight DOUBLE,
  cachedImageWidth DOUBLE, localRelativeFilePath TEXT, uploadTimestamp INTEGER NOT NULL DEFAULT 0);
CREATE TABLE CallRecord (id INTEGER PRIMARY KEY NOT NULL, callId TEXT NOT NULL, interactionRowId INTEGER, threadRowId INTEGER,
  type INTEGER NOT NULL, direction INTEGER NOT NULL, status INTEGER NOT NULL, timestamp INTEGER NOT NULL, groupCallRingerAci BLOB,
  callEndedTimestamp INTEGER NOT NULL DEFAULT 0);
CREATE TABLE model_StoryMessage (id INTEGER PRIMARY KEY, manifest BLOB);

INSERT INTO keyvalue VALUES
  ('TSStorageRegisteredUUIDKey', 'TSStorageUserAccountCollection', archive('"AAAAAAAA-0000-4000-8000-000000000001"')),
  ('TSStorageRegisteredNumberKey', 'TSStorageUserAccountCollection', archive('"+38267000001"'));
INSERT INTO model_SignalRecipient VALUES (1, '+38267000001', 'AAAAAAAA-0000-4000-8000-000000000001', NULL, NULL),
  (2, '+38267000002', 'AAAAAAAA-0000-4000-8000-000000000002', 'PNI:BBBBBBBB-0000-4000-8000-000000000002', NULL),
  (3, NULL, 'AAAAAAAA-0000-4000-8000-000000000003', NULL, 1760000000000), (4, '+38267000009', NULL, NULL, NULL);
INSERT INTO model_OWSUserProfile VALUES (1, 'Ана', 'Тест', NULL, 'AAAAAAAA-0000-4000-8000-000000000001', NULL),
  (2, 'Marko', 'R', NULL, 'AAAAAAAA-0000-4000-8000-000000000002', 'Ту сам'), (3, 'Layla', NULL, NULL, 'AAAAAAAA-0000-4000-8000-000000000003', NULL);
INSERT INTO model_SignalAccount VALUES (1, NULL, '+38267000002', 'AAAAAAAA-0000-4000-8000-000000000002', NULL, NULL, NULL, 'Марко Радови'),
  (2, archive('{"$class":"Contact","firstName":"Јован","lastName":"Ј"}'), '+38267000009', NULL, NULL, NULL, NULL, NULL);
INSERT INTO NicknameRecord VALUES (3, 'ليلى', NULL, 's posla');
INSERT INTO BlockedRecipient VALUES (3);
INSERT INTO model_TSThread (id, recordType, uniqueId, contactUUID, contactPhoneNumber, messageDraft) VALUES
  (1, 27, 'T-MARKO', 'AAAAAAAA-0000-4000-8000-000000000002', '+38267000002', 'nedovršeno'),
  (3, 27, 'T-ME', 'AAAAAAAA-0000-4000-8000-000000000001', NULL, NULL);
INSERT INTO model_TSThread (id, recordType, uniqueId, groupModel) VALUES
  (2, 26, 'gZ3J1cGE=', archive('{"$class":"TSGroupModelV2","groupName":"Излет ⛰"}')), (4, 72, 'T-STORY', NULL), (5, 26, 'g-bad', x'0102');
INSERT INTO model_TSGroupMember VALUES (1, 'gZ3J1cGE=', NULL, 'AAAAAAAA-0000-4000-8000-000000000001'), (2, 'gZ3J1cGE=', '+38267000009', NULL);

INSERT INTO model_TSInteraction (id, recordType, uniqueId, timestamp, receivedAtTimestamp, uniqueThreadId, authorUUID, authorPhoneNumber,
  body, read, serverTimestamp, expiresAt, expiresInSeconds, sourceDeviceId) VALUES
  (1, 19, 'M-1', 1760000000123, 1760000001000, 'T-MARKO', 'AAAAAAAA-0000-4000-8000-000000000002', NULL, 'Где си?', 1, 1760000000500, 1760003661000, 3600, 1),
  (3, 19, 'M-3', 1760000120000, 1760000121000, 'gZ3J1cGE=', NULL, '+38267000009', '￼ دیر نکن', 0, NULL, 0, 0, 2),
  (4, 19, 'M-lost', 1760000190000, 1760000191000, 'T-GONE', NULL, NULL, '<b>=1+1</b> ‮txt.exe', 0, NULL, 0, 0, NULL);
INSERT INTO model_TSInteraction (id, recordType, uniqueId, timestamp, receivedAtTimestamp, uniqueThreadId, body, quotedMessage,
  storedMessageState, editState) VALUES
  (2, 21, 'M-2', 1760000065000, 1760000065000, 'T-MARKO', 'Kod kuće',
   archive('{"$class":"TSQuotedMessage","timestamp":1760000000123,"body":"Где си?","authorAddress":{"$class":"SignalServiceAddress","backingUuid":"AAAAAAAA-0000-4000-8000-000000000002"}}'), 4, 1),
  (5, 21, 'M-2-old', 1760000060000, 1760000060000, 'T-MARKO', 'Kod kuce', NULL, 4, 2);
INSERT INTO model_TSInteraction (id, recordType, uniqueId, timestamp, receivedAtTimestamp, uniqueThreadId, body, wasRemotelyDeleted,
  isViewOnceMessage, isVoiceMessage, messageType, callType, offerType, customMessage, attachmentIds, viewed) VALUES
  (6, 19, 'M-del', 1760000200000, 1760000201000, 'T-MARKO', NULL, 1, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL),
  (7, 21, 'M-photo', 1760000210000, 1760000210000, 'gZ3J1cGE=', NULL, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL),
  (8, 19, 'M-voice', 1760000220000, 1760000221000, 'T-MARKO', NULL, 0, 0, 1, NULL, NULL, NULL, NULL, archive('["A-1"]'), 1),
  (9, 10, 'M-info', 1760000230000, 1760000231000, 'gZ3J1cGE=', NULL, 0, 0, 0, 3, NULL, NULL, 'Ана је променила назив', NULL, NULL),
  (10, 20, 'M-call', 1760000240000, 1760000240000, 'T-MARKO', NULL, 0, 0, 0, NULL, 2, 1, NULL, NULL, NULL),
  (11, 20, 'M-call-old', 1760000250000, 1760000250000, 'T-MARKO', NULL, 0, 0, 0, NULL, 3, 0, NULL, NULL, NULL),
  (12, 99, 'M-new', 0, 0, 'T-MARKO', 'нови', 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL),
  (13, 21, 'M-long', 1760000260000, 1760000260000, 'T-ME', 'почетак дугог текста', 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO EditRecord VALUES (1, 2, 5);
INSERT INTO model_TSMention VALUES (1, 'M-3', 'gZ3J1cGE=', 'AAAAAAAA-0000-4000-8000-000000000001');
INSERT INTO model_OWSReaction VALUES (1, '👍', NULL, 'AAAAAAAA-0000-4000-8000-000000000001', 1760000131000, 1760000130000, 'M-3'),
  (2, '👎', '+38267000009', NULL, 0, 0, 'M-gone');
INSERT INTO Attachment VALUES (1, x'f6dac0c0cc7237dc7c73db60a4614ce96af4131c6fdbeafd0f384741e137072b', 178803, 'image/jpeg', 'ab/photo', 2, 1760000211000, NULL, 100, 150, NULL),
  (2, NULL, 9000, 'text/x-signal-plain', 'cd/long', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO MessageAttachmentReference (ownerType, ownerRowId, attachmentRowId, renderingFlag, orderInMessage, caption, sourceFilename) VALUES
  (0, 7, 1, 0, 0, 'opis', 'слика.jpg'), (1, 13, 2, 0, 0, NULL, NULL), (3, 777, 99, 0, 0, NULL, NULL);
INSERT INTO model_TSAttachment VALUES (1, 'A-1', NULL, 900, NULL, 'audio/aac', NULL, 0, 0, 'A-1/voice.aac', 0);
INSERT INTO CallRecord VALUES (1, '77001', 10, 1, 1, 1, 1, 1760000240000, NULL, 1760000290000),
  (2, '77002', NULL, 2, 2, 0, 9, 1760000300000, x'aaaaaaaa000040008000000000000003', 0), (3, '77003', NULL, 99, 9, 9, 99, 1760000310000, NULL, 0);
INSERT INTO model_StoryMessage VALUES (1, x'00');

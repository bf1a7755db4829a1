-- Two numbers of the account (+38267000111, +38267000222); a chat of two, a group, calls and voicemail.
CREATE TABLE Thread (threadKey TEXT, threadType INTEGER, isDeleted INTEGER, groupName TEXT, isSuspectedSpam INTEGER, PRIMARY KEY (threadKey, threadType));
CREATE TABLE ThreadItem (
  threadItemKey TEXT NOT NULL, threadItemType INTEGER NOT NULL, isUnread INTEGER, messageText TEXT, senderPhoneNumber TEXT,
  sendingState INTEGER, failureReason INTEGER, messageID INTEGER, isSystemMessage INTEGER, isDeleted INTEGER, ringGroupName TEXT,
  transferredFromE164 TEXT, duration REAL, timestamp REAL, syncTimestamp REAL, itemType TEXT, threadKey TEXT, threadType INTEGER,
  PRIMARY KEY (threadItemKey, threadItemType)
);
CREATE TABLE ThreadParticipant (phoneNumberE164 TEXT, threadKey TEXT, threadType INTEGER, PRIMARY KEY (phoneNumberE164, threadKey, threadType));
CREATE TABLE Participant (phoneNumberE164 TEXT PRIMARY KEY, isBlocked INTEGER);
CREATE TABLE Transcript (threadItemKey TEXT, threadItemType INTEGER, text TEXT, confidence REAL, status INTEGER, PRIMARY KEY (threadItemKey, threadItemType));
CREATE TABLE MMSAttachmentInfo (attachmentKey TEXT, mediaType INTEGER, threadItemKey TEXT, threadItemType INTEGER, attachmentInfoStatus INTEGER, attachmentSource INTEGER, PRIMARY KEY (attachmentKey, attachmentSource));
CREATE TABLE ImageSizeInfo (height INTEGER, width INTEGER, size INTEGER, attachmentKey TEXT, attachmentSource INTEGER);
CREATE TABLE VideoInfo (duration REAL, format INTEGER, attachmentKey TEXT, attachmentSource INTEGER);
CREATE TABLE FileAttachmentInfo (attachmentName TEXT, byteCount INTEGER, attachmentKey TEXT, attachmentSource INTEGER);
CREATE TABLE ThreadOperation (id TEXT PRIMARY KEY);

INSERT INTO Participant VALUES ('+381641112222', 0), ('+38344555666', 1);
INSERT INTO Thread VALUES ('t.+381641112222', 1, 0, NULL, 0), ('g.1', 1, 0, 'Vozači', 1), ('c.OUT', 1, 0, NULL, 0), ('c.IN', 1, 0, NULL, 0),
  ('c.MISSED', 1, 0, NULL, 0), ('c.VOICE', 1, 0, NULL, 0), ('c.MANY', 1, 0, NULL, 0);
INSERT INTO ThreadParticipant VALUES ('+381641112222', 't.+381641112222', 1), ('+381641112222', 'g.1', 1), ('+38344555666', 'g.1', 1),
  ('+381641112222', 'c.OUT', 1), ('+38344555666', 'c.IN', 1), ('+38344555666', 'c.MISSED', 1), ('+381641112222', 'c.VOICE', 1),
  ('+381641112222', 'c.MANY', 1), ('+38344555666', 'c.MANY', 1);

-- 1678307200.25 = 2023-03-08 20:26:40.25 UTC
INSERT INTO ThreadItem (threadItemKey, threadItemType, itemType, threadKey, threadType, senderPhoneNumber, messageText, timestamp, duration, isUnread, isSystemMessage, isDeleted, messageID) VALUES
  ('m1', 1, 'SmsOut', 't.+381641112222', 1, '+38267000111', 'Где си?', 1678307200.25, 0.0, 0, 0, 0, 77),
  ('m2', 1, 'SmsIn', 't.+381641112222', 1, '+381641112222', 'Na mostu', 1678307201.0, 0.0, 1, 0, 1, 0),
  ('m3', 1, 'SmsIn', 'g.1', 1, '+38344555666', '', 1678307202.0, 0.0, 0, 0, 0, 0),
  ('m4', 1, 'SmsOut', 'g.1', 1, '+38267000222', 'snimak', 1678307203.0, 0.0, 0, 0, 0, 78),
  ('m5', 1, 'SmsIn', 't.gone', 1, '+38344555666', 'ugovor', 1678307204.0, 0.0, 0, 0, 0, 0),
  ('m6', 1, 'Fax', 't.gone', 1, NULL, NULL, 1678307205.0, 0.0, 0, 0, 0, 0),
  ('m7', 1, 'SmsIn', 'g.1', 1, NULL, 'Broj je promijenjen', 1678307206.0, 0.0, 0, 1, 0, 0),
  ('v1', 1, 'Voicemail', 'c.VOICE', 1, '+381641112222', NULL, 1678307207.0, 34.0, 0, 0, 0, 0),
  ('c1', 1, 'OutgoingCall', 'c.OUT', 1, '+38267000111', NULL, 1678307208.5, 95.0, 0, 0, 0, 0),
  ('c2', 1, 'IncomingCall', 'c.IN', 1, '+38344555666', NULL, 1678307209.0, 12.5, 0, 0, 0, 0),
  ('c3', 1, 'MissedCall', 'c.MISSED', 1, '+38344555666', NULL, 1678307210.0, 0.0, 1, 0, 0, 0),
  ('c4', 1, 'OutgoingCall', 'c.MANY', 1, '+38267000111', NULL, 1678307211.0, 5.0, 0, 0, 0, 0);
INSERT INTO Transcript VALUES ('v1', 1, 'Nazovi me kad stigneš', 0.5, 0);
INSERT INTO MMSAttachmentInfo VALUES ('m3-1', 1, 'm3', 1, 0, 1), ('m4-1', 2, 'm4', 1, 0, 1), ('m5-1', 4, 'm5', 1, 0, 1), ('lost-1', 1, 'lost', 1, 0, 1);
INSERT INTO ImageSizeInfo VALUES (128, 59, 1, 'm3-1', 1), (1600, 739, 0, 'm3-1', 1), (512, 236, 2, 'm3-1', 1);
INSERT INTO VideoInfo VALUES (7.5, 1, 'm4-1', 1);
INSERT INTO FileAttachmentInfo VALUES ('ugovor.pdf', 12345, 'm5-1', 1);

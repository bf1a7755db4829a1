-- Threema for Android, decrypted. identity of a row of message is the other side, whichever way the message went.
CREATE TABLE contacts (identity VARCHAR, publicKey BLOB, firstName VARCHAR, lastName VARCHAR, publicNickName VARCHAR, verificationLevel INTEGER, dateCreated INTEGER);
INSERT INTO contacts VALUES ('DRAGAN01', x'AA01', 'Драган', NULL, NULL, 2, NULL), ('LAYLA123', x'BB02', NULL, NULL, 'ليلى', 0, NULL);
CREATE TABLE message (id INTEGER PRIMARY KEY AUTOINCREMENT, uid VARCHAR, apiMessageId VARCHAR, identity VARCHAR, outbox SMALLINT, type INTEGER, body VARCHAR, correlationId VARCHAR,
  caption VARCHAR, isRead SMALLINT, isSaved SMALLINT, state VARCHAR, postedAtUtc BIGINT, createdAtUtc BIGINT, modifiedAtUtc BIGINT, isStatusMessage SMALLINT,
  quotedMessageId VARCHAR, deliveredAtUtc DATETIME, readAtUtc DATETIME, displayTags TINYINT DEFAULT 0, editedAtUtc DATETIME, deletedAtUtc DATETIME);
INSERT INTO message (id, uid, apiMessageId, identity, outbox, type, body, isRead, isSaved, state, postedAtUtc, createdAtUtc, isStatusMessage, readAtUtc) VALUES
  (1, 'u1', 'a1', 'DRAGAN01', 0, 0, 'Где си?', 1, 1, 'READ', 1700000000123, 1700000002000, 0, NULL),
  (2, 'u2', 'a2', 'DRAGAN01', 1, 0, 'Kod kuće', 1, 1, 'READ', 1700000060456, 1700000060400, 0, 1700000100000),
  (3, 'u3', 'a3', 'DRAGAN01', 0, 4, '[42.44,19.26,5.0,null]', 1, 1, NULL, 1700000200000, 1700000201000, 0, NULL),
  (4, 'u4', NULL, 'STRANGER', 7, 99, '=1+1', 0, 0, NULL, NULL, 0, 0, NULL);
CREATE TABLE m_group (id INTEGER PRIMARY KEY AUTOINCREMENT, apiGroupId VARCHAR, name VARCHAR, creatorIdentity VARCHAR, groupDesc VARCHAR);
INSERT INTO m_group VALUES (5, '9f', 'Пут', 'DRAGAN01', 'opis');
CREATE TABLE group_member (id INTEGER PRIMARY KEY AUTOINCREMENT, identity VARCHAR, groupId INTEGER);
INSERT INTO group_member VALUES (1, 'DRAGAN01', 5), (2, 'LAYLA123', 5), (3, 'X', 98);
CREATE TABLE m_group_message (id INTEGER PRIMARY KEY AUTOINCREMENT, uid VARCHAR, apiMessageId VARCHAR, groupId INTEGER, identity VARCHAR, outbox SMALLINT, type INTEGER, body VARCHAR,
  state VARCHAR, postedAtUtc BIGINT, createdAtUtc BIGINT, isStatusMessage SMALLINT, groupMessageStates VARCHAR);
INSERT INTO m_group_message VALUES (1, 'g1', 'b1', 5, 'LAYLA123', 0, 0, 'selam', NULL, 1700000300000, 1700000301000, 0, '{"DRAGAN01":"USERACK"}'),
  (2, 'g2', 'b2', 98, 'LAYLA123', 0, 0, 'bez grupe', NULL, 1700000400000, 1700000401000, 0, NULL);
CREATE TABLE contact_reactions (messageId INTEGER, senderIdentity VARCHAR, emojiSequence VARCHAR, reactedAt BIGINT);
INSERT INTO contact_reactions VALUES (1, 'MYSELF00', '❤️', 1700000150000), (77, 'MYSELF00', '👍', 0);
CREATE TABLE group_reactions (messageId INTEGER, senderIdentity VARCHAR, emojiSequence VARCHAR, reactedAt BIGINT);
INSERT INTO group_reactions VALUES (1, 'DRAGAN01', '😀', 1700000350000);

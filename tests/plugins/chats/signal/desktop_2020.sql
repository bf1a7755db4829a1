-- Signal Desktop, schema of 2020: no service ids, the number of a sender in a column that drops its +, calls inside messages.
CREATE TABLE conversations (id STRING PRIMARY KEY ASC, json TEXT, active_at INTEGER, type STRING, members TEXT, name TEXT,
  profileName TEXT, profileFamilyName TEXT, profileFullName TEXT, e164 TEXT, uuid TEXT, groupId TEXT);
CREATE TABLE messages (id STRING PRIMARY KEY ASC, json TEXT, unread INTEGER, expires_at INTEGER, sent_at INTEGER,
  schemaVersion INTEGER, conversationId STRING, received_at INTEGER, source STRING, sourceDevice STRING,
  hasAttachments INTEGER, expireTimer INTEGER, expirationStartTimestamp INTEGER, type STRING, body TEXT, sourceUuid TEXT);
INSERT INTO conversations (id, json, type, name, e164) VALUES ('c-1', '{}', 'private', 'Јован', '+38267000005');
INSERT INTO messages (id, json, sent_at, conversationId, received_at, source, type, body) VALUES
  ('m-1', '{}', 1590000000000, 'c-1', 1590000001000, '+38267000005', 'incoming', 'стара порука'),
  ('m-2', '{"callHistoryDetails":{"callMode":"Direct","wasIncoming":true,"wasVideoCall":false,"wasDeclined":false,
    "acceptedTime":1590000100000,"endedTime":1590000160500}}', 1590000090000, 'c-1', 1590000200000, NULL, 'call-history', NULL),
  ('m-3', '{"callHistoryDetails":{"callMode":"Direct","wasIncoming":true,"wasVideoCall":true,"wasDeclined":true,
    "endedTime":1590000390000}}', 1590000380000, 'c-1', 1590000400000, NULL, 'call-history', NULL);

-- What modern.sql has besides when WhatsApp was caught moving from one schema to the other: the older table, one message of it
-- copied already (A02), one copied and changed since (A12), one only here.
CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT NOT NULL, key_from_me INTEGER, key_id TEXT NOT NULL, status INTEGER, data TEXT, timestamp INTEGER,
  media_wa_type TEXT, media_size INTEGER, remote_resource TEXT, received_timestamp INTEGER);
INSERT INTO messages VALUES
  (1, '-1', 0, '-1', -1, NULL, 0, '-1', -1, NULL, -1),
  (2, '381641112222@s.whatsapp.net', 0, 'A02', 0, 'Kad krećete sutra?', 1647000000123, '0', 0, NULL, 0),
  (12, '381641112222@s.whatsapp.net', 0, 'A12', 0, 'U pet', 1647000600000, '0', 0, NULL, 0),
  (500, '381641112222@s.whatsapp.net', 1, 'A500', 13, 'samo u staroj tabeli', 1640000000000, '0', 0, NULL, 0);

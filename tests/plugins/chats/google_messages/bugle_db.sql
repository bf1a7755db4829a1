-- Google Messages. Participant 1 is the owner's SIM, 2 an older SIM without a number, all others are somebody else.
CREATE TABLE participants (_id INTEGER PRIMARY KEY AUTOINCREMENT, sub_id INT DEFAULT(-2), sim_slot_id INT DEFAULT(-1), normalized_destination TEXT,
  send_destination TEXT, display_destination TEXT, full_name TEXT, first_name TEXT, contact_id INT DEFAULT(-1), lookup_key STRING, blocked INT DEFAULT(0),
  subscription_name TEXT);
INSERT INTO participants VALUES
  (1, 1, 0, '+38267000001', '067000001', '067 000 001', NULL, NULL, -1, NULL, 0, 'Crnogorski Telekom'),
  (2, 3, -1, NULL, NULL, NULL, NULL, NULL, -1, NULL, 0, NULL),
  (3, -2, -1, '+38269000002', '069 000 002', '069 000 002', 'Драган Илић', 'Драган', 12, 'k12', 0, NULL),
  (4, -2, -1, '+355690000003', '+355690000003', '+355 69 000 0003', NULL, NULL, -1, NULL, 1, NULL),
  (5, -2, -1, 'layla@example.org', 'layla@example.org', 'layla@example.org', 'ليلى', NULL, 14, NULL, 0, NULL);
CREATE TABLE conversations (_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, participant_count INT DEFAULT(0), current_self_id TEXT);
INSERT INTO conversations VALUES (10, 'Драган Илић', 1, '1'), (11, 'Put', 3, '1');
CREATE TABLE conversation_participants (_id INTEGER PRIMARY KEY AUTOINCREMENT, conversation_id INT, participant_id INT);
INSERT INTO conversation_participants VALUES (1, 10, 3), (2, 11, 3), (3, 11, 4), (4, 11, 5), (5, 11, 99);   -- person 99 is gone
CREATE TABLE messages (_id INTEGER PRIMARY KEY AUTOINCREMENT, conversation_id INT, sender_id INT, sent_timestamp INT DEFAULT(0), received_timestamp INT DEFAULT(0),
  message_protocol INT DEFAULT(0), message_status INT DEFAULT(0), seen INT DEFAULT(0), read INT DEFAULT(0), sms_message_uri TEXT, sms_message_size INT DEFAULT(0),
  mms_subject TEXT, mms_expiry INT DEFAULT(0), raw_status INT DEFAULT(0), self_id INT, rcs_message_id TEXT);
INSERT INTO messages VALUES
  (1, 10, 3, 1700000000123, 1700000002000, 0, 100, 1, 1, 'content://sms/7', 0, NULL, 0, 0, 1, NULL),
  (2, 10, 1, 0, 1700000060456, 3, 2, 1, 1, NULL, 0, NULL, 0, 0, 1, 'MxRcs-1'),
  (3, 11, 4, 1700000100000, 1700000101000, 1, 100, 0, 0, NULL, 20480, 'Fotografije', 0, 0, 1, NULL),
  (4, 11, NULL, 1700000200000, 1700000200000, 0, 1, 1, 1, NULL, 0, NULL, 0, 0, NULL, NULL),               -- its sender was deleted
  (5, 11, 5, 0, 1700000300000, 3, 100, 0, 0, NULL, 0, NULL, 0, 0, 1, 'MxRcs-2'),                          -- a place
  (6, 11, 3, 0, 1700000400000, -1, 200, 1, 1, NULL, 0, NULL, 0, 0, 1, NULL),                              -- an event without parts
  (7, 10, 1, 0, 1700000500000, 0, 3, 1, 1, NULL, 0, NULL, 0, 0, 1, NULL),                                 -- a draft
  (8, 99, 3, 1700000600000, 1700000600000, 9, 777, 1, 1, NULL, 0, NULL, 0, 0, 1, NULL),                   -- its conversation is gone, codes unknown
  (9, 10, NULL, 0, 0, 0, 0, 0, 0, NULL, 0, NULL, 0, 0, NULL, NULL),                                       -- nothing is set
  (10, 10, 3, 1700000700000, 1700000700000, 3, 300, 1, 1, NULL, 0, NULL, 0, 0, 1, NULL);
CREATE TABLE parts (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_id INT, text TEXT, uri TEXT, content_type TEXT, width INT DEFAULT(-1), height INT DEFAULT(-1), timestamp INT,
  conversation_id INT NOT NULL, file_size_bytes INT DEFAULT(-1), local_cache_path TEXT, latitude REAL, longitude REAL);
INSERT INTO parts VALUES
  (1, 1, 'Где си?', NULL, 'text/plain', -1, -1, 1700000002000, 10, -1, NULL, NULL, NULL),
  (2, 2, '=cmd|''/c calc''!A1 <b>x</b>', NULL, 'text/plain', -1, -1, 1700000060456, 10, -1, NULL, NULL, NULL),
  (3, 3, 'prva', NULL, 'text/plain', -1, -1, 1700000101000, 11, -1, NULL, NULL, NULL),
  (4, 3, NULL, 'content://mms/part/12', 'image/jpeg', 640, 480, 1700000101000, 11, 20480, '/data/user/0/com.google.android.apps.messaging/cache/p_12.bin', 42.4, 19.2),
  (5, 3, 'druga', NULL, 'text/plain', -1, -1, 1700000101000, 11, -1, NULL, NULL, NULL),
  (6, 3, NULL, 'content://mms/part/13', 'video/mp4', -1, -1, 1700000101000, 11, -1, NULL, 0, 0),
  (7, 4, 'pošiljalac nepoznat', NULL, 'text/plain', -1, -1, 1700000200000, 11, -1, NULL, NULL, NULL),
  (8, 5, 'اینجا', NULL, 'application/vnd.gsma.rcspushlocation+xml', -1, -1, 1700000300000, 11, -1, NULL, 42.4411, 19.2636),
  (9, 7, 'nedovršeno', NULL, 'text/plain', -1, -1, 1700000500000, 10, -1, NULL, NULL, NULL),
  (10, 8, 'bez razgovora', NULL, 'text/plain', -1, -1, 1700000600000, 99, -1, NULL, NULL, NULL),
  (11, 98, 'ostatak poruke', NULL, 'text/plain', -1, -1, 1700000650000, 10, -1, NULL, NULL, NULL);         -- its message is gone

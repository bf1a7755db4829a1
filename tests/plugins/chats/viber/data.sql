-- viber_data of Viber for Android, columns as in user_version 235. Invented.
CREATE TABLE calls (_id INTEGER PRIMARY KEY, call_id LONG, number TEXT, canonized_number TEXT, viber_call BOOLEAN, viber_call_type INTEGER, date LONG, duration LONG, type INT, end_reason INT, start_reason INT, token LONG, looked BOOLEAN, conference_info TEXT,
  group_id LONG, flags INTEGER);
INSERT INTO calls VALUES
  (1, -1, '0641112222', '+381641112222', 1, 1, 1678300000123, 65, 1, 3, 0, 5700000000000000001, 1, NULL, 0, 0),
  (2, -1, '+905321234567', '+905321234567', 1, 4, 1678300600000, 0, 3, 1, 0, 5700000000000000002, 0, NULL, 0, 0),     -- missed, of nobody's contact
  (3, 77, '+38344555666', '+38344555666', 1, 9, 1678301200000, 0, 2, 5, 0, 0, 1, '{"members":[1]}', 5001, 0);         -- of a group, of a kind not known
CREATE TABLE phonebookcontact (_id INTEGER PRIMARY KEY, display_name TEXT, phonetic_name TEXT, starred BOOLEAN, viber BOOLEAN, contact_lookup_key TEXT, joined_date LONG, deleted BOOLEAN);
INSERT INTO phonebookcontact VALUES (1, 'Милан Возач 🚐', NULL, 1, 1, '11i1', 1660691493950, NULL), (2, 'Bez broja', NULL, 0, 0, NULL, 0, 1), (3, 'Beni', NULL, 0, 0, NULL, 0, NULL), (4, 'Milan posao', NULL, 0, 0, NULL, 0, NULL);
CREATE TABLE phonebookdata (_id INTEGER PRIMARY KEY, contact_id INTEGER, data1 TEXT, data2 TEXT, data3 TEXT, mime_type INTEGER);
INSERT INTO phonebookdata VALUES
  (1, 1, '064 111 2222', '+381641112222', '064 111-2222', 0), (2, 1, '+381649990000', '+381649990000', '+381649990000', 0), (3, 1, 'milan@example.org', NULL, NULL, 5),
  (4, 3, '12', NULL, NULL, 0), (5, 4, '+381641112222', '+381641112222', NULL, 0), (6, 99, '+38269000111', '+38269000111', NULL, 0);
CREATE TABLE vibernumbers (_id INTEGER PRIMARY KEY, canonized_number TEXT, viber_name TEXT, member_id TEXT, encrypted_member_id TEXT, viber_id TEXT, date_of_birth TEXT);
INSERT INTO vibernumbers VALUES (1, '+381641112222', 'mikan', 'mil=', 'em:mil', '', '1990-01-02'), (2, '+38344555666', 'Arben', 'arb=', 'em:arb', '', '');
CREATE TABLE blockednumbers (_id INTEGER PRIMARY KEY, canonized_number TEXT, blocked_date LONG, block_reason INTEGER, status INTEGER);
INSERT INTO blockednumbers VALUES (1, '+38344555666', 1678300000000, 0, 1), (2, '+33123456789', 0, 2, 0);
CREATE TABLE sync_data (_id INTEGER PRIMARY KEY, canonized_phone_number TEXT, display_name TEXT, operation INTEGER);

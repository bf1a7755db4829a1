-- viber.db of Viber for desktops, schema with ContactID. Invented.
CREATE TABLE Contact (ContactID INTEGER PRIMARY KEY, Name TEXT, ClientName TEXT, Number TEXT);
INSERT INTO Contact VALUES (1, '', 'Vlasnik', '+38267999888'), (2, 'Milan Vozač', 'mikan', '+381641112222'), (3, '', 'Скривен', ''), (4, 'Niko', NULL, '+905321234567');
CREATE TABLE ChatInfo (ChatID INTEGER PRIMARY KEY, Name TEXT, Token TEXT, Flags INTEGER, TimeStamp LONG);
INSERT INTO ChatInfo VALUES (1, '', 'tok1', 0, 0), (2, 'Put za Trst 🚐', 'tok2', 4, 0), (3, NULL, '', 0, 0), (4, '', '', 0, 0);
CREATE TABLE ChatRelation (ChatID INTEGER, ContactID INTEGER);
INSERT INTO ChatRelation VALUES (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 3), (4, 1), (2, 66);     -- chat 3: a single member; chat 4: notes to oneself
CREATE TABLE Events (EventID INTEGER PRIMARY KEY, TimeStamp LONG, Direction INTEGER, Type INTEGER, ChatID INTEGER, ContactID INTEGER, SortOrder INTEGER, Token LONG, IsRead INTEGER, ContactLongitude INTEGER DEFAULT 0, ContactLatitude INTEGER DEFAULT 0);
INSERT INTO Events VALUES
  (1, 1678300000123, 0, 0, 1, 2, 1, 5001, 1, 0, 0),
  (2, 1678300060000, 1, 0, 1, 1, 2, 5002, 1, 0, 0),
  (3, 1678300065000, 1, 0, 1, 1, 3, 5002, 1, 0, 0),          -- what event 2 said before it was edited
  (4, 1678300070000, 0, 0, 1, 2, 4, 0, 1, 0, 0),             -- an edit without its message
  (5, 1678300120000, 0, 0, 2, 3, 5, 5005, 0, 0, 0),
  (6, 1678300180000, 0, 0, 2, 2, 6, 5006, 1, 0, 0),          -- a reaction
  (7, 1678300240000, 0, 0, 2, 2, 7, 5007, 1, 0, 0),          -- deleted
  (8, 1678300300000, 0, 0, 3, 3, 8, 5008, 1, 20512200, 43136700),
  (9, 1678300360000, 1, 0, 4, 1, 9, 5009, 1, 0, 0),
  (10, 1678300420000, 0, 1, 1, 2, 10, 5010, 0, 0, 0),        -- a call
  (11, 1678300480000, 0, 7, 1, 2, 11, 0, 0, 0, 0),           -- neither message nor call
  (12, 1678300540000, 0, 0, 2, 2, 12, 5012, 1, 0, 0),
  (13, 1678300600000, 0, 0, 2, 2, 13, 5013, 1, 0, 0),
  (14, 1678300660000, 0, 0, 99, 77, 14, 5014, 1, 0, 0),      -- chat and person are gone
  (15, 1678300720000, 0, 0, 2, 2, 15, 5015, 1, 0, 0),
  (16, 1678300780000, 0, 0, 2, 2, 16, 5016, 1, 0, 0);
CREATE TABLE Messages (EventID INTEGER PRIMARY KEY, Type INTEGER, Status INTEGER, Subject TEXT, Body TEXT, Info TEXT, Duration INTEGER, StickerID INTEGER, PayloadPath TEXT, ThumbnailPath TEXT, ClientFlag INTEGER DEFAULT 0);
INSERT INTO Messages (EventID, Type, Status, Body, Info, PayloadPath, ClientFlag) VALUES
  (1, 1, 3, 'Чекам на граници 🙂', NULL, NULL, 0),
  (2, 1, 4, 'U šest, kod pumpe', '{"quote":{"text":"Чекам","name":"Milan"}}', NULL, 0),
  (3, 1, 4, 'U pet, kod pumpe', NULL, NULL, 256),
  (4, 1, 3, 'bez poruke', NULL, NULL, 385),
  (5, 2, 0, NULL, '{"fileInfo":{"FileName":"pasos.jpg","FileSize":42073}}', 'C:/Users/v/Documents/pasos.jpg', 0),
  (6, 0, 0, '❤', NULL, NULL, 0),
  (7, 72, 0, NULL, NULL, NULL, 0),
  (8, 5, 0, NULL, NULL, NULL, 0),
  (9, 1, 0, 'sebi', NULL, NULL, 0),
  (12, 9, 0, 'Vidi', '{"URL":"https://example.org"}', NULL, 0),
  (13, 11, 0, NULL, '{"audio_ptt":{"duration":7}}', 'ptt/1.m4a', 0),
  (14, 1, 0, 'ko sam', NULL, NULL, 0),
  (15, 15, 0, NULL, '{"pin":{"action":"create","text":"Sastanak u pet"}}', NULL, 0),
  (16, 123, 0, NULL, NULL, NULL, 0),
  (500, 1, 0, 'bez događaja', NULL, NULL, 0);
CREATE TABLE Calls (EventID INTEGER PRIMARY KEY, Type INTEGER, Duration INTEGER, Status INTEGER);
INSERT INTO Calls VALUES (10, 1, 65, 2), (600, 1, 5, 2);

-- Skype, main.db: the columns that say something, of a schema of 2013. milan.vozac is the account.
CREATE TABLE Accounts (id INTEGER PRIMARY KEY, skypename TEXT, fullname TEXT, emails TEXT, phone_mobile TEXT, country TEXT, registration_timestamp INTEGER, profile_timestamp INTEGER);
INSERT INTO Accounts VALUES (1, 'milan.vozac', 'Milan Vozač', 'milan@example.org', '+381641112222', 'rs', 22920322, 1375219328);   -- minutes, seconds
CREATE TABLE Contacts (id INTEGER PRIMARY KEY, type INTEGER, skypename TEXT, pstnnumber TEXT, fullname TEXT, displayname TEXT, given_displayname TEXT, phone_mobile TEXT, phone_home TEXT,
  assigned_phone1 TEXT, emails TEXT, mood_text TEXT, about TEXT, birthday INTEGER, city TEXT, isblocked INTEGER, lastonline_timestamp INTEGER);
INSERT INTO Contacts VALUES
  (10, 1, 'arben.k', NULL, 'Arben K.', 'Arben', 'Arben Drač', '+38344555666', '+38344555666', '+355691234567', 'beni@example.org arben@example.org', 'Na putu', 'shofer', 19850312, 'Durrës', 0, 1375219667),
  (11, 2, NULL, '+905321234567', NULL, 'Istanbul', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, 1, 0);
CREATE TABLE Conversations (id INTEGER PRIMARY KEY, identity TEXT, type INTEGER, displayname TEXT, given_displayname TEXT, meta_topic TEXT, creator TEXT, creation_timestamp INTEGER);
INSERT INTO Conversations VALUES (33, 'arben.k', 1, 'Arben', NULL, NULL, NULL, 1375219582), (34, '#milan.vozac/$1f2e', 2, NULL, NULL, 'Пут на север', 'milan.vozac', 1375220000);
CREATE TABLE Chats (id INTEGER PRIMARY KEY, name TEXT, type INTEGER, topic TEXT, friendlyname TEXT, participants TEXT, conv_dbid INTEGER);
INSERT INTO Chats VALUES
  (40, '#milan.vozac/$arben.k;72ab', 2, NULL, 'Arben | kada?', 'arben.k milan.vozac', 33),
  (41, '#arben.k/$milan.vozac;b1a3', 4, NULL, 'Granica', 'arben.k milan.vozac hasan34', 39);                                            -- no conversation 39
CREATE TABLE ChatMembers (id INTEGER PRIMARY KEY, chatname TEXT, identity TEXT, role INTEGER, is_active INTEGER, adder TEXT);
INSERT INTO ChatMembers VALUES (50, '#milan.vozac/$arben.k;72ab', 'arben.k', 4, 0, 'milan.vozac');
CREATE TABLE Participants (id INTEGER PRIMARY KEY, convo_id INTEGER, identity TEXT, rank INTEGER, adder TEXT);
INSERT INTO Participants VALUES (60, 33, 'arben.k', 3, NULL), (61, 34, 'milan.vozac', 1, NULL), (62, 34, 'hasan34', 7, 'milan.vozac'), (63, 34, 'x', 99, NULL);
CREATE TABLE Messages (id INTEGER PRIMARY KEY, convo_id INTEGER, chatname TEXT, author TEXT, from_dispname TEXT, guid BLOB, timestamp INTEGER, type INTEGER, sending_status INTEGER,
  edited_by TEXT, edited_timestamp INTEGER, body_xml TEXT, body_is_rawxml INTEGER, identities TEXT, remote_id INTEGER, call_guid TEXT);
INSERT INTO Messages VALUES
  (1, 33, '#milan.vozac/$arben.k;72ab', 'milan.vozac', 'Milan', x'01', 1375219588, 61, 2, NULL, NULL, 'kada?', 1, NULL, 700, NULL),
  (2, 33, NULL, 'arben.k', 'Arben', x'02', 1375219600, 61, NULL, NULL, NULL, 'sutra &amp; <b>rano</b> <ss type="smile">:)</ss>', 1, NULL, 701, NULL),
  (3, 33, NULL, 'arben.k', 'Arben', x'03', 1375219700, 61, NULL, 'arben.k', 1375219760, '2 &lt; 3', 1, NULL, 702, NULL),                -- edited
  (4, 33, NULL, 'arben.k', 'Arben', x'04', 1375219800, 61, NULL, 'arben.k', 1375219860, '', 1, NULL, 703, NULL),                          -- removed
  (5, 33, NULL, 'milan.vozac', 'Milan', x'05', 1375219900, 50, 3, NULL, NULL, 'I&apos;d like to add you', 1, 'arben.k', NULL, NULL),
  (6, 34, NULL, 'milan.vozac', 'Milan', x'06', 1375220000, 10, 2, NULL, NULL, NULL, NULL, 'hasan34 arben.k', NULL, NULL),
  (7, 34, NULL, 'hasan34', NULL, x'07', 1375220100, 30, NULL, NULL, NULL, '<partlist alt=""><part identity="hasan34"><name>Hasan</name><duration>61</duration></part></partlist>', 1, NULL, NULL, 'c-1'),
  (8, 33, NULL, 'milan.vozac', 'Milan', x'08', 1375220200, 64, 2, NULL, NULL, '<sms alt="stižemo &quot;sutra&quot;"><type>2</type></sms>', 1, '+905321234567', NULL, NULL),
  (9, 33, NULL, 'milan.vozac', 'Milan', x'09', 1375220300, 68, 2, NULL, NULL, '<files alt=""><file size="69986" index="0">mapa &amp; put.pdf</file></files>', 1, NULL, NULL, NULL),
  (10, 33, NULL, 'arben.k', 'Arben', x'0A', 1375220400, 68, NULL, NULL, NULL, '<files alt=""><file size="2048" index="0">lista.txt</file></files>', 1, NULL, NULL, NULL),   -- no transfer
  (11, 33, NULL, 'arben.k', 'Arben', x'0B', 1375220500, 201, NULL, NULL, NULL,
   '<URIObject type="Picture.1" uri="https://api.example.org/v1/objects/0-weu-d1" width="640" height="480">To view this shared photo, go to: https://example.org/i?0-weu-d1<OriginalName v="dokument.jpg"/><FileSize v="613177"/></URIObject>', 1, NULL, NULL, NULL),
  (12, 39, '#arben.k/$milan.vozac;b1a3', 'arben.k', 'Arben', NULL, 1375220600, 61, NULL, NULL, NULL, 'на граници', 1, NULL, NULL, NULL),  -- its conversation is gone
  (13, 77, NULL, NULL, NULL, NULL, 0, 777, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),                                               -- nothing is known of it
  (14, 33, NULL, 'arben.k', 'Arben', x'0E', 13727168620, 61, NULL, NULL, NULL, 'vreme van kalendara', 1, NULL, NULL, NULL);
CREATE TABLE SMSes (id INTEGER PRIMARY KEY, type INTEGER, status INTEGER, timestamp INTEGER, price INTEGER, price_precision INTEGER, price_currency TEXT, target_numbers TEXT, body TEXT, chatmsg_id INTEGER);
INSERT INTO SMSes VALUES (145, 2, 6, 1375220201, 112, 3, 'EUR', '+905321234567', 'stižemo "sutra" ujutro', 8), (146, 9, 42, 1375220202, NULL, NULL, NULL, '+38267111222', 'kod', NULL);
CREATE TABLE Calls (id INTEGER PRIMARY KEY, begin_timestamp INTEGER, host_identity TEXT, duration INTEGER, is_incoming INTEGER, is_conference INTEGER, is_unseen_missed INTEGER, conv_dbid INTEGER, name TEXT);
INSERT INTO Calls VALUES
  (110, 1375221000, 'milan.vozac', NULL, 0, 0, 0, NULL, '1-110'),
  (111, 1375222000, 'arben.k', NULL, 1, 0, 1, 33, '1-111'),
  (112, 1375223000, 'hasan34', 30, 1, 1, 0, 34, '1-112'),
  (113, 1375224000, 'milan.vozac', NULL, NULL, NULL, NULL, NULL, NULL);                                                                   -- without members
CREATE TABLE CallMembers (id INTEGER PRIMARY KEY, identity TEXT, dispname TEXT, call_duration INTEGER, status INTEGER, videostatus INTEGER, guid TEXT, start_timestamp INTEGER, call_db_id INTEGER);
INSERT INTO CallMembers VALUES
  (20, 'arben.k', 'Arben', 646, 6, NULL, 'milan.vozac-arben.k-1', 1375221005, 110), (21, 'arben.k', 'Arben', NULL, 8, NULL, NULL, NULL, 111),
  (22, 'hasan34', 'Hasan', 30, 6, 3, NULL, 1375223001, 112), (23, 'arben.k', 'Arben', 25, 6, NULL, NULL, 1375223006, 112),
  (24, '+905321234567', NULL, 12, 6, NULL, NULL, 1375225000, 999);                                                                        -- its call is gone
CREATE TABLE Transfers (id INTEGER PRIMARY KEY, type INTEGER, partner_handle TEXT, partner_dispname TEXT, status INTEGER, starttime INTEGER, finishtime INTEGER, accepttime INTEGER, filepath TEXT,
  filename TEXT, filesize TEXT, bytestransferred TEXT, chatmsg_guid BLOB, convo_id INTEGER, pk_id INTEGER, parent_id INTEGER, failurereason INTEGER);
INSERT INTO Transfers VALUES
  (90, 2, 'arben.k', 'Arben', 8, 1375220300, 1375220310, 1375220302, 'C:\put\mapa & put.pdf', 'mapa & put.pdf', '69986', '69986', x'09', 33, 5, NULL, NULL),
  (91, 1, 'hasan34', 'Hasan', 33, 0, 0, 0, NULL, 'x.zip', '', '0', NULL, 99, 6, 5, 2);
CREATE TABLE Voicemails (id INTEGER PRIMARY KEY, path TEXT);
CREATE TABLE AppSchemaVersion (ClientVersion TEXT, SQLiteSchemaVersion INTEGER);
INSERT INTO AppSchemaVersion VALUES ('0/6.6.0.106//', 66);

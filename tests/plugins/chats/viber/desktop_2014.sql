-- viber.db of Viber for desktops of 2014: persons by Number. Invented.
CREATE TABLE Contact (ContactID INTEGER PRIMARY KEY, FirstName TEXT, SecondName TEXT, AvatarPath TEXT);
INSERT INTO Contact VALUES (1, 'Milan', 'Vozač', NULL), (2, 'Bez', '', NULL);
CREATE TABLE ContactRelation (ContactID INTEGER, Number TEXT, TypeName TEXT);
INSERT INTO ContactRelation VALUES (1, '+381641112222', 'mobile'), (1, '+381649990000', 'work');
CREATE TABLE PhoneNumber (Number TEXT PRIMARY KEY, IsViberNumber INTEGER);
INSERT INTO PhoneNumber VALUES ('+381641112222', 1), ('+381649990000', 0);
CREATE TABLE OriginNumberInfo (Number TEXT PRIMARY KEY, ClientName TEXT, AvatarPath TEXT);
INSERT INTO OriginNumberInfo VALUES ('+381641112222', 'mikan', ''), ('+38344555666', 'Арбен', '');
CREATE TABLE ChatInfo (ChatID INTEGER PRIMARY KEY, Name TEXT, Token TEXT, Flags INTEGER, TimeStamp LONG);
INSERT INTO ChatInfo VALUES (1, '', 't1', 0, 0), (2, 'Ekipa', 't2', 0, 0);
CREATE TABLE ChatRelation (ChatID INTEGER, Number TEXT);
INSERT INTO ChatRelation VALUES (1, '+381641112222'), (2, '+381641112222'), (2, '+38344555666');
CREATE TABLE Events (EventID INTEGER PRIMARY KEY, TimeStamp LONG, Direction INTEGER, Type INTEGER, ContactLongitude INTEGER, ContactLatitude INTEGER, ChatID INTEGER, Number TEXT, IsSessionLifeTime INTEGER, Flags INTEGER, Token LONG, IsRead INTEGER);
INSERT INTO Events VALUES (1, 1400000000000, 0, 0, 0, 0, 1, '+381641112222', 0, 0, 71, 1), (2, 1400000060000, 1, 0, 0, 0, 1, '+381641112222', 0, 0, 72, 1), (3, 1400000120000, 0, 0, 0, 0, 2, '+38344555666', 0, 0, 73, 1);
CREATE TABLE Messages (EventID INTEGER PRIMARY KEY, Type INTEGER, Status INTEGER, Subject TEXT, Body TEXT, Flag INTEGER, PayloadPath TEXT, ThumbnailPath TEXT, StickerID INTEGER, PttID TEXT, PttStatus INTEGER, PttDuration INTEGER);
INSERT INTO Messages VALUES (1, 1, 0, NULL, 'Zdravo', 0, NULL, NULL, 0, NULL, 0, 0), (2, 1, 0, NULL, 'Здраво', 0, NULL, NULL, 0, NULL, 0, 0), (3, 0, 0, NULL, NULL, 0, NULL, NULL, 0, 'ptt1', 1, 7);

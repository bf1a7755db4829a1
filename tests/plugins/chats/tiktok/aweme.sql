CREATE TABLE AwemeContactsV5 (uid TEXT, nickname TEXT, customID TEXT, url1 TEXT, latestChatTimestamp REAL);
CREATE TABLE AwemeContactsV3 (uid TEXT, nickname TEXT, customID TEXT, url1 TEXT);
CREATE TABLE TTKIMContactBaseUserV1 (uid TEXT, nickname TEXT);
INSERT INTO AwemeContactsV5 VALUES ('7002', 'Мира', 'mira.c', 'https://example.org/a.jpg', 1700000000);
INSERT INTO AwemeContactsV3 VALUES ('7003', '', 'arben', NULL);
INSERT INTO TTKIMContactBaseUserV1 VALUES (NULL, 'bez broja');

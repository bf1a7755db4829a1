CREATE TABLE TIMMessageORM (identifier TEXT, localCreatedAt REAL, serverCreatedAt REAL, sender INTEGER, content TEXT,
  belongingConversationIdentifier TEXT, type INTEGER, deleted INTEGER);
CREATE TABLE TIMParticipantORM (userID INTEGER, belongingConversationIdentifier TEXT);
CREATE TABLE TIMMessageKVORM (rowid INTEGER PRIMARY KEY, belongingMessageID TEXT, key TEXT, value TEXT);
INSERT INTO TIMParticipantORM VALUES (7001, 'c1'), (7002, 'c1');
INSERT INTO TIMMessageORM VALUES ('m1', 1700000000.5, 1700000001, 7002, '{"text":"Здраво"}', 'c1', 7, 0);
INSERT INTO TIMMessageORM VALUES ('m2', 1700000100000, 1, 7001, '{"text":"odgovor"}', 'c1', 7, 0);
INSERT INTO TIMMessageORM VALUES ('m3', 0, 1700000200, 7002, '{"sticker_id":"abc","aweme_id":null}', 'c1', 5, 1);
INSERT INTO TIMMessageORM VALUES ('m4', NULL, NULL, NULL, '{"tips":"sistem"}', NULL, 1, 3);
INSERT INTO TIMMessageORM VALUES ('m5', 'soon', NULL, 8888, X'FF00', 'c9', 44, NULL);
INSERT INTO TIMMessageKVORM VALUES (1, 'm2', 'a:ref', '{"ref_msg_id":"m1","ref_msg_type":7,"hint":"{\"refmsg_uid\":7002,\"content\":\"{\\\"text\\\":\\\"Здраво\\\"}\"}"}');
INSERT INTO TIMMessageKVORM VALUES (2, 'gone', 'a:ref', '{"ref_msg_id":"m0","hint":"{\"content\":\"{\\\"text\\\":\\\"obrisano pismo\\\"}\"}"}');
INSERT INTO TIMMessageKVORM VALUES (3, 'm1', 'x', 'plain');

CREATE TABLE msg (msg_uuid TEXT PRIMARY KEY, msg_server_id BIGINT, conversation_id TEXT NOT NULL, conversation_type INTEGER,
  type INTEGER, status INTEGER, deleted INTEGER, created_time INTEGER, sender BIGINT, content TEXT, ext TEXT,
  read_status INTEGER);
CREATE TABLE conversation_core (conversation_id TEXT PRIMARY KEY, name TEXT);
CREATE TABLE participant (user_id INTEGER NOT NULL, role INTEGER, conversation_id TEXT, alias TEXT);
CREATE TABLE attchment (uuid TEXT NOT NULL, local_uri TEXT, remote_uri TEXT, size BIGINT, type TEXT, hash TEXT, mime_type TEXT);
INSERT INTO conversation_core VALUES ('g1', 'Put za Trst');
INSERT INTO participant VALUES (7001, 0, '0:1:7001:7002', NULL), (7002, 0, '0:1:7001:7002', NULL),
  (7001, 1, 'g1', NULL), (7002, 0, 'g1', 'Mirica'), (7003, 9, 'g1', NULL);
INSERT INTO msg VALUES ('u1', 901, '0:1:7001:7002', 1, 7, 2, 0, 1709287200123, 7002, '{"text":"Где си? 🚗"}', NULL, 1);
INSERT INTO msg VALUES ('u2', 902, '0:1:7001:7002', 1, 7, 2, 0, 1709287205000, 7001, '{"text":"stižem"}', NULL, 0);
INSERT INTO msg VALUES ('u3', 903, '0:1:7001:7002', 1, 7, 2, 1, 1709287206000, 7002, '{"text":"obrisano"}', NULL, 1);
INSERT INTO msg VALUES ('u4', 904, 'g1', 2, 5, 2, 0, 1709287207000, 7003,
  '{"display_name":"mačka","url":{"url_list":["https://example.org/m.gif","https://example.net/m.gif"]}}', NULL, 1);
INSERT INTO msg VALUES ('u5', 905, 'g1', 2, 8, 2, 0, 0, 7002, '{"aweme_id":"7243968354254425387","cover":null}', NULL, 1);
INSERT INTO msg VALUES ('u6', 906, 'g1', 2, 1, 2, 0, 1709287209000, NULL, '{"tips":"گروه ساخته شد"}', NULL, NULL);
INSERT INTO msg VALUES ('u7', 907, 'g1', 2, 1805, 2, 7, -1, 0, 'no json', NULL, 9);
INSERT INTO msg VALUES ('u8', 908, 'gone', 2, 999, NULL, NULL, 1709287210000, 7099, NULL, NULL, NULL);
INSERT INTO msg VALUES ('u9', 909, 'g1', 2, 7, 2, 0, 1709287211000, 7002,
  '{"text":"<img src=x onerror=1> =1+1 ' || char(27) || '[31m"}', NULL, 1);
INSERT INTO attchment VALUES ('u5', '/data/im/1.mp4', 'https://example.org/1', 4711, 'video', 'abcd', 'video/mp4');
INSERT INTO attchment VALUES ('gone', NULL, 'https://example.org/2', NULL, NULL, NULL, NULL);

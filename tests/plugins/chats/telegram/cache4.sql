CREATE TABLE messages_v2(mid INTEGER, uid INTEGER, read_state INTEGER, send_state INTEGER, date INTEGER, data BLOB, out INTEGER,
  ttl INTEGER, media INTEGER, replydata BLOB, imp INTEGER, mention INTEGER, forwards INTEGER, PRIMARY KEY(mid, uid));
CREATE TABLE scheduled_messages_v2(mid INTEGER, uid INTEGER, send_state INTEGER, date INTEGER, data BLOB, ttl INTEGER,
  replydata BLOB, reply_to_message_id INTEGER, PRIMARY KEY(mid, uid));
CREATE TABLE users(uid INTEGER PRIMARY KEY, name TEXT, status INTEGER, data BLOB);
CREATE TABLE chats(uid INTEGER PRIMARY KEY, name TEXT, data BLOB);
CREATE TABLE contacts(uid INTEGER PRIMARY KEY, mutual INTEGER);
CREATE TABLE dialogs(did INTEGER PRIMARY KEY, date INTEGER, unread_count INTEGER);
CREATE TABLE enc_chats(uid INTEGER PRIMARY KEY, user INTEGER, name TEXT, data BLOB, ttl INTEGER);
CREATE TABLE user_contacts_v7(key TEXT PRIMARY KEY, uid INTEGER, fname TEXT, sname TEXT, imported INTEGER);
CREATE TABLE user_phones_v7(key TEXT, phone TEXT, sphone TEXT, deleted INTEGER, PRIMARY KEY (key, phone));
INSERT INTO contacts VALUES (200, 1);
INSERT INTO dialogs VALUES (200, 1700000900, 2), (-300, 1700000500, 0), (4611686018427387911, 1700000600, 0);
INSERT INTO enc_chats VALUES (7, 200, 'mira', NULL, 0);
INSERT INTO user_contacts_v7 VALUES ('11', 200, 'Mira', 'Posao', 1), ('12', 0, 'Bez', 'Telegrama', 0);
INSERT INTO user_phones_v7 VALUES ('11', '069000111', '069000111', 0), ('11', '069000222', '069000222', 1),
  ('99', '069000999', '069000999', 0);

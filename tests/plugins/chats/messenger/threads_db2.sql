CREATE TABLE threads (thread_key TEXT PRIMARY KEY, name TEXT, folder TEXT);
CREATE TABLE messages (msg_id TEXT PRIMARY KEY, thread_key TEXT, timestamp_ms INTEGER, timestamp_sent_ms INTEGER, text TEXT, snippet TEXT,
  sender TEXT, msg_type INTEGER, attachments TEXT, shares TEXT, coordinates TEXT, pending_send_media_attachment TEXT,
  generic_admin_message_extensible_data TEXT, admin_text_thread_rtc_event TEXT, sticker_id TEXT, offline_threading_id TEXT,
  unsent_timestamp_ms INTEGER);
CREATE TABLE message_reactions (msg_id TEXT, user_key TEXT, reaction TEXT, reaction_timestamp INTEGER);
CREATE TABLE thread_participants (thread_key TEXT, user_key TEXT, is_admin INTEGER);
CREATE TABLE thread_users (user_key TEXT PRIMARY KEY, name TEXT, first_name TEXT, last_name TEXT, username TEXT,
  is_messenger_user INTEGER, is_friend INTEGER);

INSERT INTO threads VALUES ('ONE_TO_ONE:200:100', NULL, 'inbox'), ('GROUP:77', 'Путници', 'inbox'), ('TINCAN:300:100', NULL, 'inbox');
INSERT INTO thread_users VALUES
  ('FACEBOOK:100', 'Neven Test', 'Neven', 'Test', 'neven.test', 1, 0),
  ('FACEBOOK:200', NULL, 'Мирела', 'Проба', NULL, 1, 1),
  ('PHONE_CONTACT:+38765000111', NULL, NULL, NULL, NULL, 0, 0);
INSERT INTO thread_participants VALUES ('ONE_TO_ONE:200:100', 'FACEBOOK:100', 0), ('ONE_TO_ONE:200:100', 'FACEBOOK:200', 0),
  ('GROUP:77', 'FACEBOOK:200', 1), ('GROUP:gone', 'FACEBOOK:999', NULL);

INSERT INTO messages (msg_id, thread_key, timestamp_ms, text, sender, msg_type) VALUES
  ('m1', 'ONE_TO_ONE:200:100', 1600000000123, 'Где сте? 🙂', '{"user_key": "FACEBOOK:200", "name": "Мирела Проба"}', 0),
  ('m2', 'ONE_TO_ONE:200:100', 1600000060000, 'Stižemo', '{"user_key":"FACEBOOK:100","name":"Neven Test"}', 0),
  ('m3', 'GROUP:gone', 1600000070000, 'سلام', '{"user_key":"FACEBOOK:999","name":"نام آزمایشی"}', 0),
  ('m4', 'ONE_TO_ONE:200:100', 0, NULL, NULL, -1),
  ('m5', 'GROUP:77', 1600000080000, '<script>alert(1)</script>', 'no JSON {', 0),
  ('m6', 'TINCAN:300:100', 1600000090000, 'тајно', '{"user_key":"FACEBOOK:300","name":"T"}', 0),
  ('m7', 'GROUP:77', 1600000100000, 'new kind', '{"user_key":"FACEBOOK:200","name":"Мирела Проба"}', 4711);
INSERT INTO messages (msg_id, thread_key, timestamp_ms, sender, msg_type, snippet, attachments) VALUES
  ('m8', 'ONE_TO_ONE:200:100', 1600000110000, '{"user_key":"FACEBOOK:200","name":"Мирела Проба"}', 0, 'Мирела sent 2 photos.',
   '[{"id":"1","filename":"image-1.jpg","mime_type":"image/jpeg","file_size":1234,"urls":"{\"MEDIUM_PREVIEW\":\"{\\\"src\\\":\\\"https://a.test/m\\\",\\\"width\\\":320,\\\"height\\\":240}\",\"FULL_SCREEN\":\"{\\\"src\\\":\\\"https://a.test/f\\\",\\\"width\\\":1080,\\\"height\\\":810}\"}"},
     {"id":"2","filename":"image-2.jpg","mime_type":"image/jpeg","file_size":99}]'),
  ('m9', 'ONE_TO_ONE:200:100', 1600000120000, '{"user_key":"FACEBOOK:200","name":"Мирела Проба"}', 0, NULL,
   '[{"filename":"audioclip.mp4","mime_type":"audio/mpeg","file_size":4000,"is_voicemail":true,"audio_uri":"https://a.test/v","durationMs":4500}]'),
  ('m10', 'ONE_TO_ONE:200:100', 1600000130000, '{"user_key":"FACEBOOK:200","name":"Мирела Проба"}', 0, NULL, 'not JSON');
INSERT INTO messages (msg_id, thread_key, timestamp_ms, text, sender, msg_type, shares) VALUES
  ('m11', 'GROUP:77', 1600000140000, NULL, '{"user_key":"FACEBOOK:100","name":"Neven Test"}', 0,
   '[{"name":"Mapa","description":"put","href":"https://b.test/"},{"name":"druga","href":"https://c.test/"}]');
INSERT INTO messages (msg_id, thread_key, timestamp_ms, text, sender, msg_type, coordinates) VALUES
  ('m12', 'ONE_TO_ONE:200:100', 1600000150000, NULL, '{"user_key":"FACEBOOK:100"}', 0, '{"latitude":44.8125,"longitude":20.4612,"accuracy":12}'),
  ('m13', 'ONE_TO_ONE:200:100', 1600000160000, 'pisem sa puta', '{"user_key":"FACEBOOK:100"}', 0, '{"latitude":43.5,"longitude":18.25}');
INSERT INTO messages (msg_id, thread_key, timestamp_ms, text, sender, msg_type, generic_admin_message_extensible_data, admin_text_thread_rtc_event) VALUES
  ('c1', 'ONE_TO_ONE:200:100', 1600001000000, 'The call ended.', '{"user_key":"FACEBOOK:200","name":"Мирела Проба"}', 9,
   '{"event":"one_on_one_call_ended","caller_id":"200","video":true,"call_duration":125}', 'one_on_one_call_ended'),
  ('c2', 'ONE_TO_ONE:200:100', 1600002000000, 'Missed', '{"user_key":"FACEBOOK:100","name":"Neven Test"}', 9,
   '{"event":"missed_call","caller_id":"100","call_duration":0}', 'missed_call'),
  ('c3', 'GROUP:77', 1600003000000, 'started', '{"user_key":"FACEBOOK:200"}', 203, '{"event":"group_call_started","caller_id":"200"}', 'group_call_started'),
  ('c4', 'GROUP:77', 1600003060000, 'ended', '{"user_key":"FACEBOOK:200"}', 203, '{"event":"group_call_ended","caller_id":"200","video":"","call_duration":60}', 'group_call_ended'),
  ('a1', 'GROUP:77', 1600004000000, 'set the poll', '{"user_key":"FACEBOOK:200"}', 5, '{"question":"Kad?","options":[1,2]}', NULL);
INSERT INTO messages (msg_id, thread_key, timestamp_ms, sender, msg_type, unsent_timestamp_ms) VALUES
  ('u1', 'GROUP:77', 1600005000000, '{"user_key":"FACEBOOK:200","name":"Мирела Проба"}', 0, 1600005009000);
INSERT INTO messages (msg_id, thread_key, timestamp_ms, sender, msg_type, pending_send_media_attachment) VALUES
  ('p1', 'GROUP:77', 1600006000000, '{"user_key":"FACEBOOK:100"}', 901, '[{"uri":"file:///storage/emulated/0/DCIM/7.jpg","mime_type":"image/jpeg"}]');
INSERT INTO message_reactions VALUES ('m1', 'FACEBOOK:100', '👍', 1600000001000), ('m1', 'FACEBOOK:200', '❤', NULL), ('gone', 'FACEBOOK:9', '😮', 0);

CREATE TABLE person (entry_id TEXT, first_name TEXT, last_name TEXT);
INSERT INTO person VALUES ('live:arben', 'Arben', 'D.'), ('live:hasan', NULL, NULL);
CREATE TABLE user (entry_id TEXT, first_name TEXT, last_name TEXT);
INSERT INTO user VALUES ('live:milan', 'Милан', '');
CREATE TABLE particiapnt (conversation_id TEXT, person_id TEXT);
INSERT INTO particiapnt VALUES ('19:abc@thread.skype', 'live:arben'), ('19:abc@thread.skype', 'live:hasan'),
  ('live:arben', 'live:arben');
CREATE TABLE chatitem (time INTEGER, content TEXT, person_id TEXT, conversation_link TEXT, message_type INTEGER,
  is_sender_me INTEGER, duration INTEGER, device_gallery_path TEXT, file_name TEXT);
INSERT INTO chatitem VALUES
  (1594466640305, 'stižemo sutra', 'live:milan', 'live:arben', 1, 1, 0, NULL, NULL),
  (1594466700000, 'باشه', 'live:arben', 'live:arben', 1, 0, 0, NULL, NULL),
  (1594466800000, NULL, 'live:arben', 'live:arben', 3, 0, 84, NULL, NULL),
  (1594466900000, '', 'live:hasan', '19:abc@thread.skype', 12, 0, 0, '/storage/emulated/0/DCIM/granica.jpg', 'granica.jpg'),
  (-1, '<b>=1+1' || char(8238), NULL, 'live:nestao', 99, NULL, 0, NULL, NULL),
  (1594467000000, NULL, 'live:milan', '19:abc@thread.skype', 3, 1, 0, NULL, NULL);

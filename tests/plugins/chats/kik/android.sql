CREATE TABLE KIKcontactsTable (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid VARCHAR, display_name VARCHAR, local_name VARCHAR,
  user_name VARCHAR, in_roster BOOLEAN, photo_url VARCHAR, photo_timestamp VARCHAR, is_stub BOOLEAN, is_group BOOLEAN,
  is_blocked BOOLEAN, is_ignored BOOLEAN, group_hashtag VARCHAR, is_user_removed BOOLEAN, user_permission_level VARCHAR,
  description VARCHAR, group_size INT);
INSERT INTO KIKcontactsTable VALUES
  (1, 'arben_def@talk.kik.com', 'Arben', NULL, 'arben.v', 1, 'http://example.org/a', '1435567691000', 0, 0, 0, 0, NULL, 0,
   NULL, 'na putu', NULL),
  (2, 'hasan_ghi@talk.kik.com', '', NULL, 'hasan34', 0, NULL, '0', 0, 0, 1, 1, NULL, 0, NULL, NULL, NULL),
  (3, '1100024_g@groups.kik.com', 'Пут на север', NULL, NULL, 1, NULL, NULL, 0, 1, 0, 0, '#put', 0, 'SUPER_ADMIN', NULL, 3);

CREATE TABLE messagesTable (_id INTEGER PRIMARY KEY AUTOINCREMENT, body VARCHAR, partner_jid VARCHAR, was_me INT, read_state INT,
  uid VARCHAR, length INTEGER, timestamp LONG, bin_id VARCHAR, sys_msg VARCHAR, stat_msg VARCHAR, stat_user_jid VARCHAR,
  content_id VARCHAR, app_id VARCHAR, encryption_failure BOOLEAN, mentioned_contact_id VARCHAR);
INSERT INTO messagesTable VALUES
  (1, 'kada krećemo?', 'arben_def@talk.kik.com', 1, 500, 'u-1', 13, 1435580771584, 'arben_def@talk.kik.com',
   NULL, NULL, NULL, NULL, NULL, 0, NULL),
  (2, 'هەرکات تۆ بڵێیت', 'arben_def@talk.kik.com', 0, 400, 'u-2', 15, 1435586720192, 'arben_def@talk.kik.com',
   NULL, NULL, NULL, NULL, NULL, 0, NULL),
  (3, 'тамо сам', 'hasan_ghi@talk.kik.com', 0, 400, 'u-3', 8, 1435586730000, '1100024_g@groups.kik.com',
   NULL, NULL, NULL, NULL, NULL, 0, NULL),
  (4, NULL, 'hasan_ghi@talk.kik.com', 0, 400, 'u-4', 0, 1435586740000, '1100024_g@groups.kik.com',
   NULL, 'hasan34 has been removed', 'hasan_ghi@talk.kik.com', NULL, NULL, 0, NULL),
  (5, NULL, 'arben_def@talk.kik.com', 1, 500, 'u-5', 0, 1435586750000, 'arben_def@talk.kik.com',
   NULL, NULL, NULL, 'c-1', 'com.kik.ext.camera', 0, NULL),
  (6, NULL, 'arben_def@talk.kik.com', 1, 500, 'u-6', 0, 1435586760000, '1100024_g@groups.kik.com',
   NULL, NULL, NULL, 'c-1', 'com.kik.ext.camera', 0, NULL),
  (7, '=HYPERLINK("http://x")<b>' || char(27) || '[31m' || char(8238), NULL, NULL, NULL, 'u-7', 0, 0, 'anon-5',
   NULL, NULL, NULL, 'c-9', 'com.example.ext', 1, NULL),
  (8, 'ko je ovo', 'nestao_x@talk.kik.com', 0, 400, 'u-8', 9, -1, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
  (9, NULL, NULL, 7, 400, 'u-9', 0, 1435586770000, '1100024_g@groups.kik.com',
   'You have joined the group', NULL, NULL, NULL, NULL, 0, NULL);

CREATE TABLE KIKContentTable (_id INTEGER PRIMARY KEY AUTOINCREMENT, content_id VARCHAR, content_type INT, content_name VARCHAR,
  content_string VARCHAR);
INSERT INTO KIKContentTable VALUES (1, 'c-1', 1, 'file-name', 'granica.jpg'), (2, 'c-1', 1, 'file-size', '48213'),
  (3, 'c-1', 1, 'app-name', 'Camera'), (4, 'c-1', 2, 'preview', 'AAAA'), (5, 'c-1', 1, 'file-url', 'https://example.org/c-1'),
  (6, 'c-2', 1, 'file-name', 'obrisano.mp4'), (7, 'c-2', 1, 'file-size', 'mnogo');
CREATE TABLE KIKContentURITable (_id INTEGER PRIMARY KEY AUTOINCREMENT, content_id VARCHAR, priority VARCHAR, platform VARCHAR,
  content_uri VARCHAR, type VARCHAR, byline VARCHAR, file_content_type VARCHAR);
INSERT INTO KIKContentURITable VALUES (1, 'c-2', '0', 'android', 'https://example.org/c-2.mp4', 'video', NULL, 'video/mp4');

CREATE TABLE memberTable (_id INTEGER PRIMARY KEY AUTOINCREMENT, group_id VARCHAR, member_jid VARCHAR, is_admin BOOLEAN,
  is_banned BOOLEAN, permission_level VARCHAR);
INSERT INTO memberTable VALUES (1, '1100024_g@groups.kik.com', 'arben_def@talk.kik.com', 1, 0, 'REGULAR_ADMIN'),
  (2, '1100024_g@groups.kik.com', 'hasan_ghi@talk.kik.com', 0, 1, 'BASIC'),
  (3, '1100024_g@groups.kik.com', 'nepoznat_z@talk.kik.com', 0, 0, 'BASIC');

CREATE TABLE chatMetaInfTable (_id INTEGER PRIMARY KEY AUTOINCREMENT, bin_id VARCHAR, sort_order LONG, show_when_empty BOOLEAN,
  retained BOOLEAN, is_anonymously_matched BOOLEAN, chat_end_time LONG);
INSERT INTO chatMetaInfTable VALUES (1, 'anon-5', 1, 0, 1, 1, 1435590000000), (2, 'prazan_q@talk.kik.com', 2, 1, 1, 0, 0);

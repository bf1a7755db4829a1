-- viber_messages of Viber for Android before 2014: date, type, address, and kinds as words. Invented.
CREATE TABLE participants_info (_id INTEGER PRIMARY KEY, number TEXT, contact_name TEXT, display_name TEXT, contact_id INTEGER);
INSERT INTO participants_info VALUES (1, '+38267999888', '', 'me', 0), (2, '+381641112222', 'Milan', '', 7), (3, '+38344555666', '', '', 0);
CREATE TABLE conversations (_id INTEGER PRIMARY KEY, conversation_type INTEGER, name TEXT, participant_id_1 INTEGER, participant_id_2 INTEGER, participant_id_3 INTEGER);
INSERT INTO conversations VALUES (1, 0, '', 2, 0, 0), (2, 1, 'Ekipa', 2, 3, 0);
CREATE TABLE participants (_id INTEGER PRIMARY KEY, conversation_id INTEGER, participant_info_id INTEGER, active INTEGER);
INSERT INTO participants VALUES (1, 1, 2, 1), (2, 2, 2, 1);
CREATE TABLE messages (_id INTEGER PRIMARY KEY, conversation_id INTEGER, participant_id INTEGER, address TEXT, date LONG, read INTEGER, type INTEGER, body TEXT, extra_mime TEXT, extra_uri TEXT, status INTEGER);
INSERT INTO messages VALUES
  (1, 1, 1, '+381641112222', 1380000000000, 0, 0, 'Zdravo', 'text', NULL, 2),
  (2, 1, 0, '+381641112222', 1380000060000, 0, 1, '', 'image', 'file:///sdcard/viber/media/1.jpg', 2),
  (3, 0, 0, '+38344555666', 1380000120000, 0, 0, 'bez razgovora', 'text', NULL, NULL);

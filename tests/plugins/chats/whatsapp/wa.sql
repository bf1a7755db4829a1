-- An invented address book of WhatsApp for Android: names, a name of one's own choice, a blocked person outside the book.
CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY, jid TEXT NOT NULL, is_whatsapp_user BOOLEAN NOT NULL, status TEXT, status_timestamp INTEGER,
  number TEXT, display_name TEXT, given_name TEXT, family_name TEXT, wa_name TEXT, nickname TEXT, company TEXT, title TEXT);
INSERT INTO wa_contacts (_id, jid, is_whatsapp_user, status, status_timestamp, number, display_name, wa_name) VALUES
  (1, '381641112222@s.whatsapp.net', 1, 'Na putu', 1640000000000, '+381 64 111 2222', 'Milan Vozač', 'MILE'),
  (2, '381641112222@s.whatsapp.net', 1, NULL, 0, '064/111-2222', 'Milan', NULL),
  (3, '38344555666@s.whatsapp.net', 1, NULL, 0, NULL, NULL, 'Arben'),
  (4, '120363041111111111@g.us', 0, NULL, 0, NULL, 'Пут на север', NULL);
CREATE TABLE wa_vnames (_id INTEGER PRIMARY KEY, jid TEXT, verified_name TEXT);
CREATE TABLE wa_block_list (jid TEXT PRIMARY KEY);
INSERT INTO wa_block_list VALUES ('38344555666@s.whatsapp.net'), ('38760000000@s.whatsapp.net');
CREATE TABLE wa_group_admin_settings (jid TEXT PRIMARY KEY, creator_jid TEXT);
INSERT INTO wa_group_admin_settings VALUES ('120363041111111111@g.us', '381641112222@s.whatsapp.net');
CREATE TABLE wa_group_descriptions (jid TEXT PRIMARY KEY, description TEXT, description_time INTEGER, description_setter_jid TEXT);
INSERT INTO wa_group_descriptions VALUES ('120363041111111111@g.us', 'samo za vozače', 1646000000, '381641112222@s.whatsapp.net');

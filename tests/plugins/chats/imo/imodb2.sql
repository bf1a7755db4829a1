-- imo for iOS, IMODb2.sqlite. ZIMDATA is written as JSON here; the test makes the archive of it that the app would write.
CREATE TABLE ZIMOCONTACT (Z_PK INTEGER PRIMARY KEY, ZBUID VARCHAR, ZALIAS VARCHAR, ZDISPLAY VARCHAR, ZPH_NAME VARCHAR, ZREMARKNAME VARCHAR, ZPHONE VARCHAR, ZDIGIT_PHONE VARCHAR, ZFORMATED_PHONE VARCHAR, ZIS_GROUP INTEGER, ZICON_ID VARCHAR);
INSERT INTO ZIMOCONTACT VALUES
  (1, '2001', 'arben', 'Arben', 'Arben Drač', NULL, '044 555 666', '044555666', '+383 44 555 666', 0, 'icon-1'),
  (2, 'g-7', NULL, 'Arben, Hasan', NULL, NULL, NULL, NULL, NULL, 1, NULL),
  (3, '2002', 'hasan', NULL, NULL, NULL, NULL, '5321234567', NULL, 0, NULL);
CREATE TABLE ZIMOCHATMSG (Z_PK INTEGER PRIMARY KEY, ZBUID VARCHAR, ZA_UID VARCHAR, ZALIAS VARCHAR, ZISSENT INTEGER, ZTS INTEGER, ZSENDERTS INTEGER, ZTYPE INTEGER, ZSTATE INTEGER, ZTEXT VARCHAR, ZLOCATIONIMAGEURL VARCHAR, ZIMDATA BLOB);
INSERT INTO ZIMOCHATMSG VALUES
  (1, '2001', '2001', 'Arben', 0, 1588335630123456789, 1588335629000000000, 0, 3, 'kada krećemo?', NULL, '{"type": "im"}'),
  (2, '2001', NULL, 'Milan', 1, 1588335700000000000, 0, 0, 2, 'сутра рано', NULL, NULL),
  (3, 'g-7', '2002', NULL, 0, 1588335800000000000, 0, 0, 3, 'uploaded photo: https://img.example.org/s/object/abc/', NULL, NULL),
  (4, 'g-7', '2002', 'Hasan', 0, 1588335900000000000, 0, 1, 3, '', NULL,
   '{"type": "bigo_uploaded", "file_name": "lista.rtf", "file_size": 745, "url": "http://file.example.org/1.rtf", "objects": [{"type": "file", "object_id": "o-1", "type_specific_params": {"mime": "text/rtf"}}]}'),
  (5, '2001', NULL, NULL, 1, 1588336000000000000, 0, 2, 2, '', NULL,
   '{"type": "image_uploaded", "objects": [{"type": "image", "object_id": ".K1", "filename": "granica.jpg", "filesize": 613177, "bigo_url": "http://img.example.org/1.jpg", "type_specific_params": {"original_width": 640, "original_height": 480, "mime": "image/jpeg"}}]}'),
  (6, '2001', NULL, NULL, 1, 1588336100000000000, 0, 3, 2, '', 'http://map.example.org/1.png', '{"type": "location", "latitude": 42.4304, "longitude": 19.2594, "placeName": "Stanica", "address": "Podgorica"}'),
  (7, '2001', '2001', 'Arben', 0, 1588336200000000000, 0, 4, 3, '', NULL, '{"type": "call_log", "chat_type": "audio_chat", "call_duration": 0}'),
  (8, NULL, '9999', NULL, 0, 0, 0, 5, 3, 'nepoznat', NULL, '{"type": "nudge"}'),
  (9, '2001', '2001', 'Arben', NULL, 1588336400000000000, 0, 0, NULL, 'tekst je ostao', NULL, x'00FF');
CREATE TABLE ZIMORECENTCALL (Z_PK INTEGER PRIMARY KEY);
INSERT INTO ZIMORECENTCALL VALUES (1);

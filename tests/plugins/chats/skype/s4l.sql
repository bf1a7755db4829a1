-- Skype 8, s4l-live:milan.db: each row is a JSON document.
CREATE TABLE internaldata (nsp_pk TEXT PRIMARY KEY, nsp_data TEXT);
INSERT INTO internaldata VALUES ('Cpriv_prefs_v2', '{"value": {"skypeName": "live:milan"}}');
CREATE TABLE profilecachev8 (nsp_pk TEXT PRIMARY KEY, nsp_data TEXT);
INSERT INTO profilecachev8 VALUES
  ('C8:live:milan', '{"mri": "8:live:milan", "fullName": "Milan Vozač", "emails": ["milan@example.org"], "phones": [{"number": "+381641112222", "type": 2}], "country": "rs"}'),
  ('C8:arben.k', '{"mri": "8:arben.k", "displayNameOverride": "Arben", "firstName": "Arben", "lastName": "K.", "mood": "na putu", "phones": [], "emails": []}'),
  ('C8:bad', 'not json');
CREATE TABLE localaddressbookcontacts (nsp_pk TEXT PRIMARY KEY, nsp_data TEXT);
INSERT INTO localaddressbookcontacts VALUES ('1', '{"firstName": "Hasan", "lastName": "Istanbul", "phones": [{"number": "+905321234567"}]}');
CREATE TABLE conversationsv14 (nsp_pk TEXT PRIMARY KEY, nsp_data TEXT);
INSERT INTO conversationsv14 VALUES
  ('C8:arben.k', '{"conv": {"id": "8:arben.k", "lastMessage": {"cuid": "m2", "conversationId": "8:arben.k"}}}'),
  ('C19:put@thread.skype', '{"conv": {"id": "19:put@thread.skype", "_threadMembers": [{"id": "8:live:milan", "role": "Admin"}, {"id": "8:hasan", "role": "User"}],
     "_threadProps": {"topic": "Пут на север", "createdat": "1629381096619", "creator": "8:live:milan"},
     "lastMessage": {"cuid": "m9", "conversationId": "19:put@thread.skype", "creator": "8:hasan", "_isMyMessage": 0, "messagetype": "RichText", "content": "тамо сам", "createdTime": 1630472727022}}}');
CREATE TABLE messagesv12 (nsp_pk TEXT PRIMARY KEY, nsp_data TEXT, nsp_i_convidcreatedtime TEXT);
INSERT INTO messagesv12 VALUES
  ('M1', '{"cuid": "m1", "conversationId": "8:arben.k", "creator": "8:arben.k", "_isMyMessage": 0, "messagetype": "RichText", "content": "kada &amp; gde? <ss type=\"smile\">:)</ss>", "createdTime": 1630472700022, "composeTime": 1630472700000}', NULL),
  ('M2', '{"cuid": "m2", "conversationId": "8:arben.k", "creator": "8:live:milan", "_isMyMessage": 1, "messagetype": "Text", "content": "sutra", "createdTime": 1630472710000, "properties": {"urlpreviews": "[]"}}', NULL),
  ('M3', '{"cuid": "m3", "conversationId": "8:arben.k", "creator": "8:arben.k", "_isMyMessage": 0, "messagetype": "RichText/UriObject", "content": "<URIObject uri=\"https://api.example.org/v1/objects/0-weu-d3\" url_thumbnail=\"https://api.example.org/t\" type=\"Picture.1\" width=\"640\" height=\"480\">To view this shared photo, go to: x<OriginalName v=\"granica.jpg\"></OriginalName><FileSize v=\"613177\"></FileSize></URIObject>", "createdTime": 1630472720000}', NULL),
  ('M4', '{"cuid": "m4", "conversationId": "8:arben.k", "creator": "8:arben.k", "_isMyMessage": 0, "messagetype": "Event/Call", "content": "<partlist type=\"ended\"><part identity=\"arben.k\"><name>Arben</name><duration>61</duration></part></partlist>", "createdTime": 1630472730000}', NULL),
  ('M5', '{"cuid": "m5", "conversationId": "19:put@thread.skype", "creator": "19:put@thread.skype", "messagetype": "ThreadActivity/AddMember", "content": "<addmember><target>8:hasan</target></addmember>", "createdTime": 1630472740000}', NULL),
  ('M6', '{"cuid": "m6", "conversationId": "28:bot", "creator": "28:bot", "messagetype": "New/Kind", "content": {"odd": [1]}, "createdTime": "never", "_isMyMessage": [1]}', NULL),
  ('M7', '{broken', NULL);
CREATE TABLE calllogs (nsp_pk TEXT PRIMARY KEY, nsp_data TEXT);
INSERT INTO calllogs VALUES ('c', '{}');

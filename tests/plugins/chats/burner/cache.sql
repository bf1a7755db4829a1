-- What Burner's server has answered: user U, burner B-1 (+38267000111), contact Bojan.
CREATE TABLE cfurl_cache_response (entry_ID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE, version INTEGER, hash_value INTEGER, storage_policy INTEGER, request_key TEXT UNIQUE, time_stamp NOT NULL DEFAULT CURRENT_TIMESTAMP, partition TEXT);
CREATE TABLE cfurl_cache_blob_data (entry_ID INTEGER PRIMARY KEY, response_object BLOB, request_object BLOB, proto_props BLOB, user_info BLOB);
CREATE TABLE cfurl_cache_receiver_data (entry_ID INTEGER PRIMARY KEY, isDataOnFS INTEGER, receiver_data BLOB);
INSERT INTO cfurl_cache_response (entry_ID, request_key, time_stamp) VALUES
  (1, 'https://api2.amplitude.com/', '2023-03-08 20:00:00'),
  (2, 'https://phoenix.burnerapp.com/v2/register/phone', '2023-03-08 20:00:01'),
  (3, 'https://phoenix.burnerapp.com/v3/user/U/burners', '2023-03-08 20:00:02'),
  (4, 'https://phoenix.burnerapp.com/user/U/contacts?pageSize=200&page=1&named=true', '2023-03-08 20:00:03'),
  (5, 'https://phoenix.burnerapp.com/user/U/messages', '2023-03-08 20:00:04'),
  (6, 'https://phoenix.burnerapp.com/user/U/messages?contactPhoneNumber=%2B381&burnerId=B-1&page=1', '2023-03-08 20:00:05'),
  (7, 'https://phoenix.burnerapp.com/user/U/messageThreads?filtered=false', '2023-03-08 20:00:06'),
  (8, 'https://phoenix.burnerapp.com/user/U/messages/unread', '2023-03-08 20:00:07'),
  (9, 'https://s3.amazonaws.com/burner-mms/prod/most.jpg', '2023-03-08 20:00:08'),
  (10, 'https://s3.amazonaws.com/burner-voicemail/prod/poruka.wav', '2023-03-08 20:00:09'),
  (11, 'https://phoenix.burnerapp.com/user/U/burners/B-1/conversations/+381/messages?pageSize=50', '2023-03-08 20:00:10');
INSERT INTO cfurl_cache_receiver_data VALUES
  (1, 0, CAST('success' AS BLOB)),
  (2, 0, CAST('{"token": "secret", "user": {"id": "U", "phoneNumber": "+38268000000", "dateCreated": 1600000000000, "carrierName": "Telekom", "countryCode": "ME", "pushToken": "secret"}}' AS BLOB)),
  (3, 0, CAST('[{"id": "B-1", "phoneNumber": "+38267000111", "dateCreated": 1678307000000, "expirationDate": 1680000000000, "numberType": "StandardNumber", "settings": {"name": "Posao", "voipEnabled": false, "autoReplyMessage": {"active": true, "text": "Zauzet"}}, "entitlements": {"remainingMinutes": 48, "totalMinutes": 50}}]' AS BLOB)),
  (4, 0, CAST('[{"id": "C-1", "name": "Бојан", "phoneNumber": "+381641112222", "userId": "U", "dateCreated": 1650000000000, "blocked": true, "muted": false, "notes": {"text": "iz Niša"}}]' AS BLOB)),
  (5, 0, CAST('{"id": "M-1", "burnerId": "B-1", "contactPhoneNumber": "+381641112222", "dateCreated": 1678307200250, "direction": 2, "messageType": 2, "state": 1, "message": "Где си?", "read": true, "assetUrl": null, "voiceUrl": null}' AS BLOB)),
  (6, 1, '34A0C948-4FFD-4FA3-B5DC-5DB8ADBD8B0D'),
  (7, 0, CAST('[{"id": "M-1", "burnerId": "B-1", "contactPhoneNumber": "+381641112222", "dateCreated": 1678307200250, "direction": 2, "messageType": 2, "state": 1, "message": "Где си?"}, {"id": "M-9", "burnerId": "B-2", "contactPhoneNumber": "+38344555666", "dateCreated": 1678307209000, "direction": 7, "messageType": 3, "state": 9, "message": "samo ovdje"}]' AS BLOB)),
  (8, 0, CAST('{"unread": 0}' AS BLOB)),
  (9, 0, x'ffd8ffe0'),
  (10, 1, 'D4A118AC-21A9-40A4-B655-8809979E9002'),
  (11, 0, CAST('[{"id": "K-1", "burnerId": "B-1", "conversation": {"conversationId": "+38344555666"}, "dateCreated": 1678307300000, "direction": "Inbound", "messageType": "Text", "state": "Delivered", "text": "novi oblik", "mediaUrl": "https://example.org/x.pdf"}, {"id": "K-2", "burnerId": "B-1", "conversation": {"conversationId": "+38344555666"}, "dateCreated": 1678307301000, "direction": "Outbound", "messageType": "Voice", "state": "CallCompleted"}]' AS BLOB));

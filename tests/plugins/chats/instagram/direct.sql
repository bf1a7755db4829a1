CREATE TABLE session (user_id TEXT);
CREATE TABLE threads (_id INTEGER PRIMARY KEY, thread_id TEXT, thread_info TEXT, last_activity_time INTEGER);
CREATE TABLE messages (_id INTEGER PRIMARY KEY, user_id TEXT, server_item_id TEXT, client_item_id TEXT, thread_id TEXT, timestamp INTEGER,
  message_type TEXT, text TEXT, message TEXT);
INSERT INTO session VALUES ('10001');
INSERT INTO threads (thread_id, thread_info) VALUES
  ('t1', '{"thread_id":"t1","thread_v2_id":"v2-1","thread_title":"mirela.proba","inviter":{"pk":"10001","username":"neven.test","full_name":"Neven Test"},"recipients":[{"pk_id":"20002","username":"mirela.proba","full_name":"Мирела Проба"}]}'),
  ('t2', '{"thread_id":"t2","thread_title":"","is_group":true,"users":[{"pk":20002,"username":"mirela.proba","full_name":"Мирела Проба"},{"id":30003,"username":"kurier","full_name":""}]}'),
  ('t3', 'no JSON');
INSERT INTO messages (user_id, server_item_id, thread_id, timestamp, message_type, text, message) VALUES
  ('10001', 'i1', 't1', 1650000000123456, 'text', 'Стиже ли?', '{"item_id":"i1","item_type":"text","user_id":"20002","timestamp":"1650000000123456","text":"Стиже ли?","thread_key":{"thread_id":"t1"},"reactions":{"emojis":[{"emoji":"🔥","sender_id":10001,"timestamp":1650000001000000}],"likes":[{"sender_id":10001,"timestamp":1650000001000000},{"sender_id":30003,"timestamp":0}]}}'),
  ('10001', 'i2', 't1', 1650000060000000, 'text', 'Stiže', '{"item_id":"i2","item_type":"text","user_id":10001,"text":"Stiže","edit_count":1,"edit_history":[{"body":"Stize","timestamp":1650000060000}],"replied_to_message":{"item_id":"i1","text":"Стиже ли?"}}'),
  ('10001', 'i3', 'gone', 1650000070000000, 'text', 'نص بلا محادثة', '{"item_id":"i3","item_type":"text","user_id":"40004"}'),
  ('10001', 'i4', 't1', 1650000080000000, 'media', NULL, '{"item_id":"i4","item_type":"media","user_id":"20002","media":{"id":"m1","media_type":1,"taken_at":1650000000,"image_versions2":{"candidates":[{"url":"https://a.test/s","width":240,"height":240},{"url":"https://a.test/l","width":1080,"height":1080}]},"user":{"username":"mirela.proba"}}}'),
  ('10001', 'i5', 't1', 1650000090000000, 'raven_media', NULL, '{"item_id":"i5","item_type":"raven_media","user_id":"20002","visual_media":{"view_mode":"once","media":{"id":"m2","media_type":2,"video_versions":[{"url":"https://a.test/v","width":720,"height":1280}],"video_duration":4.2}}}'),
  ('10001', 'i6', 't1', 1650000100000000, 'voice_media', NULL, '{"item_id":"i6","item_type":"voice_media","user_id":"10001","voice_media":{"media":{"id":"m3","audio":{"audio_src":"https://a.test/a","duration":6500}}}}'),
  ('10001', 'i7', 't2', 1650000110000000, 'action_log', NULL, '{"item_id":"i7","item_type":"action_log","user_id":"20002","action_log":{"description":"Liked a message"},"hide_in_thread":1}'),
  ('10001', 'i8', 't2', 1650000120000000, 'reel_share', NULL, '{"item_id":"i8","item_type":"reel_share","user_id":"20002","reel_share":{"text":"bravo","type":"reply"}}'),
  ('10001', 'i9', 't2', 1650000130000000, 'location', NULL, '{"item_id":"i9","item_type":"location","user_id":"20002","location":{"name":"Stari most","lat":43.3373,"lng":17.8150}}'),
  ('10001', 'i10', 't2', 1650000140000000, 'brand_new_type', NULL, '{"item_id":"i10","item_type":"brand_new_type","user_id":"30003","brand_new_type":{"a":1}}'),
  ('10001', 'i11', 't2', 0, 'text', '<b>x</b>', 'not JSON {'),
  ('10001', 'i12', 't2', 1650000150000000, 'xma_media_share', NULL, '{"item_id":"i12","user_id":"30003","xma_media_share":[{"target_url":"https://b.test/p"}]}'),
  ('10001', 'c1', 't1', 1650001000000000, 'video_call_event', NULL, '{"item_id":"c1","item_type":"video_call_event","user_id":"20002","video_call_event":{"action":"video_call_started","vc_id":18000,"description":"mirela started a video chat","did_join":true}}'),
  ('10001', 'c2', 't1', 1650001300000000, 'video_call_event', NULL, '{"item_id":"c2","item_type":"video_call_event","user_id":"20002","video_call_event":{"action":"video_call_ended","vc_id":18000,"description":"Video chat ended"}}'),
  ('10001', 'c3', 't1', 1650002000000000, 'video_call_event', NULL, '{"item_id":"c3","item_type":"video_call_event","user_id":"10001","video_call_event":{"action":"video_call_ended","vc_id":18001,"description":"Video chat ended"}}');

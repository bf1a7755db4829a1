CREATE TABLE conversation (client_conversation_id TEXT PRIMARY KEY, conversation_metadata BLOB, send_state_type TEXT,
  creation_timestamp INTEGER, tombstoned_at_timestamp INTEGER);
CREATE TABLE feed_entry (client_conversation_id TEXT PRIMARY KEY, conversation_title TEXT, conversation_type INTEGER,
  participants BLOB, last_updated_timestamp INTEGER);
CREATE TABLE user_conversation (user_id TEXT, client_conversation_id TEXT, conversation_type INTEGER);
CREATE TABLE conversation_message (client_conversation_id TEXT, client_message_id INTEGER, server_message_id INTEGER,
  local_message_content_id INTEGER, message_content BLOB, message_state_type TEXT, creation_timestamp INTEGER,
  read_timestamp INTEGER, local_message_references BLOB, is_saved INTEGER, is_viewed_by_user INTEGER,
  remote_media_count INTEGER, content_type INTEGER, sender_id TEXT, created_on_device INTEGER,
  quoted_server_message_id INTEGER, replies_count INTEGER, PRIMARY KEY (client_conversation_id, client_message_id));

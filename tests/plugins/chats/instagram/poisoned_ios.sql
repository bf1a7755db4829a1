INSERT INTO threads (thread_id, viewer_id, metadata) VALUES (x'00', x'ff', archive('[1]')), ('p', '', archive('{"users":{"pk":[]}}'));
INSERT INTO messages (message_id, thread_id, class_name, archive) VALUES (x'ff', 5, 7, 'text'), ('', '', '', 12),
('a', 'p', 'x', archive('"text"')),
('b', 'p', 'x', archive('{"$class":"X","metadata":[],"content":{"string":5,"threadActivity":[],"media":{"permanentMedia":{"video":{"videoVersions":[1]}}}},"reactions":{"emojiUnicode":{}}}')),
('c', 'p', 'x', archive('{"$class":"X","metadata":{"senderPk":{},"serverTimestamp":"soon"},"content":{"threadActivity":{"voipTitle":7,"videoCallId":[1]}}}'));

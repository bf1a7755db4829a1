"""Reports of other tools: what they read from chats and phones, second-hand."""

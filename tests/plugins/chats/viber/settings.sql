-- Settings.data of Viber for iOS. Invented.
CREATE TABLE Data (key TEXT PRIMARY KEY, value BLOB);
INSERT INTO Data VALUES ('_myUserName', 'Власник'), ('_myPhoneNumber', '067999888'), ('_myCanonizedPhoneNumber', '+38267999888'), ('_currentEmail', ''), ('_registrationDate', '1600000000.5'), ('_birthdate', '-86400'),
  ('_uid', 'abc123'), ('_appVersion', '23.3.1'), ('_savedDeviceId', 'dev-1'), ('_hiddenChatsPINData', X'0102'), ('_wasabiLastKnownUserLocation', X'62706C697374303001'), ('_somethingElse', 5);

-- Twitter for iOS, twitter.db: users, statuses, and which of them the account passed on.
CREATE TABLE MyRetweets (statusId INTEGER PRIMARY KEY, myRetweetId INTEGER);
INSERT INTO MyRetweets VALUES (700, 800), (701, 999);                                    -- status 999 is not there
CREATE TABLE Statuses (id INTEGER PRIMARY KEY, text TEXT, date REAL, userId INTEGER, inReplyToStatusId INTEGER, retweetedStatusId INTEGER);
INSERT INTO Statuses VALUES (700, 'put je otvoren', 1449061336.0, 11, NULL, NULL), (800, 'RT @put: put je otvoren', 1449070543.0, 12, NULL, 700);
CREATE TABLE Users (id INTEGER PRIMARY KEY, screenName TEXT COLLATE NOCASE, profileImageUrl TEXT, name TEXT, location TEXT, description TEXT, url TEXT, protected INTEGER, verified INTEGER,
  following INTEGER, statusesCount INTEGER, followingCount INTEGER, followersCount INTEGER, favoritesCount INTEGER, updatedAt REAL, createdDate REAL);
INSERT INTO Users VALUES
  (11, 'put', 'https://img.example.org/p.png', 'Пут на север', 'Beograd', 'vozimo svaki dan', 'http://example.org', 0, 0, 1, 26, 3, 194, 0, 1449070544.333328, 1177252957.0),
  (12, 'milanv', '', 'Milan', '', '', NULL, 1, 0, 0, 1, 1, 0, 0, NULL, 1449070462.0),
  (13, 'bezimena', NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0);
CREATE TABLE UsersShadow (id INTEGER PRIMARY KEY, screenName TEXT, profileImageUrl TEXT, name TEXT);
INSERT INTO UsersShadow VALUES (14, 'sjena', NULL, 'Sjena');
CREATE TABLE Lists (id INTEGER PRIMARY KEY, name TEXT);

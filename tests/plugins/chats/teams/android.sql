CREATE TABLE Conversation (conversationId TEXT, displayName TEXT);
INSERT INTO Conversation VALUES ('19:a@thread.v2', 'Put na sever'), ('19:a@thread.v2', NULL);
CREATE TABLE Message (messageId INTEGER, conversationId TEXT, userDisplayName TEXT, content TEXT, arrivalTime INTEGER,
  deleteTime INTEGER);
INSERT INTO Message VALUES
  (1660692600615, '19:a@thread.v2', 'Арбен', '<p>стижемо</p><p>сутра &amp; увече</p>', 1660692600615, 0),
  (1660692700000, '19:a@thread.v2', NULL,
   '<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="1660692600615"><p itemprop="preview">стижемо</p></blockquote><p>добро</p>',
   1660692700000, NULL),
  (1660692800000, '19:gone@thread.v2', 'Hasan', '', 1660692800000, 1660692900000),
  (1660692900000, '19:a@thread.v2', 'Hasan', '<div><img itemtype="http://schema.skype.com/AMSImage" src="https://example.org/o/1" alt="slika"></div>',
   0, 0),
  (NULL, NULL, '=1+1', '<scr' || 'ipt>x</script>' || char(8238) || char(27) || '[31m ده', -1, 0);
CREATE TABLE User (mri TEXT, displayName TEXT, givenName TEXT, surname TEXT, email TEXT, telephoneNumber TEXT, lastSyncTime INTEGER);
INSERT INTO User VALUES ('8:live:hasan', 'Hasan G.', 'Hasan', 'G.', 'hasan@example.org', '+38269000001', 1660692600000);
CREATE TABLE MessagePropertyAttribute (messageId INTEGER, propertyId TEXT, attributeValue TEXT);
INSERT INTO MessagePropertyAttribute VALUES
  (1, 'CallLog', '{"connectTimeMillis":1660692600000,"endTimeMillis":1660692660500,"callState":"accepted","callType":"twoParty","originatorDisplayName":"Milan","callDirection":"Outgoing","target":"8:live:nepoznat","callId":"c-1"}'),
  (2, 'CallLog', '{"connectTimeMillis":0,"endTimeMillis":1660692700000,"callState":"missed","originatorDisplayName":"Hasan G.","callDirection":"Incoming","target":"8:live:milan","callId":"c-2"}'),
  (3, 'CallLog', 'nonsense'),
  (4, 'Other', '{}');
CREATE TABLE FileInfo (fileName TEXT, objectUrl TEXT, type TEXT, isFolder INTEGER, lastModifiedTime TEXT, lastModifiedBy TEXT);
INSERT INTO FileInfo VALUES ('spisak.xlsx', 'https://example.org/f', 'xlsx', 0, '2022-08-16T23:30:00Z', 'Hasan');
CREATE TABLE ActivityFeed (activityTimestamp INTEGER, messagePreview TEXT);
INSERT INTO ActivityFeed VALUES (1660692600000, 'стижемо');

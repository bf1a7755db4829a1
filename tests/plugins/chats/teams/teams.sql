-- An account with a chat of two, a group and the call log. Ana is the account.
CREATE TABLE ZSMESSAGE (
  Z_PK INTEGER PRIMARY KEY, ZEDITTIME INTEGER, ZTSID INTEGER, ZTS_ISHIDDEN INTEGER, ZTS_ISSENTBYME INTEGER,
  ZTS_ISSOFTDELETED INTEGER, ZTS_NUMERICARRIVALTIME INTEGER, ZTS_ROOTMESSAGEID INTEGER, ZARRIVALTIME TIMESTAMP,
  ZCLIENTID VARCHAR, ZCOMPOSETIME VARCHAR, ZCONTENT VARCHAR, ZDELETETIME VARCHAR, ZDELETETYPE VARCHAR, ZFROM VARCHAR,
  ZIMDISPLAYNAME VARCHAR, ZMESSAGETYPE VARCHAR, ZTHREADID VARCHAR, ZEMOTIONS BLOB, ZFILES BLOB, ZTS_BOTCARDDATA BLOB
);
CREATE TABLE ZMESSAGEPROPERTIES (Z_PK INTEGER PRIMARY KEY, ZTSID INTEGER, ZTHREADID VARCHAR, ZPROPERTIES BLOB);
CREATE TABLE ZTHREAD (
  Z_PK INTEGER PRIMARY KEY, ZUNIQUEROSTERTHREAD INTEGER, ZTHREADTOPIC VARCHAR, ZTHREADTYPE VARCHAR, ZTSID VARCHAR, ZMEMBERS BLOB
);
CREATE TABLE ZCONVERSATION (
  Z_PK INTEGER PRIMARY KEY, ZTHREADLASTJOIN TIMESTAMP, ZTHREADTYPE VARCHAR, ZTOPIC VARCHAR, ZTSID VARCHAR
);
CREATE TABLE ZUSER (
  Z_PK INTEGER PRIMARY KEY, ZISBLOCKED INTEGER, ZTS_LASTSYNCEDAT TIMESTAMP, ZDISPLAYNAME VARCHAR, ZMAIL VARCHAR,
  ZTELEPHONENUMBER VARCHAR, ZTSID VARCHAR, ZTYPE VARCHAR, ZUSERPRINCIPALNAME VARCHAR, ZVISIBLEALIASINFO BLOB
);
CREATE TABLE ZDEVICECONTACTHASH (
  Z_PK INTEGER PRIMARY KEY, ZDISPLAYNAME VARCHAR, ZEMAIL VARCHAR, ZMRI VARCHAR, ZPHONENUMBER VARCHAR
);
CREATE TABLE ZSCONTACT (
  Z_PK INTEGER PRIMARY KEY, ZTYPE INTEGER, ZDISPLAYNAME VARCHAR, ZEMAIL VARCHAR, ZMRI VARCHAR, ZPHONE VARCHAR
);
CREATE TABLE ZUSERLOCATION (Z_PK INTEGER PRIMARY KEY, ZENCRYPTEDLOCATIONDATA BLOB);
CREATE TABLE ZVOICEMAIL (Z_PK INTEGER PRIMARY KEY, ZFROM VARCHAR);

INSERT INTO ZUSER VALUES
  (1, 0, 700000000.5, 'Ana Perić', 'ana@example.org', '38267000111', '8:live:ana', 'TFLUser', 'live:ana', archive('["ana@example.org"]')),
  (2, 1, NULL, 'Бојан', NULL, NULL, '8:live:bojan', 'TFLUser', 'live:bojan', NULL);
INSERT INTO ZTHREAD VALUES
  (1, 1, NULL, 'chat', '19:two@thread.v2', archive('{"8:live:ana": "User", "8:live:bojan": "User"}')),
  (2, 0, 'Rezerve', 'chat', '19:group@thread.v2', archive('{"8:live:ana": "Admin", "8:live:gone": "Reader"}')),
  (3, 1, NULL, 'streamofcalllogs', '19:calls@thread.v2', NULL),
  (4, 0, NULL, 'streamofnotes', '48:notes', NULL);
INSERT INTO ZCONVERSATION VALUES
  (1, 690000000.25, 'chat', 'Rezerve', '19:group@thread.v2'),
  (2, NULL, 'topic', 'Kanal', '19:channel@thread.tacv2');

-- 2023-03-08 20:26:40 UTC = 700000000 seconds after 2001-01-01 = 1678307200000 Unix ms
INSERT INTO ZSMESSAGE
  (Z_PK, ZTSID, ZTHREADID, ZFROM, ZTS_ISSENTBYME, ZIMDISPLAYNAME, ZMESSAGETYPE, ZCONTENT, ZARRIVALTIME, ZTS_NUMERICARRIVALTIME,
   ZCOMPOSETIME, ZTS_ROOTMESSAGEID, ZCLIENTID) VALUES
  (1, 1678307200250, '19:two@thread.v2', '8:live:ana', 1, 'Ana Perić', 'Text', 'Stižem <sutra> & u podne', 700000000.25, 1678307200250,
   '2023-03-08T20:26:40.2500000Z', 1678307200250, '11'),
  (2, 1678307201000, '19:two@thread.v2', '8:live:bojan', 0, '', 'RichText/Html',
   '<div>Добро&nbsp;је. <b>Чекам</b><br>код моста <img alt="😀" itemtype="http://schema.skype.com/Emoji" src="x"></div>', 700000001.0,
   1678307201000, '2023-03-08T20:26:41Z', 1678307201000, '12'),
  (3, 1678307202000, '19:two@thread.v2', '8:live:ana', 1, 'Ana Perić', 'RichText/Html',
   '<div><blockquote itemtype="http://schema.skype.com/Reply" itemid="1678307201000"><strong itemprop="mri" itemid="8:live:bojan">Бојан'
   || '</strong><span itemprop="time" itemid="1"></span><p itemprop="preview">Добро је.</p></blockquote>Važi</div>', 700000002.0,
   1678307202000, '2023-03-08T20:26:42Z', 1678307202000, '13'),
  (4, 1678307203000, '19:two@thread.v2', '8:live:bojan', 0, 'Бојан', 'RichText/Html',
   '<div><img alt="Media" itemtype="http://schema.skype.com/AMSImage" src="https://example.org/views/imgo" style="width:1668px; height:1331px">'
   || '</div>', 700000003.0, 1678307203000, '2023-03-08T20:26:43Z', 1678307203000, '14'),
  (5, 1678307204000, '19:two@thread.v2', '8:live:bojan', 0, 'Бојан', 'RichText/Html', '<div><span itemid="b"></span></div>', 700000004.0,
   1678307204000, '2023-03-08T20:26:44Z', 1678307204000, '15'),
  (6, 1678307205000, '19:two@thread.v2', '8:live:ana', 1, 'Ana Perić', 'RichText/Html', '<div></div>', 700000005.0,
   1678307205000, '2023-03-08T20:26:45Z', 1678307205000, '16'),
  (7, 1678307206000, '19:group@thread.v2', '19:group@thread.v2', 0, NULL, 'ThreadActivity/AddMember',
   '<addmember><eventtime>1678307206000</eventtime><initiator>8:live:ana</initiator><target>8:live:gone</target></addmember>', 700000006.0,
   1678307206000, '2023-03-08T20:26:46Z', 1678307206000, NULL),
  (8, 1678307207000, '19:group@thread.v2', '19:group@thread.v2', 0, NULL, 'ThreadActivity/TopicUpdate',
   '<topicupdate><initiator>8:live:ana</initiator><value>Rezerve &amp; ostalo</value></topicupdate>', 700000007.0,
   1678307207000, '2023-03-08T20:26:47Z', 1678307207000, NULL),
  (9, 1678307208000, '19:calls@thread.v2', '8:live:ana', 1, '', 'Text', 'Call Logs for Call c-1', 700000008.0, 1678307208000,
   '2023-03-08T20:26:48Z', 1678307208000, '19'),
  (10, 1678307209000, '19:unknown@thread.v2', '8:live:gone', 0, 'Gone', 'RichText/UriObject', '<URIObject>file.pdf</URIObject>',
   700000009.0, 1678307209000, '2023-03-08T20:26:49Z', 1678307209000, '20'),
  (11, 1678307210000, '19:two@thread.v2', '8:live:bojan', 0, 'Бојан', 'Text', 'kasni sat', 700000010.0, 1678307210000,
   '2023-03-08T20:26:30.0000000Z', 1678307210000, '21'),
  (12, 1678307211000, '19:channel@thread.tacv2', '8:live:bojan', 0, 'Бојан', 'Text', 'odgovor', NULL, 1678307211000, NULL, 1678307100000, '22'),
  (13, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
UPDATE ZSMESSAGE SET ZEMOTIONS = archive('[{"key": "like", "users": [{"mri": "8:live:bojan", "time": 1678307300000, "value": "1"}]}]') WHERE Z_PK = 1;
UPDATE ZSMESSAGE SET ZDELETETIME = '1678307400000', ZDELETETYPE = 'pendingUserDeleted', ZTS_ISHIDDEN = 1 WHERE Z_PK IN (1, 6);
UPDATE ZSMESSAGE SET ZCONTENT = NULL WHERE Z_PK = 6;
UPDATE ZSMESSAGE SET ZEDITTIME = 1678307500000 WHERE Z_PK = 2;

INSERT INTO ZMESSAGEPROPERTIES VALUES
  (1, 1678307204000, '19:two@thread.v2', archive('{"cards": "[{\"content\": {\"type\": \"AdaptiveCard\", \"body\": [{\"type\": \"Image\", \"id\": \"{\\\"sessionId\\\": \\\"s-1\\\", \\\"expiresAt\\\": 1678310800000}\", \"selectAction\": {\"url\": \"https://www.bing.com/maps?rtp=adr.~pos.42.4411_19.2636_Most\"}}, {\"type\": \"TextBlock\", \"text\": \"Most\"}, {\"type\": \"TextBlock\", \"text\": \"Podgorica\"}]}}]"}')),
  (2, 1678307208000, '19:calls@thread.v2', archive('{"call-log": {"callId": "c-1", "callDirection": "incoming", "callState": "accepted", "callType": "twoParty", "startTime": "2023-03-08T20:00:00.1234567Z", "connectTime": "2023-03-08T20:00:05Z", "endTime": "2023-03-08T20:01:05.5Z", "originator": "8:live:bojan", "originatorParticipant": {"id": "8:live:bojan", "displayName": "Бојан"}, "target": "8:live:ana", "targetParticipant": {"id": "8:live:ana"}}}')),
  (3, 1678300000000, '19:calls@thread.v2', archive('{"call-log": {"callId": "c-0", "callDirection": "outgoing", "callState": "missed", "startTime": "2023-03-08T18:26:40Z", "originator": "8:live:ana", "target": "8:live:bojan"}}')),
  (4, 1678300001000, '19:two@thread.v2', archive('{"cards": "[{\"content\": {\"body\": [{\"selectAction\": {\"url\": \"https://www.bing.com/maps?rtp=adr.~pos.43.85_18.41\"}}]}}]"}')),
  (5, 1678307200250, '19:two@thread.v2', NULL);
INSERT INTO ZDEVICECONTACTHASH VALUES (1, 'Čedo', NULL, NULL, '+381 64 111 2222'), (2, 'Ema', 'ema@example.org', '', NULL);
INSERT INTO ZSCONTACT VALUES (1, 3, 'Бојан', NULL, '8:live:bojan', NULL);

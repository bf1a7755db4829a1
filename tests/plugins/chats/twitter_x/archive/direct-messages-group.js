window.YTD.direct_messages_group.part0 = [ {
  "dmConversation" : { "conversationId" : "1612", "messages" : [
    { "messageCreate" : { "reactions" : [ ], "urls" : [ ], "text" : "dnevni red", "mediaUrls" : [ ], "senderId" : "202",
      "id" : "1712", "createdAt" : "2024-03-06T09:15:00.120Z" } },
    { "participantsLeave" : { "userIds" : [ "404" ], "createdAt" : "2024-03-06T09:10:00.000Z" } },
    { "conversationNameUpdate" : { "initiatingUserId" : "202", "name" : "Put 2", "createdAt" : "2024-03-06T09:05:00.000Z" } },
    { "conversationNameUpdate" : { "initiatingUserId" : "202", "name" : "Put", "createdAt" : "2024-03-06T09:01:00.000Z" } },
    { "joinConversation" : { "initiatingUserId" : "202", "participantsSnapshot" : [ "101", "202" ], "createdAt" : "2024-03-06T09:00:00.000Z" } }
  ] } } ];

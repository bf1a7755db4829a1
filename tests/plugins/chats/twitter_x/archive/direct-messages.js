window.YTD.direct_messages.part0 = [
  { "dmConversation" : { "conversationId" : "101-202", "messages" : [
    { "messageCreate" : { "recipientId" : "101", "reactions" : [
        { "senderId" : "101", "reactionKey" : "like", "eventId" : "9", "createdAt" : "2022-01-27T15:59:00.000Z" } ],
      "urls" : [ { "url" : "https://t.co/x", "expanded" : "https://example.org/pismo", "display" : "example.org" } ],
      "text" : "https://t.co/x где си", "mediaUrls" : [ ], "senderId" : "202", "id" : "1486", "createdAt" : "2022-01-27T15:58:52.744Z" } },
    { "messageCreate" : { "recipientId" : "202", "reactions" : [ ], "urls" : [ ], "text" : "به زودی",
      "mediaUrls" : [ "https://ton.example.org/dm/1485/77/slika.jpg" ], "senderId" : "101", "id" : "1485",
      "createdAt" : "2022-01-27T15:50:00.000Z" } },
    { "welcomeMessageCreate" : { "id" : "1480", "text" : "=1+1<b>\u001b[31m\u202e", "createdAt" : "yesterday" } },
    { "messageCreate" : 5 },
    7
  ] } },
  { "dmConversation" : { "conversationId" : "101-303" } }
]

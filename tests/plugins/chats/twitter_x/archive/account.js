window.YTD.account.part0 = [ { "account" : { "email" : "ana@example.org", "createdVia" : "web", "username" : "ana_p",
  "accountId" : "101", "createdAt" : "2010-05-01T10:00:00.000Z", "accountDisplayName" : "Ana П." } } ]

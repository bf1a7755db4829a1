"""The table `contacts`."""

from forensics.tables.table import Column, Table

CONTACTS = Table(
    "contacts",
    "An entry of an address book, or a contact of an app.",
    (
        Column("app", "category", "app or address book"),
        Column("account_id", "text", "account that holds the contact"),
        Column("person_id", "text", "id of the person in the app"),
        Column("name", "text", "name as stored"),
        Column("phones", "texts", "phone numbers as stored"),
        Column("emails", "texts", "e-mail addresses"),
        Column("username", "text", "user name, handle"),
        Column("note", "text", "note or about text"),
        Column("blocked", "flag", "blocked by the account"),
        Column("created_at", "time", "when it was made"),
    ),
    order=("app", "name"),
)

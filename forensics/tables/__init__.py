"""The unified tables: one kind of record each, filled by any app's parser. `CORE` holds them all, by name."""

from forensics.tables.accounts import ACCOUNTS
from forensics.tables.addresses import ADDRESSES
from forensics.tables.attachments import ATTACHMENTS
from forensics.tables.calls import CALLS
from forensics.tables.contacts import CONTACTS
from forensics.tables.devices import DEVICES
from forensics.tables.files import FILES
from forensics.tables.gaps import GAPS
from forensics.tables.identifiers import IDENTIFIERS
from forensics.tables.media import MEDIA
from forensics.tables.messages import MESSAGES
from forensics.tables.participants import PARTICIPANTS
from forensics.tables.places import PLACES
from forensics.tables.problems import PROBLEMS
from forensics.tables.reactions import REACTIONS
from forensics.tables.receipts import RECEIPTS
from forensics.tables.secrets import SECRETS
from forensics.tables.table import Column, Row, Table
from forensics.tables.transfers import TRANSFERS
from forensics.tables.wallets import WALLETS

CORE: dict[str, Table] = {
    table.name: table
    for table in (
        FILES,
        PROBLEMS,
        GAPS,
        DEVICES,
        ACCOUNTS,
        CONTACTS,
        MESSAGES,
        PARTICIPANTS,
        REACTIONS,
        RECEIPTS,
        ATTACHMENTS,
        CALLS,
        MEDIA,
        PLACES,
        WALLETS,
        ADDRESSES,
        TRANSFERS,
        SECRETS,
        IDENTIFIERS,
    )
}

__all__ = [
    "ACCOUNTS",
    "ADDRESSES",
    "ATTACHMENTS",
    "CALLS",
    "CONTACTS",
    "CORE",
    "DEVICES",
    "FILES",
    "GAPS",
    "IDENTIFIERS",
    "MEDIA",
    "MESSAGES",
    "PARTICIPANTS",
    "PLACES",
    "PROBLEMS",
    "REACTIONS",
    "RECEIPTS",
    "SECRETS",
    "TRANSFERS",
    "WALLETS",
    "Column",
    "Row",
    "Table",
]

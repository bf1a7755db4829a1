"""WhatsApp or WhatsApp Business: the two apps write the same databases."""

from __future__ import annotations

import hashlib
import re

from forensics import File
from forensics.evidence.file import DocumentError
from forensics.sqlite import Database, Rows

from .stored import PERSON

WHATSAPP, BUSINESS = "WhatsApp", "WhatsApp Business"

# The package on Android (also in the names of its preferences and of its folders on the card), the app group on iOS.
OF_BUSINESS = re.compile(r"(?i)com\.whatsapp\.w4b|WhatsAppSMB|WhatsApp Business")
OF_WHATSAPP = re.compile(r"(?i)com\.whatsapp(?![\w.]*w4b)|group\.net\.whatsapp\.WhatsApp\.shared")
GROUP = "group.net.whatsapp.WhatsAppSMB.shared"
CONTAINER = ".com.apple.mobile_container_manager.metadata.plist"  # in every container of iOS: whose it is


def app_of(file: File) -> str | None:
    """The app that a file is of, by its path, the note in its iOS container, or its name in an iOS backup, which is a hash.

    None where nothing says it.
    """
    for said in (file.path, container(file) or ""):
        if OF_BUSINESS.search(said):
            return BUSINESS
        if OF_WHATSAPP.search(said):
            return WHATSAPP
    return BUSINESS if is_hashed(file.name) else None


def is_hashed(name: str) -> bool:
    """Whether this is what a backup of iOS calls a database of WhatsApp Business."""
    stores = ("ChatStorage.sqlite", "ContactsV2.sqlite", "CallHistory.sqlite", "LID.sqlite")
    return len(name) == 40 and name in {hashed(f"AppDomainGroup-{GROUP}-{store}") for store in stores}


def hashed(place: str) -> str:
    """The name of a file in a backup of iOS."""
    return hashlib.sha1(place.encode(), usedforsecurity=False).hexdigest()


def container(file: File) -> str | None:
    """The identifier of the iOS container that the file lies in the root of."""
    note = file.sibling(CONTAINER)
    try:
        found = note.plist() if note else None
    except DocumentError:
        return None
    identifier = found.get("MCMMetadataIdentifier") if isinstance(found, dict) else None
    return identifier if isinstance(identifier, str) else None


def asked(
    db: Database,
    query: str,
    app: str,
    every: str | None = None,
    share: str | None = None,
    account: str | None = None,
) -> Rows:
    """The rows of a query in which `{app}` stands for the name of the app, and `{account}` for the id of its owner."""
    assert account is None or PERSON.fullmatch(account), "an id that is none could be any SQL"
    query = query.replace("{app}", app).replace("{account}", f"'{account}'" if account else "NULL")
    return db.execute(query, every=every, share=share)

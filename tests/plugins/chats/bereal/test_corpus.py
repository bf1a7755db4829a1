"""BeReal of a research phone (iOS 15) against the values that another tool reports for it."""

import json

import pytest
from forensics_plugins.chats.bereal.ios_contacts import contacts
from forensics_plugins.chats.bereal.ios_profile import profile

from forensics import testing
from forensics.evidence.file import File
from forensics.evidence.limits import Limits
from forensics.evidence.open import open_source
from forensics.identify import identify
from forensics.plugins import Registry


@pytest.fixture
def read(corpus, manifest, tmp_path):
    def read(entry, parser):
        source = open_source(corpus / manifest[entry]["path"], work=tmp_path, limits=Limits())
        (member,) = source.walk()
        file = File(member, source, tmp_path)
        assert identify(file, Registry()).owner.declaration.name == parser.declaration.name
        try:
            return testing.read(parser, file)
        finally:
            file.close()
            source.close()

    return read


def test_contacts(manifest, read):
    expected = manifest["chats-bereal-json-cache-01"]["expected"]["bereal_contacts"]
    found = read("chats-bereal-json-cache-01", contacts)
    assert len(found["contacts"]) == expected["rows"]["value"]
    by_record = {c["record"]: c for c in found["contacts"]}
    for sample in expected["sample_rows"]["value"]:
        contact = by_record["$." + sample["Location"].replace("[object]", "object")]
        name = f"{sample.get('Given name', '')} {sample.get('Family name', '')}".strip()
        assert (contact["name"], contact["phones"]) == (name, sample["Phone numbers"].split("\n"))
    assert "problems" not in found


def test_profile(manifest, read):
    expected = manifest["chats-bereal-json-cache-02"]["expected"]["bereal_accounts"]
    found = read("chats-bereal-json-cache-02", profile)
    assert len(found["accounts"]) == expected["rows"]["value"]
    (account,), (device,) = found["accounts"], found["devices"]
    sample = expected["sample_rows"]["value"][0]
    assert (account["name"], account["username"], account["phone"], account["account_id"]) == (
        sample["Full name"],
        sample["User name"],
        sample["Phone number"],
        sample["User ID"],
    )
    assert account["created_at"].strftime("%Y-%m-%d %H:%M:%S+00:00") == sample["Created"]
    said = json.loads(account["extra"])
    assert (f"{said['born']} 00:00:00+00:00", said["picture"]) == (sample["Birthday"], sample["Profile picture URL"])
    assert (said["countryCode"], said["region"]) == (sample["Country code"], sample["Region"])
    assert f"{device['model']} {device['os_version']}" == sample["Device Model and OS"]
    assert (device["timezone"], json.loads(device["extra"])["clientVersion"]) == (
        sample["Timezone"],
        sample["App version"],
    )
    assert "problems" not in found

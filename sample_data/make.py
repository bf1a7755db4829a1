"""Makes the sample data: three seized devices of one invented story, and the answer key.

    python sample_data/make.py                 write everything beside this file
    python sample_data/make.py --check         compare what is here with what would be written; 1 when it differs
    python sample_data/make.py --to FOLDER     write everything into another folder

The same bytes come out on every machine and with every version of Python and SQLite. Standard library only.
"""

import argparse
import json
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from story import answers, bitcoin_core, electrum, laptop, sms, whatsapp_android, whatsapp_ios  # noqa: E402
from story.photos import PHOTOS  # noqa: E402
from story.script import read_calls, read_messages  # noqa: E402

DEVICES = ("android_phone", "iphone", "laptop")
INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def build() -> dict[str, bytes]:
    """Every file of the sample data by its path, devices first, the answer key last."""
    messages, calls = read_messages(), read_calls()
    android = whatsapp_android.files(messages, calls)
    devices = {
        "android_phone": {**android, **sms.files()},
        "iphone": whatsapp_ios.files(messages, calls),
        "laptop": {
            **electrum.files(),
            **bitcoin_core.files(),
            **laptop.files(messages, android[answers.MSGSTORE]),
        },
    }
    for photo in PHOTOS:
        devices[photo.device][photo.path] = photo.content()
    found = {f"{device}/{path}": content for device, files in devices.items() for path, content in files.items()}
    return {**dict(sorted(found.items())), "answer_key.json": dump(answers.answer_key(messages, calls))}


def dump(document: dict[str, object]) -> bytes:
    """JSON for reading: scripts as they are, but invisible characters and direction controls escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return (INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n").encode()


def write(folder: Path) -> None:
    for device in DEVICES:
        shutil.rmtree(folder / device, ignore_errors=True)
    for path, content in build().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def differences(folder: Path) -> list[str]:
    """One line for each file that is missing, other than it should be, or too many."""
    wanted = build()
    there = {
        path.relative_to(folder).as_posix()
        for device in DEVICES
        for path in (folder / device).rglob("*")
        if path.is_file()
    }
    lines = [f"too many: {path}" for path in sorted(there - set(wanted))]
    for path, content in wanted.items():
        if not (folder / path).is_file():
            lines.append(f"missing: {path}")
        elif (folder / path).read_bytes() != content:
            lines.append(f"different: {path}")
    return lines


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments.add_argument("--to", type=Path, default=HERE, metavar="FOLDER", help="write there, or compare with it")
    chosen = arguments.parse_args()
    if not chosen.check:
        write(chosen.to)
        return 0
    lines = differences(chosen.to)
    for line in lines or ["the sample data is what the script makes"]:
        print(line.encode("ascii", "backslashreplace").decode())
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())

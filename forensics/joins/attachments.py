"""Attachments and the files of the evidence that they are: by the path that was found, and by the hash that the app states."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SHOWN = [
    "app", "chat_id", "message_id", "name", "stored_path", "mime", "size", "sha256", "caption", "present", "by",
    "file_evidence", "file_path", "file_size", "file_sha256", "hash_agrees", "evidence", "path", "record", "state",
]  # fmt: skip
BY = {"left_only": "path", "right_only": "hash", "both": "path and hash"}


def attachment_files(attachments: pd.DataFrame, files: pd.DataFrame) -> pd.DataFrame:
    """Each attachment with each file of the case that is it: `attachment_files(case.attachments, case.files)`.

    `by`: `path` (found where the app says it keeps it), `hash` (a file of any evidence with the SHA-256 that the app states),
    `path and hash`; null where no file is it, which has a row too. `file_*`: the row of `files`. `hash_agrees`: whether the
    stated hash is the file's, null where none is stated: False means that a file was found in its place and is another one.
    """
    ours = attachments.reset_index(drop=True)
    ours["attachment"] = ours.index
    there = files[["evidence", "path", "size", "file"]].astype({"evidence": "str", "path": "str", "file": "str"})
    there.columns = ["file_evidence", "file_path", "file_size", "file_sha256"]
    by_path = _keys(ours, "found_path").merge(
        there, left_on=["evidence", "key"], right_on=["file_evidence", "file_path"], how="inner"
    )
    by_hash = _keys(ours, "sha256").merge(there, left_on="key", right_on="file_sha256", how="inner")
    columns = ["attachment", *there.columns]
    links = by_path[columns].merge(by_hash[columns], on=columns, how="outer", indicator="by")
    links["by"] = links["by"].astype("str").map(BY)
    found = ours.merge(links, on="attachment", how="left")
    stated = found["sha256"].notna() & found["file_sha256"].notna()
    agrees = found["sha256"].astype("str").str.lower() == found["file_sha256"]
    found["hash_agrees"] = agrees.astype("boolean").where(stated)
    return found.sort_values(["attachment", "file_evidence", "file_path"], kind="stable")[SHOWN].reset_index(drop=True)


def _keys(attachments: pd.DataFrame, column: str) -> pd.DataFrame:
    """What is looked for, where there is something to look for."""
    wanted = attachments[attachments[column].notna()]
    keys = wanted[["attachment"]].assign(evidence=wanted["evidence"].astype("str"), key=wanted[column].astype("str"))
    return keys.assign(key=keys["key"].str.lower()) if column == "sha256" else keys

"""What lies in more than one table: plain functions over the dataframes of a case. Each row says which rows it rests on."""

from forensics.joins.attachments import attachment_files

__all__ = ["attachment_files"]

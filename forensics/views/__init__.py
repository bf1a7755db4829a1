"""Views: a dataframe in, something to look at out. All markup is made in `html.py`; nothing here opens a file of evidence."""

from forensics.views.conversation import chat_list, conversation
from forensics.views.gallery import gallery
from forensics.views.graph import graph, pairs
from forensics.views.html import Html
from forensics.views.overview import overview
from forensics.views.places_map import places_map
from forensics.views.plugged import plugged
from forensics.views.table import table
from forensics.views.timeline import activity, merge_timeline, timeline

__all__ = [
    "Html",
    "activity",
    "chat_list",
    "conversation",
    "gallery",
    "graph",
    "merge_timeline",
    "overview",
    "pairs",
    "places_map",
    "plugged",
    "table",
    "timeline",
]

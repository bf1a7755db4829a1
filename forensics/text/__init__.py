"""Text of evidence: folding for search, the one cleaning point, and making it safe to show."""

from forensics.text.clean import clean, clean_array
from forensics.text.fold import fold, fold_array, loose
from forensics.text.offsets import OffsetMap, fold_with_offsets
from forensics.text.show import isolate, safe

__all__ = ["OffsetMap", "clean", "clean_array", "fold", "fold_array", "fold_with_offsets", "isolate", "loose", "safe"]

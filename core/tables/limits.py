"""How much of a file is read (bytes, counts, seconds); reliability of uploads rests on these."""

from config import limits

MAX_BYTES = limits.UPLOAD_MAX_BYTES
MAX_ROWS = limits.UPLOAD_MAX_ROWS
MAX_COLUMNS = limits.UPLOAD_MAX_COLUMNS
MAX_PARTS = 2_000
MAX_PART_BYTES = 100 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_RATIO = 100  # unpacked to packed
RATIO_FROM_BYTES = 1024 * 1024  # smaller parts may be packed as tightly as they like
MAX_CELL_CHARACTERS = 32_767  # Excel's own
CHILD_MEMORY_BYTES = 512 * 1024 * 1024  # address space
CHILD_CPU_SECONDS = 30

"""Where the tests put what they throw away: in memory where there is room.

A run makes and drops more than a thousand databases. On a disk that is most of its time; nothing of it is ever read again.
"""

import os
import re
import shutil
import tempfile
from pathlib import Path

#: Free bytes, of the folder and of the machine, from which on memory is used. A run takes some 600 MB.
ROOM = 3 << 30
MEMORY = Path("/dev/shm")


def roomy() -> bool:
    """Whether temporary files may lie in memory. A container has 64 MB there unless it is given more."""
    try:
        free = shutil.disk_usage(MEMORY).free
        available = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"))
    except OSError:
        return False
    return os.access(MEMORY, os.W_OK | os.X_OK) and available is not None and min(free, int(available[1]) << 10) >= ROOM


def settle() -> None:
    """Have temporary folders in memory, ours and those of every process that we start, unless ``TMPDIR`` says where."""
    if "TMPDIR" not in os.environ and roomy():
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None

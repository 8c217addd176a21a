"""The file system a database lies on: one whose locks SQLite cannot rely on is refused; what is written there gets to disk."""

import os
import re
from pathlib import Path

from bot.store.errors import StoreRefused

# File systems on which locks or fsync do not hold what SQLite needs, or live on another machine.
_REMOTE = re.compile(r"nfs\d?|cifs|smb\w*|9p|virtiofs|fakeowner|vboxsf|prl_fs|ceph|lustre|afs|fuse(\..*)?")
# Those of one kernel, which share memory between its processes as a write-ahead log needs it.
_LOCAL = re.compile(r"ext[234]|xfs|btrfs|zfs|f2fs|bcachefs|jfs|overlay|tmpfs|ramfs")


def find_file_system(path: Path, mountinfo: str) -> str:
    """The kind of file system that a file is on, like `ext4`; empty where nothing tells.

    `path` is absolute with links followed; `mountinfo` is the text of /proc/self/mountinfo
    (https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html), empty where there is none.
    """
    best, kind = -1, ""
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split()
        if len(fields) < 5 or not right.split():
            continue
        # Spaces and the like are written in octal, as \040.
        point = Path(re.sub(r"\\(\d{3})", lambda match: chr(int(match[1], 8)), fields[4]))
        # A later mount on the same point hides the earlier one.
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), right.split()[0]
    return kind


def is_local(kind: str) -> bool:
    """Whether this kind of file system is known to be one of this machine's kernel; what cannot be told is not."""
    return _LOCAL.fullmatch(kind) is not None


def refuse_remote(path: Path, mountinfo: str) -> None:
    """Raise `StoreRefused` when the file is on a network or virtual-machine file system."""
    kind = find_file_system(path, mountinfo)
    if _REMOTE.fullmatch(kind):
        raise StoreRefused(
            f"{path} is on {kind}, a file system whose locks SQLite cannot rely on; databases there get "
            "damaged without an error. Put the file on a local disk (in Docker: a named volume, not a folder "
            "shared from the host), or use PostgreSQL."
        )


def read_mounts() -> str:
    """The text of /proc/self/mountinfo; empty where there is none."""
    try:
        return Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:  # not Linux
        return ""


def sync_path(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The file system of a database: known as local, refused, or not known."""

from pathlib import Path

import pytest

from bot.store import StoreRefused
from bot.store.file_system import find_file_system, is_local, refuse_remote

MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 27 0:50 / /data rw,relatime shared:7 - nfs4 server:/export rw
41 40 254:1 / /data/local rw,relatime - xfs /dev/vdb rw
42 27 0:51 / /mnt/two\\040words rw - 9p share rw
43 27 0:52 / /host rw - virtiofs share rw
44 27 0:53 / /rclone rw - fuse.rclone remote: rw
45 27 0:54 / /twice rw - ext4 /dev/vdc rw
46 45 0:55 / /twice rw - cifs //server/share rw
47 27 8:1 / /stick rw - fuseblk /dev/sdb1 rw
48 27 0:60 / /container rw - overlay overlay rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/tilth.db", "nfs4"),
        ("/mnt/two words/tilth.db", "9p"),
        ("/host/var/tilth.db", "virtiofs"),
        ("/rclone/tilth.db", r"fuse\.rclone"),
        ("/twice/tilth.db", "cifs"),
    ],
)
def test_a_file_system_without_locks_is_refused_with_advice(path: str, kind: str):
    with pytest.raises(StoreRefused, match=rf"is on {kind}, .* Put the file on a local disk"):
        refuse_remote(Path(path), MOUNTS)


@pytest.mark.parametrize(
    "path",
    ["/srv/tilth.db", "/data/local/tilth.db", "/database/tilth.db", "/stick/tilth.db", "/container/tilth.db"],
)
def test_a_local_file_system_is_welcome(path: str):
    refuse_remote(Path(path), MOUNTS)
    assert is_local(find_file_system(Path(path), MOUNTS)) is (path != "/stick/tilth.db")
    assert find_file_system(Path(path), "") == ""
    refuse_remote(Path(path), "")
    refuse_remote(Path(path), "some nonsense\nin another format - \n")

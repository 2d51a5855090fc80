"""Which account a server runs as. Elasticsearch and PostgreSQL refuse root; an account needs no name, but it must reach its files."""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

SERVICE_UID = 12000
UNREACHABLE_DATA = Path("/var/lib/festival-commons")


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int


def service_account() -> Account | None:
    """The account for servers that refuse root; None (our own account) when we are not root."""
    return Account(SERVICE_UID, SERVICE_UID) if os.geteuid() == 0 else None


def named_account(name: str) -> Account | None:
    """The account of that name when we are root and it exists; else None."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def can_reach(path: Path, account: Account | None) -> bool:
    """Whether the account may enter every existing folder on the way to the path and in it."""
    if account is None:
        return True
    resolved = path.resolve()
    return all(_may_enter(folder, account) for folder in (resolved, *resolved.parents) if folder.is_dir())


def folder_for(account: Account | None, data_dir: Path, name: str) -> Path:
    """DATA_DIR/name, or, where the account cannot reach that (below root's home), a folder of its own behind a link of that name."""
    folder = data_dir / name
    if not can_reach(data_dir, account):
        place = UNREACHABLE_DATA / hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
        place.mkdir(parents=True, exist_ok=True)
        for part in (UNREACHABLE_DATA, place):
            part.chmod(0o755)
        if not folder.exists() and not folder.is_symlink():
            folder.symlink_to(place / name)
        folder = place / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def hand_over(folder: Path, account: Account | None) -> None:
    """Make the account the owner of a folder and all in it, and nobody else a reader."""
    if account is None:
        return
    folder.chmod(0o700)
    for path in (folder, *folder.rglob("*")):
        if path.lstat().st_uid != account.uid:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def make_readable(folder: Path) -> None:
    """Let every account read a folder of programs, whatever the umask was."""
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        extra = stat.S_IRGRP | stat.S_IROTH
        if path.is_dir() or mode & stat.S_IXUSR:
            extra |= stat.S_IXGRP | stat.S_IXOTH
        path.chmod(stat.S_IMODE(mode) | extra)


def _may_enter(folder: Path, account: Account) -> bool:
    state = folder.stat()
    if state.st_uid == account.uid:
        return bool(state.st_mode & stat.S_IXUSR)
    return bool(state.st_mode & stat.S_IXOTH)

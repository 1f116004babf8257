"""What the kernel knows of the server's processes: their CPU and their memory."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
_KIB_PER_MIB = 1024
# Fields of /proc/PID/stat behind the name, counted from 0.
_PARENT, _USER, _SYSTEM = 1, 11, 12


@dataclass(frozen=True)
class Memory:
    """What processes hold together; PSS counts what they share once."""

    pss_mib: float
    rss_mib: float


def find_family(pid: int) -> tuple[int, ...]:
    """Return *pid* and every process that descends from it."""
    parents = {
        int(folder.name): int(_read_stat(int(folder.name))[_PARENT])
        for folder in _PROC.iterdir()
        if folder.name.isdecimal() and _read_stat(int(folder.name))
    }
    family = [pid]
    for member in family:  # grows while it is walked
        family += [child for child, parent in parents.items() if parent == member]
    return tuple(family)


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return user and system time that processes have used so far."""
    stats = [_read_stat(pid) for pid in pids]
    return sum(int(stat[_USER]) + int(stat[_SYSTEM]) for stat in stats if stat) / _TICKS


def memory(pids: Iterable[int]) -> Memory:
    """Return what processes hold now."""
    rollups = [(_PROC / str(pid) / "smaps_rollup").read_text() for pid in pids]
    return Memory(_sum_mib(rollups, "Pss:"), _sum_mib(rollups, "Rss:"))


def _sum_mib(rollups: list[str], name: str) -> float:
    lines = [line.split() for rollup in rollups for line in rollup.splitlines()]
    return sum(int(words[1]) for words in lines if words[0] == name) / _KIB_PER_MIB


def _read_stat(pid: int) -> list[str]:
    """Return the fields behind the name; nothing for a process that ended."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    # A name may hold spaces and brackets: its last bracket ends it.
    return stat.rpartition(")")[2].split()

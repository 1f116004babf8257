"""The figures: as a table with what is wanted, and as ``bench/results.json``."""

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.reading import ReadingFigures
from bench.rounds import RoundFigures
from bench.scenarios import JourneyFigures, OfficerFigures, ReporterFigures
from bench.servers import HOME
from bench.trail import TrailFigures
from bench.uploads import UploadFigures

RESULTS = Path(__file__).with_name("results.json")

_MIB = 1024 * 1024
_QUIET = 0.5


@dataclass(frozen=True)
class Results:
    """One run of the benchmark."""

    machine: str
    commit: str
    busy: float
    """Load of the machine in the minute before; above 0.5 the times say little."""
    seconds: float
    """How long each load lasted."""
    reporters: ReporterFigures
    officers: OfficerFigures
    purge_1000_ms: float
    """A thousand cases, each with a file, destroyed by the clock."""
    round_10000: RoundFigures
    trail_250000: TrailFigures
    uploads: UploadFigures
    reading: ReadingFigures

    @property
    def is_sound(self) -> bool:
        """Nothing failed and nothing that was confirmed is lost."""
        figures = self.reporters.journeys.values()
        return not any(one.failures or one.lost_codes for one in figures)

    @property
    def pss_mib(self) -> float:
        """The larger of what the servers for reporters and for officers held."""
        return max(self.reporters.memory.pss_mib, self.officers.memory.pss_mib)

    @property
    def rss_mib(self) -> float:
        """The same, with what processes share counted in each."""
        return max(self.reporters.memory.rss_mib, self.officers.memory.rss_mib)


@dataclass(frozen=True)
class _Aim:
    """A figure, and what is wanted of it."""

    name: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None

    @property
    def line(self) -> str:
        wanted = "" if self.least is None else f"at least {self.least:g}"
        wanted = wanted if self.most is None else f"under {self.most:g}"
        verdict = "reached" if self._is_reached else "MISSED"
        verdict = verdict if wanted else ""
        line = f"{self.name:44}{self.value:>9.5g} {self.unit:5} {wanted:13} {verdict}"
        return line.rstrip()

    @property
    def _is_reached(self) -> bool:
        is_enough = self.least is None or self.value >= self.least
        return is_enough and (self.most is None or self.value < self.most)


def write_results(results: Results, path: Path = RESULTS) -> None:
    """Write the figures as scripts read them (the contract names the keys)."""
    reporters, officers = results.reporters, results.officers
    content = {
        "machine": results.machine,
        "commit": results.commit,
        "load_before": results.busy,
        "seconds": results.seconds,
        "journeys": _by_count(reporters.journeys),
        "floor": _by_count(reporters.floor),
        "ratio_to_floor": {
            str(count): ratio for count, ratio in reporters.ratio_to_floor.items()
        },
        "follow_up": asdict(reporters.follow_up),
        "list": _by_count(officers.lists),
        "search_10000": {
            "cold_ms": officers.search_cold_ms,
            "warm_ms": officers.search_warm_ms,
        },
        "rotation_10000": officers.rotation_s,
        "door_10000_ms": officers.door_ms,
        "purge_1000_ms": results.purge_1000_ms,
        "round_10000": asdict(results.round_10000),
        "trail_250000": asdict(results.trail_250000),
        "upload": asdict(results.uploads),
        "thumbnails_20_ms": results.reading.thumbnails_ms,
        "pss_mib": round(results.pss_mib, 1),
        "rss_mib": round(results.rss_mib, 1),
    }
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def print_table(results: Results) -> None:
    """Print every figure, and what is wanted of those that have an aim."""
    print(f"\n{results.machine}\ncommit {results.commit}")
    print(f"load in the minute before: {results.busy:.1f}")
    if results.busy > _QUIET:
        print("The machine was busy: times say little, and ratios swing too.")
    print()
    print(
        "journeys   clients    per s    p50 ms    p95 ms    p99 ms  request p99  CPU ms"
    )
    for name, figures in (
        ("portal", results.reporters.journeys),
        ("floor", results.reporters.floor),
    ):
        for count, one in figures.items():
            print(f"{name:8}{count:10}{_columns(one)}")
    print()
    for aim in _aims(results):
        print(aim.line)
    held = results.reporters.memory, results.officers.memory
    for who, memory in zip(("reporters", "officers"), held, strict=True):
        print(f"{who}' server: PSS {memory.pss_mib:.0f}, RSS {memory.rss_mib:.0f} MiB")


def describe_machine() -> str:
    """Name the machine: processor, cores, memory, system, Python."""
    cpu = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    cores = len(os.sched_getaffinity(0))
    return (
        f"{cpu}, {cores} cores, {pages // _MIB} MiB, Linux {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def find_commit() -> str:
    """Name the commit, and whether files differ from it."""
    try:
        commit = _git("rev-parse", "--short", "HEAD")
        return f"{commit}-changed" if _git("status", "--porcelain") else commit
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _aims(results: Results) -> list[_Aim]:
    reporters, officers = results.reporters, results.officers
    eight, many = reporters.journeys[8], reporters.journeys[32]
    few, most = officers.lists[100].p50_ms, officers.lists[10_000].p50_ms
    journeys = reporters.journeys.values()
    return [
        _Aim("journeys, 8 clients", eight.per_second, "/s", least=100),
        _Aim("p99 of a journey, 8 clients", eight.p99_ms, "ms", most=400),
        _Aim("share of the floor, 8 clients", _ratio(reporters), "", least=0.25),
        _Aim("p99 of a request, 32 clients", many.request_p99_ms, "ms", most=1000),
        _Aim("failures", sum(one.failures for one in journeys), "", most=1),
        _Aim(
            "codes that open nothing",
            sum(one.lost_codes for one in journeys),
            "",
            most=1,
        ),
        _Aim("CPU of the server for a journey, 8 clients", eight.cpu_ms, "ms", most=14),
        _Aim("open and read a case, p50", reporters.follow_up.p50_ms, "ms", most=15),
        _Aim("list of 50 among 100 cases, p50", few, "ms", most=30),
        _Aim(
            "list of 50 among 1,000, p50", officers.lists[1_000].p50_ms, "ms", most=30
        ),
        _Aim("list of 50 among 10,000, p50", most, "ms", most=30),
        _Aim("list among 10,000 over that among 100", most / few, "", most=1.3),
        _Aim(
            "search over 10,000, keys cached", officers.search_warm_ms, "ms", most=1000
        ),
        _Aim("search over 10,000, no key cached", officers.search_cold_ms, "ms"),
        _Aim("change of a key over 10,000", officers.rotation_s, "s", most=60),
        _Aim("second step of a log-in, 10,000", officers.door_ms, "ms", most=1000),
        _Aim("purge of 1,000 cases", results.purge_1000_ms / 1000, "s", most=10),
        _Aim("round over 10,000 entries", results.round_10000.seconds, "s", most=15),
        _Aim("grown by that round", results.round_10000.grown_mib, "MiB", most=40),
        _Aim(
            "day's batch on 250,000 leaves",
            results.trail_250000.batch_ms,
            "ms",
            most=1000,
        ),
        _Aim("grown by that batch", results.trail_250000.grown_mib, "MiB", most=20),
        _Aim("proof of a leaf in it", results.trail_250000.proof_ms, "ms", most=50),
        _Aim("all of it computed anew", results.trail_250000.verified_s, "s"),
        _Aim("files received", results.uploads.mb_per_second, "MB/s", least=200),
        _Aim("files received over floor", results.uploads.ratio, "", least=0.15),
        _Aim("grown by 100 MiB", results.uploads.rss_growth_mib_100, "MiB", most=40),
        _Aim("grown by 500 MiB", results.uploads.rss_growth_mib_500, "MiB", most=40),
        _Aim("a case with 20 photos", results.reading.thumbnails_ms, "ms", most=1000),
        _Aim("PSS of all processes of the server", results.pss_mib, "MiB", most=240),
    ]


def _ratio(reporters: ReporterFigures) -> float:
    return reporters.ratio_to_floor[8]


def _columns(one: JourneyFigures) -> str:
    return (
        f"{one.per_second:9.1f}{one.p50_ms:10.1f}{one.p95_ms:10.1f}{one.p99_ms:10.1f}"
        f"{one.request_p99_ms:13.1f}{one.cpu_ms:8.1f}"
    )


def _by_count(figures: dict[int, Any]) -> dict[str, dict[str, float]]:
    return {str(count): asdict(one) for count, one in figures.items()}


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=HOME, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()

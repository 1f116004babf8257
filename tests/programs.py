"""Programs of the system that tests need and the portal may lack."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


def need(program: str, package: str) -> str:
    """Return where *program* is; without it the test is skipped, but never in CI."""
    path = shutil.which(program)
    if path is None:
        sentence = f"{program} is missing: apt-get install -y {package}"
        is_required = "true" in os.environ.get("CI", "") or os.environ.get(
            "LURUS_REQUIRE_ALL"
        )
        (pytest.fail if is_required else pytest.skip)(sentence)
    assert path
    return path


def decoded(file: bytes, demuxer: str) -> str:
    """One hash over every picture and sound of a recording, as ffmpeg decodes it."""
    words = [need("ffmpeg", "ffmpeg"), "-v", "error", "-f", demuxer, "-i", "pipe:"]
    words = [*words, "-map", "0:V?", "-map", "0:a?", "-f", "streamhash", "-"]
    with tempfile.NamedTemporaryFile() as place:
        Path(place.name).write_bytes(file)
        words[words.index("pipe:")] = place.name
        done = subprocess.run(words, capture_output=True, check=True)
    return done.stdout.decode()

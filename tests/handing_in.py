"""A program that hands in reports with files, over and over, until it is killed.

``python tests/handing_in.py INSTANCE``: for each line on its standard input it begins a
child, says its process id, and what the child says: a code for each report that is in.
"""

import os
import sys
from pathlib import Path

from builders import duty_of, hand_in, receive_file

from portal.database import open_database

WORDS = b"lumbung-gandum-merah kwitansi-palsu-berstempel "
FILES = (WORDS * 20, WORDS * 9000)


def main() -> None:
    """Begin a child for each line."""
    for _line in sys.stdin:
        pid = os.fork()
        if not pid:
            hand_in_forever(Path(sys.argv[1]))
        say(f"pid {pid}")
        os.waitpid(pid, 0)
        say("over")


def hand_in_forever(instance: Path) -> None:
    database = open_database(instance)
    with database.sessions() as session:
        rina = duty_of(session, "Rina Wulandari")
        while True:
            received = [receive_file(session, content) for content in FILES]
            code = hand_in(session, rina, received=received)
            say(f"code {code.reveal()}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

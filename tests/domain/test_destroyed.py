"""The list of destroyed cases: for who restores a backup."""

import secrets
import threading

from portal import destroyed
from portal.destroyed import DESTROYED_FILE


def test_what_was_noted_is_read_again(tmp_path):
    first, second = secrets.token_bytes(16), secrets.token_bytes(16)

    destroyed.note(tmp_path, [first])
    destroyed.note(tmp_path, [second, first])

    assert destroyed.read(tmp_path / DESTROYED_FILE) == {first, second}


def test_no_list_names_nothing(tmp_path):
    assert destroyed.read(tmp_path / DESTROYED_FILE) == frozenset()


def test_what_did_not_go_after_all_is_taken_back(tmp_path):
    gone, staying = secrets.token_bytes(16), secrets.token_bytes(16)
    destroyed.note(tmp_path, [gone, staying])

    destroyed.take_back(tmp_path, [staying])

    assert destroyed.read(tmp_path / DESTROYED_FILE) == {gone}


def test_the_list_tells_neither_order_nor_time(tmp_path):
    for number in (9, 3, 7):
        destroyed.note(tmp_path, [bytes([number]) * 16])
    path = tmp_path / DESTROYED_FILE

    lines = path.read_text().splitlines()

    assert lines == sorted(lines)
    assert path.stat().st_mtime == 0
    assert path.stat().st_mode & 0o077 == 0


def test_a_list_that_was_cut_short_still_names_what_is_whole(tmp_path):
    whole = secrets.token_bytes(16)
    (tmp_path / DESTROYED_FILE).write_text(f"{whole.hex()}\n{'ab' * 7}\nno id\n\xe9")

    assert destroyed.read(tmp_path / DESTROYED_FILE) == {whole}


def test_what_two_workers_note_in_the_same_moment_both_stands(tmp_path):
    ids = [secrets.token_bytes(16) for _ in range(8)]
    workers = [
        threading.Thread(target=destroyed.note, args=(tmp_path, [one])) for one in ids
    ]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert destroyed.read(tmp_path / DESTROYED_FILE) == set(ids)

"""Write the vectors beside this file, always the same bytes; ``--check`` compares.

PYTHONPATH=.:tests python tests/crypto/make_vectors.py [--check]
"""

import sys

from known_answers import (
    of_backups,
    of_files,
    of_keys,
    of_ledger,
    of_recovery,
    of_rounds,
    of_signing,
    of_tallies,
    of_texts,
    of_two_keys,
)
from known_answers.files import FOLDER, Vector, names
from known_answers.making import PUBLISHED

_PARTS = (
    of_keys.conventions,
    of_keys.locks,
    of_keys.case_codes,
    of_keys.slips,
    of_keys.reply_codes,
    of_keys.wraps,
    of_keys.case_keys,
    of_texts.padding,
    of_texts.texts,
    of_texts.locked_identities,
    of_texts.next_seeds,
    of_texts.one_time_codes,
    of_texts.recovery_codes,
    of_texts.cookies,
    of_texts.form_tokens,
    of_texts.chains,
    of_two_keys.shares,
    of_two_keys.gates,
    of_two_keys.outers,
    of_two_keys.notices,
    of_tallies.ids,
    of_tallies.tallies,
    of_rounds.found,
    of_rounds.counts,
    of_recovery.wrapped_seeds,
    of_recovery.shares,
    of_recovery.sets,
    of_backups.keys,
    of_backups.wraps,
    of_backups.proofs,
    of_signing.keys,
    of_signing.signatures,
    of_ledger.leaves,
    of_ledger.digests,
    of_files.manifests,
    of_files.upload_tokens,
    of_files.streams,
)


def main(arguments: list[str]) -> int:
    """Write or check all vectors; return 1 where one differs."""
    vectors = {vector.name: vector for part in _PARTS for vector in part()}
    if arguments == ["--check"]:
        return _check(vectors)
    for vector in vectors.values():
        (FOLDER / f"{vector.name}.vector").write_text(vector.text(), "utf-8")
    return 0


def _check(vectors: dict[str, Vector]) -> int:
    kept = {name: (FOLDER / f"{name}.vector").read_text("utf-8") for name in names()}
    made = {name: vector.text() for name, vector in vectors.items()}
    made[PUBLISHED] = kept.get(PUBLISHED, "")
    wrong = sorted(n for n in made.keys() | kept.keys() if made.get(n) != kept.get(n))
    sys.stderr.writelines(f"{name}: not as it is made\n" for name in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

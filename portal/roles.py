"""Roles: what a person is to the portal; a set each, never officer and custodian."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody does here; the words of `lurus demo --json`."""

    OFFICER = "officer"
    """Triages, asks, assesses and closes what is sealed to them."""
    OUTSIDE_OFFICER = "outside-officer"
    """An officer of another agency, usually the Inspectorate."""
    CUSTODIAN = "custodian"
    """Outside the agency; opens what is put before them, and nothing else."""
    ADMINISTRATOR = "administrator"
    """Accounts, settings, the record; opens no case."""
    EVALUATOR = "evaluator"
    """Looks at how the portal works, by sample cases; never anything else, until a day."""


OFFICERS = frozenset({Role.OFFICER, Role.OUTSIDE_OFFICER})
"""Whom reports are sealed to."""

"""Apps of the tests: each is the portal itself, but a template is compiled once for all."""

from dataclasses import replace
from functools import cache

from flask import Flask
from installations import let_hurry
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from strategies import CHEAPEST

from portal import create_app
from portal.runtime import Clock
from portal.settings import Settings


def make_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """Make the app of one worker, with cheap passphrases; it believes every clock.

    Between two requests of a test a year may pass, which no settings file allows.
    """
    believing = replace(settings, clock_jump_days=100_000)
    app = create_app(believing, clock, CHEAPEST)
    let_hurry(app.extensions["lurus"].database)
    app.jinja_env.bytecode_cache = _compiled("")
    for language, environment in app.extensions["lurus.environments"].items():
        environment.bytecode_cache = _compiled(language)
    return app


class _Compiled(BytecodeCache):
    """What Jinja made of templates; one that changed is compiled anew."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.code


@cache
def _compiled(language: str) -> _Compiled:
    # Texts and addresses are put in when a template is compiled.
    return _Compiled()

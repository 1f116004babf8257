"""Lurus: a portal that takes sealed anonymous reports and answers them."""

import os
from pathlib import Path

from flask import Flask

from crypto import RFC_9106_LOW_MEMORY, Cost
from portal.runtime import Clock, build_runtime
from portal.settings import Settings
from portal.settings_file import read_settings
from portal.views import (
    access,
    administrator,
    custodian,
    evaluator,
    languages,
    leaflet,
    ledger,
    officer,
    places,
    public,
    published,
    receiving,
    reporter,
    request,
    response,
    words,
)

HOME = Path(__file__).resolve().parent.parent
"""Where templates/ and instance/ stand, whatever the working folder is."""

LONGEST_BODY = 256 * 1024
"""Bytes of a request; a report of the longest texts is well below."""


def create_app(
    settings: Settings | None = None,
    clock: Clock | None = None,
    cost: Cost = RFC_9106_LOW_MEMORY,
) -> Flask:
    """Make the app of one worker: this is the map of the portal."""
    settings = settings or read_settings(instance_folder())
    app = request.SparingFlask(
        __name__,
        template_folder=str(HOME / "templates"),
        instance_path=str(settings.instance),
    )
    app.config.update(
        TRUSTED_HOSTS=settings.hosts,
        MAX_CONTENT_LENGTH=LONGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LONGEST_BODY,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.request_class = receiving.ReceivingRequest
    app.extensions["lurus"] = build_runtime(settings, clock, cost)

    languages.install(app)  # Indonesian and English
    words.install(app)  # how values read in templates
    places.install(app)  # where people at work can go
    request.install(app)  # what every request brings: cookie, session, form key
    access.install(app)  # who may call which page; default: nobody
    response.install(app)  # what every response carries; errors as pages

    app.register_blueprint(public.bp)
    app.register_blueprint(published.bp)
    app.register_blueprint(leaflet.bp)
    app.register_blueprint(ledger.bp)
    app.register_blueprint(reporter.bp)
    app.register_blueprint(officer.bp)
    app.register_blueprint(administrator.bp)
    app.register_blueprint(custodian.bp)
    app.register_blueprint(evaluator.bp)
    return app


def instance_folder() -> Path:
    """Return the installation's folder: LURUS_INSTANCE, or instance/ here."""
    return Path(os.environ.get("LURUS_INSTANCE", HOME / "instance")).resolve()

"""Settings as they stand, what the doctor finds, and nothing secret of either."""

import re
from dataclasses import dataclass, fields

from flask import Response

from portal.runtime import runtime
from portal.settings_file import as_toml
from portal.views.administrator.blueprint import bp
from portal.views.languages import gettext as _
from portal.views.response import page

# Of a name that says so, whether something is set is all that is shown.
_SECRET = re.compile("password|passphrase|secret|token")
# Name and password before the host of an address.
_LOGIN = re.compile(r"(?<=://)[^/@\s]*@")


@dataclass(frozen=True)
class SettingOnPage:
    """One setting as it stands."""

    name: str
    value: str
    meaning: str
    """In English, as it stands in the file beside it."""


@bp.get("/settings")
def settings() -> Response:
    """Show settings and findings."""
    # Here alone: what migrations and backups need takes 15 MiB of a process.
    from portal.doctor import examine  # noqa: PLC0415

    return page(
        "administrator/settings.html",
        settings=_settings_on_page(),
        findings=examine(runtime().settings.instance, runtime().now()),
    )


def _settings_on_page() -> list[SettingOnPage]:
    now = runtime().settings
    return [
        SettingOnPage(
            key.name, shown(key.name, getattr(now, key.name)), key.metadata["meaning"]
        )
        for key in fields(now)
        if "meaning" in key.metadata
    ]


def shown(name: str, value: object) -> str:
    """Return a setting's value as the file has it, without what is secret of it."""
    if _SECRET.search(name):
        return _("set, not shown") if value else _("not set")
    return _LOGIN.sub("…@", as_toml(value))

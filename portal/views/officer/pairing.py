"""A second factor's secret, as a phone takes it: a picture, or groups to type."""

import segno
from markupsafe import Markup

from crypto import OneTimeSecret
from portal.runtime import runtime

_GROUP = 4


def qr_code(secret: OneTimeSecret, name: str) -> Markup:
    """Draw the address that an authenticator app reads."""
    address = secret.address(name=name, issuer=runtime().settings.portal_name)
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=2)
    # Drawn from an address that is percent-encoded: nothing typed stands in it.
    return Markup(drawn)  # noqa: S704  # nosec B704


def secret_groups(secret: OneTimeSecret) -> list[str]:
    """Return the secret in groups of four."""
    text = secret.reveal()
    return [text[start : start + _GROUP] for start in range(0, len(text), _GROUP)]

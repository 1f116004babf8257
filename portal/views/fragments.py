"""Parts of a page that are the same for everybody: rendered once per language."""

from collections.abc import Callable, Hashable, Mapping

from flask import current_app
from markupsafe import Markup

from portal.views.languages import language, render

_FRAGMENTS = "lurus.fragments"


def kept(
    template: str, variant: Hashable, make: Callable[[], Mapping[str, object]]
) -> Markup:
    """Return a rendered part; *make* gives its values the first time.

    *variant* comes from a closed vocabulary: what is kept must not grow with
    what people send, and must hold nothing of theirs.
    """
    fragments: dict[tuple[str, Hashable, str], Markup]
    fragments = current_app.extensions.setdefault(_FRAGMENTS, {})
    key = (template, variant, language())
    if key not in fragments:
        # Autoescaped by the template.
        rendered = render(template, **make())
        fragments[key] = Markup(rendered)  # noqa: S704  # nosec B704
    return fragments[key]

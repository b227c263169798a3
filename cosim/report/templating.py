"""The one door to the pages' templates: every word that comes in from outside is escaped, a missing one is a fault.

Floor 3. All pages share a frame and a style, so that they look alike and load nothing from anywhere.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def page_templates() -> Environment:
    """Return the templates, read once."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = breakable
    return environment


def breakable(name: str) -> Markup:
    """Return a name, escaped, that a narrow column may break after each underscore.

    Examples
    --------
    >>> str(breakable("a_<b>"))
    'a_<wbr>&lt;b&gt;'
    """
    return Markup("_<wbr>").join(name.split("_"))

"""What a message says: subject, plain text and HTML, from three templates of one folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import css_inline
from django.conf import settings
from django.template import Context
from django.template.loader import get_template


@dataclass(frozen=True)
class Letter:
    """`to` is another address than that of the person it is for: a new one to be tried, an old one to be told."""

    subject: str
    text: str
    html: str
    to: str = ""


def compose(folder: str, **values: Any) -> Letter:
    """The letter of a folder with `subject.txt`, `body.txt` and `body.html`.

    The subject becomes one line whatever the values hold, so that a name with a line break
    cannot add a header.
    """
    values = {"origin": settings.PUBLIC_ORIGIN, **values}
    subject = " ".join(_plain(f"{folder}/subject.txt", values).split())
    html = get_template(f"{folder}/body.html").render({**values, "subject": subject})
    return Letter(subject, _plain(f"{folder}/body.txt", values).strip() + "\n", _styles().inline(html))


def link(path: str) -> str:
    """An absolute link; its host is a setting, never what a request claimed."""
    return urljoin(settings.PUBLIC_ORIGIN + "/", path.lstrip("/"))


def _plain(name: str, values: dict[str, Any]) -> str:
    """Plain text is no HTML: an apostrophe in a name stays one."""
    return get_template(name).template.render(Context(values, autoescape=False))  # type: ignore[attr-defined]


@lru_cache(maxsize=1)
def _styles() -> css_inline.CSSInliner:
    """Mail programs ignore style sheets, so ours is written into the elements."""
    sheet = Path(__file__).with_name("mail.css").read_text()
    return css_inline.CSSInliner(extra_css=sheet, load_remote_stylesheets=False)

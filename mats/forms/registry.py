"""Every form of the product by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from mats.forms.base import KeptForm

_forms: dict[str, type[KeptForm]] = {}


def register(form: type[KeptForm]) -> None:
    """Remember a form; two that autosave can't share a name, or they would share their drafts."""
    other = _forms.get(form.form_name)
    if other and (form.autosaves or other.autosaves) and other.__qualname__ != form.__qualname__:
        raise ImproperlyConfigured(f"Two forms are named {form.form_name}: {other.__qualname__}, {form.__qualname__}.")
    _forms[form.form_name] = form


def form_named(name: str) -> type[KeptForm] | None:
    return _forms.get(name)

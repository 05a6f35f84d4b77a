"""The base form. Every form of the product is one; what people type is never lost.

A view says

    form = PairingForm(request, about=pairing)
    if answer := form.hand_to(correct_pairing, pairing=pairing, then=pairing_url, saved="The pairing is saved."):
        return answer
    return render(request, "mentorship/pairing_change.html", {"form": form})

and its page draws `<form method="post" {{ form.attributes }}>{% csrf_token %}{{ form|crispy }}
{% include "forms/buttons.html" with save="Save" %}</form>`.

- An invalid or refused form is answered with status 422 (`KeptFormMiddleware` sees to it).
- The hidden key makes a double click one act; the hidden version makes an edit of something
  edited meanwhile a conflict page (409) with both texts. A sent form without a version is older
  than every row, so it conflicts: nothing is overwritten unseen.
- Fields that a form does not declare are not read.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mats.forms import drafts, registry
from mats.forms.sent import ABOUT, BASE, FORM, KEY, PAGE, PLACE, VERSION, own_path, sent_key, sent_version
from mats.forms.sides import sides
from mats.forms.submissions import AlreadySent, claim
from mats.history.record import EditedMeanwhile
from mats.identity.requests import Request

CONFLICT = 409


class KeptForm(forms.Form):
    """A form that binds itself to the request it arrived with.

    `about` is the row it edits, `place` the row under which it makes a new one; the first there
    is names its draft. `form_name` names it in drafts and in ids of the page (by default after the class).
    `autosaves` switches the server draft on; such a form says in `may_draft` who may keep one.
    """

    form_name: ClassVar[str] = ""
    autosaves: ClassVar[bool] = False
    data: Any
    draft: Any

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "form_name" not in cls.__dict__:
            cls.form_name = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        registry.register(cls)

    def __init__(
        self,
        request: Request,
        *,
        about: Any = None,
        place: Any = None,
        initial: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        self.request, self.about, self.place = request, about, place
        self.is_sent = request.method == "POST" and request.POST.get(FORM, self.form_name) == self.form_name
        self.draft = None if self.is_sent else self._restored()
        start = {**(self.current(about) if about is not None else {}), **(initial or {})}
        data, files = (request.POST.copy(), request.FILES) if self.is_sent else (None, None)
        super().__init__(data, files, initial=start, **{"auto_id": f"{self.form_name}-%s", **options})
        self.fields.update(self.further_fields())
        self._add_hidden()
        if self.draft:
            self._fill_from_draft()

    # What subclasses say

    def current(self, about: Any) -> dict[str, Any]:
        """What stands in the row now, by field; shown at first and on the conflict page."""
        return {name: getattr(about, name) for name in self.base_fields if hasattr(about, name)}

    def further_fields(self) -> dict[str, forms.Field]:
        """Fields of this drawing alone, one for each row of a list, say; `drafts_also` names them."""
        return {}

    @classmethod
    def drafts_also(cls, name: str) -> bool:
        """Whether a draft keeps a field of this name that the class does not declare."""
        return False

    @classmethod
    def label_of(cls, name: str) -> str:
        """What a field is called where only its name is known; empty if the form has none of that name."""
        field = cls.base_fields.get(name)
        return str(field.label or "") if field else ""

    @classmethod
    def may_draft(cls, person: Any, about: str, at: Any) -> bool:
        """Whether a person may keep a draft of this form for the row with the key `about`, now."""
        return False

    # Hidden fields

    @property
    def draft_about(self) -> str:
        row = self.about if self.about is not None else self.place
        return str(row.pk) if row is not None else ""

    @property
    def version(self) -> Any:
        """The version (an int) the form was drawn from; None for a form that edits nothing."""
        if getattr(self.about, "version", None) is None:
            return None
        return sent_version(self.request) if self.is_sent else self._drawn_version()

    def _drawn_version(self) -> int:
        written_for = drafts.Content.of(self.draft).version if self.draft else None
        return self.about.version if written_for is None else written_for

    def _hidden_values(self) -> dict[str, str]:
        page = self.request.get_full_path()
        values = {FORM: self.form_name, KEY: str(uuid.uuid4())}
        if self.version is not None:
            values[VERSION] = str(self.version)
        if self.place is not None:
            values[PLACE] = str(self.place.pk)
        if self.autosaves:
            values |= {ABOUT: self.draft_about, BASE: drafts.token(self.draft), PAGE: page}
        if self.is_sent:
            post = self.request.POST
            values[KEY] = str(sent_key(self.request) or values[KEY])
            if self.autosaves:
                values |= {BASE: post.get(BASE, "")[:16], PAGE: own_path(post.get(PAGE, ""), page)}
        return values

    def _add_hidden(self) -> None:
        for name, value in self._hidden_values().items():
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False, initial=value)
            if self.is_sent:
                self.data[self.add_prefix(name)] = drafts.scrub(value)

    def _redraw(self, **values: str) -> None:
        """Give a sent form, drawn once more, new hidden values."""
        for name, value in values.items():
            if name in self.fields:
                self.data[name] = value

    def add_prefix(self, field_name: str) -> str:
        return field_name if field_name.startswith("_") else super().add_prefix(field_name)

    @property
    def key(self) -> uuid.UUID:
        return uuid.UUID(self.data[KEY])

    @property
    def hidden(self) -> SafeString:
        """The hidden fields without ids, for a form that is only a button and may stand many times on a page."""
        values = self._hidden_values()
        return format_html_join("", '<input type="hidden" name="{}" value="{}">', values.items())

    @property
    def hidden_named(self) -> SafeString:
        """The same with ids, for a form with a draft whose boxes the page writes itself."""
        values = ((self.form_name, name, name, value) for name, value in self._hidden_values().items())
        return format_html_join("", '<input type="hidden" id="{}-{}" name="{}" value="{}">', values)

    @classmethod
    def hidden_of_new(cls, place: Any = None) -> SafeString:
        """The hidden fields of a form that edits nothing, drawn anew; no form is made for it."""
        values = {FORM: cls.form_name, KEY: str(uuid.uuid4()), **({PLACE: str(place.pk)} if place else {})}
        return format_html_join("", '<input type="hidden" name="{}" value="{}">', values.items())

    # Checking

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if not valid:
            self.request.form_was_refused = True
        return valid

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook; the stubs leave it out
        self.cleaned_data = {name: value for name, value in self.cleaned_data.items() if not name.startswith("_")}

    def refuse(self, refusal: ValidationError) -> None:
        """Put a rule's words on the form: at its field where it names one that is here, else at the top."""
        self.request.form_was_refused = True
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            known = name != NON_FIELD_ERRORS and name in self.fields
            self.add_error(name if known else None, errors)

    # Carrying out

    def hand_to(
        self, act: Callable[..., Any], /, *, then: Callable[[Any], Any] | str, saved: str = "", **facts: Any
    ) -> HttpResponse | None:
        """Call the action `act` with `facts` and the form's fields; None while there is nothing to answer.

        It also gets `by` and `at` and, where the form edits a row, the `version` it
        was drawn from. None: the form was not sent, has something to correct, or was refused.
        """
        if not (self.is_sent and self.is_valid()):
            return None
        if self.version is not None:
            facts["version"] = self.version
        who_and_when = {"by": self.request.user, "at": self.request.now}
        return self.carry_out(lambda: act(**facts, **who_and_when, **self.cleaned_data), then=then, saved=saved)

    def carry_out(
        self, act: Callable[[], Any], *, then: Callable[[Any], Any] | str, saved: str = ""
    ) -> HttpResponse | None:
        """Do `act` once and redirect to `then(result)`, a path of this product.

        The same form sent again gets the same redirect; the same key with other content, or an
        edit of an older version, a page (409) with both texts. None if the action refused: its
        words then stand on the form.
        """
        try:
            answer = self._act_once(act, then)
        except AlreadySent as again:
            if not again.is_same:
                return self._sent_otherwise(again)
            answer = again.earlier.answer
        except EditedMeanwhile as clash:
            return self.conflict(clash.row)
        except ValidationError as refusal:
            self.refuse(refusal)
            return None
        if saved:
            messages.success(self.request, saved)
        return redirect(answer)

    def _act_once(self, act: Callable[[], Any], then: Callable[[Any], Any] | str) -> str:
        with transaction.atomic():
            submission = claim(self.request, self.key, self.form_name)
            result = act()
            answer = resolve_url(then(result) if callable(then) else then)
            submission.answer = own_path(answer, "")
            if not submission.answer:
                raise ValueError(f"{self.form_name} answers with an address that is not ours.")
            submission.save(update_fields=["answer"])
            if self.autosaves:
                drafts.drop_draft(
                    by=self.request.user, form=self.form_name, about=self.draft_about,
                    key=str(self.key), base=self.data.get(BASE, ""),
                )  # fmt: skip
        return answer

    def conflict(self, row: Any) -> HttpResponse:
        """Somebody saved `row` meanwhile: both texts on one page; saving again is deliberate."""
        self.keep_draft()
        self._redraw(**{KEY: str(uuid.uuid4()), VERSION: str(row.version)})
        both = sides(self, self.current(row))
        same = [side.label for side in both if not side.differs]
        context = {"form": self, "sides": both, "same": same, "action": self.request.get_full_path()}
        return render(self.request, "forms/conflict.html", context, status=CONFLICT)

    def _sent_otherwise(self, again: AlreadySent) -> HttpResponse:
        """The key was used for other text: the act is not repeated, the text comes back."""
        self._redraw(**{KEY: str(uuid.uuid4())})
        self.keep_draft()
        context = {"form": self, "earlier": again.earlier, "action": self.request.get_full_path()}
        return render(self.request, "forms/sent_otherwise.html", context, status=CONFLICT)

    # The server draft

    def _restored(self):
        if not self.autosaves:
            return None
        return drafts.find_draft(self.request.user, self.form_name, self.draft_about)

    def _fill_from_draft(self) -> None:
        data = drafts.Content.of(self.draft).as_data()
        for name in self.fields:
            if self.add_prefix(name) in data:
                self.initial[name] = self.fields[name].widget.value_from_datadict(data, {}, self.add_prefix(name))

    def draft_content(self) -> drafts.Content:
        """What was sent, as a draft keeps it: declared fields only, cleaned of control characters."""
        return content_of(type(self), self.data, version=self.version, key=str(self.key))

    def keep_draft(self) -> None:
        """Keep what was sent, unless another tab has a draft of its own: this text is on the page."""
        if not self.autosaves:
            return
        try:
            draft = drafts.save_draft(
                by=self.request.user, form=self.form_name, about=self.draft_about,
                content=self.draft_content(), base=self.data.get(BASE, ""), at=self.request.now,
            )  # fmt: skip
        except (drafts.DraftElsewhere, drafts.DraftTooLong):
            return
        self._redraw(**{BASE: drafts.token(draft)})

    @property
    def draft_saved(self) -> str:
        """When the draft on show was saved, on the person's wall; empty without one."""
        if not self.draft:
            return ""
        return drafts.saved_words(self.draft.saved_at, self.request.now, self.request.user.time_zone)

    # Drawing

    @property
    def status_id(self) -> str:
        return f"{self.form_name}-draft"

    @property
    def attributes(self) -> SafeString:
        """Attributes of the `<form>`: the encoding that files need."""
        return SafeString(' enctype="multipart/form-data"' if self.is_multipart() else "")

    @property
    def autosave(self) -> SafeString:
        """Attributes of the status line, which saves the form around it; nothing without script.

        They stand on the line and not on the form, because htmx sends a form only once it is
        valid, and half a text is what a draft is for. Savings of one form never overtake one
        another: a newer one waits, and replaces one that waits.
        """
        return format_html(
            'data-autosave hx-post="{}" hx-trigger="input from:closest form delay:1s, change from:closest form"'
            ' hx-sync="this:queue last" hx-swap="innerHTML"',
            reverse("draft"),
        )


def content_of(form: type[KeptForm], data: Any, *, version: int | None, key: str) -> drafts.Content:
    """A draft's content out of sent data: the fields that `form` declares or names, and no others."""
    declared = [name for name, field in form.base_fields.items() if not isinstance(field, forms.FileField)]
    also = [name for name in data if name not in form.base_fields and form.drafts_also(name)]
    fields = {
        name: [drafts.scrub(value) for value in data.getlist(name)] for name in [*declared, *also] if name in data
    }
    return drafts.Content(key=key, version=version, fields=fields)

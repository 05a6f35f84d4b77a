"""Django's admin, for who runs the installation: to look, and to close an account. Staff never need it.

It stands behind the same sign-in, a second factor (`cohorts.second_factor`) and, for a change, a fresh
sign-in; to everybody else there is nothing at its addresses. What is not named here is not in it:
nothing of coaching, no sealed text, no authenticator, no session.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin, display
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.views.decorators.cache import never_cache

from cohorts.actions.account import set_open
from cohorts.forms.fields import ReasonField
from cohorts.models import Cohort, Membership, Person
from cohorts.rules.account import of_somebody_else
from cohorts.trail import history
from mats import clock
from mats.history.trail import Part
from mats.identity.fresh import stale_answer
from mats.identity.requests import Request
from mats.post.kinds import read_by_staff
from mats.post.models import Message


class Site(AdminSite):
    site_header = site_title = "MATS Cohort, installation"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Nothing is here for anybody but a superuser; a change asks for a fresh sign-in."""

        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise Http404
            stale = stale_answer(request) if request.method == "POST" else None
            return stale or view(request, *args, **kwargs)

        return update_wrapper(never_cache(guarded), view)

    def get_urls(self) -> list[Any]:
        """The front page, and a list and a page of each row: no form of its own to sign in or change a password."""
        front = path("", self.admin_view(self.index), name="index")
        return [front, *(found for one in self._registry.values() for found in one.get_urls())]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        return []

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        shown: list[Any] = list(self._registry.values())
        rows = [(one.opts.verbose_name_plural, one.list_url(), one.what) for one in shown]
        return super().index(request, {"title": "What there is", "rows": rows})


class Reading(ModelAdmin):
    """Rows to read. `what` says what they are for."""

    what = ""
    actions = None
    show_full_result_count = False
    list_per_page = 50

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Lists are narrowed by what they offer, never by a field of an address's choice: `?password__startswith=`
        would read a hash letter by letter."""
        return lookup.partition("__")[0] in self.list_filter

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The history of the row says it, with its reason; the admin keeps no second one."""

    @property
    def _name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def list_url(self) -> str:
        return reverse(f"admin:{self._name}_changelist")

    def get_urls(self) -> list[URLPattern]:
        guarded, base = self.admin_site.admin_view, f"{self.opts.model_name}/"
        return [
            path(base, guarded(self.changelist_view), name=f"{self._name}_changelist"),
            path(f"{base}<str:object_id>/", guarded(self.change_view), name=f"{self._name}_change"),
        ]


class PersonForm(forms.ModelForm):
    """Open or closed, and why."""

    reason = ReasonField()
    by: Person

    class Meta:
        model = Person
        fields = ("is_active",)
        labels = {"is_active": "Open"}
        help_texts = {"is_active": "A closed account is signed out everywhere at once and gets no messages."}

    def clean(self) -> dict[str, Any]:
        of_somebody_else(self.instance, self.by)
        return super().clean() or {}


class People(Reading):
    what = "Accounts: who has one, whether it is open. Closing one is the only change here."
    form = PersonForm
    list_display = ("name", "email", "is_active", "is_superuser", "starts_cohorts", "created_at")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("name", "email")
    readonly_fields = ("email", "name", "time_zone", "is_superuser", "starts_cohorts", "created_at", "trail")
    fields = (*readonly_fields, "is_active", "reason")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **options)
        form.by = request.user
        return form

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        set_open(
            person=obj,
            is_active=form.cleaned_data["is_active"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=request.now,
        )

    @display(description="history")
    def trail(self, person: Person) -> str:
        lines = history([Part(Person, ("id",), person.pk)])
        told = (
            (f"{clock.format_moment(line.at, 'UTC', date=True)} UTC", line.who, line.what, _facts(line.facts), line.why)
            for line in lines
        )
        return format_html_join("", "<p>{} · {} · {} {} {}</p>", told)


def _facts(facts: list[tuple[str, str]]) -> str:
    return "; ".join(f"{title}: {change}" for title, change in facts)


class Cohorts(Reading):
    what = "Cohorts, and whether they are launched."
    list_display = ("name", "slug", "time_zone", "launched_at", "created_at")
    fields = list_display
    search_fields = ("name", "slug")


class Places(Reading):
    what = "Who has a place where, as what."
    list_display = ("person", "cohort", "role", "accepted_at", "ended_at", "archived_at")
    fields = list_display
    list_filter = ("role",)
    list_select_related = ("person", "cohort")
    search_fields = ("person__name", "person__email", "cohort__name")


class Messages(Reading):
    what = "Whether a message went out. What it says is not here, and messages of coaching are not listed."
    list_display = ("person", "kind", "moment", "sent_at", "dropped_why", "failed_why", "attempts")
    fields = (*list_display, "policy", "created_at", "dropped_at", "failed_at", "given_up_at")
    list_select_related = ("person",)
    search_fields = ("person__name", "person__email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).filter(kind__in=[*read_by_staff(), "account_mail"])


def _site() -> Site:
    made = Site(name="admin")
    made.register(Person, People)
    made.register(Cohort, Cohorts)
    made.register(Membership, Places)
    made.register(Message, Messages)
    return made


site = _site()

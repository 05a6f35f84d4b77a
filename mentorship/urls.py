"""Addresses of mentorship."""

from django.urls import path

from mentorship.views import action, log, meeting, planning

urlpatterns = [
    path("logs/<uuid:pk>/", log.read_log, name="log"),
    path("logs/<uuid:pk>/write/", log.write_log, name="log_write"),
    path("meetings/<uuid:pk>/", meeting.meeting, name="meeting"),
    path("meetings/<uuid:pk>/now/", meeting.meeting_now, name="meeting_now"),
    path("meetings/<uuid:pk>/start/", meeting.meeting_start, name="meeting_start"),
    path("meetings/<uuid:pk>/end/", meeting.meeting_end, name="meeting_end"),
    path("meetings/<uuid:pk>/outcome/", meeting.meeting_outcome, name="meeting_outcome"),
    path("meetings/<uuid:pk>/notes/", meeting.meeting_notes, name="meeting_notes"),
    path("meetings/<uuid:pk>/agenda/", meeting.agenda_add, name="agenda_add"),
    path("meetings/<uuid:pk>/actions/", meeting.action_add, name="action_add"),
    path("meetings/<uuid:pk>/call-off/", planning.meeting_call_off, name="meeting_call_off"),
    path("weeks/<uuid:pk>/meeting/", planning.meeting_plan, name="meeting_plan"),
    path("actions/<uuid:pk>/done/", action.action_done, name="action_done"),
    path("actions/<uuid:pk>/drop/", action.action_drop, name="action_drop"),
    path("actions/<uuid:pk>/reopen/", action.action_reopen, name="action_reopen"),
]

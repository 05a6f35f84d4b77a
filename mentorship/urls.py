"""Addresses of mentorship."""

from django.urls import path

from mentorship.views import action, launch, log, meeting, pairing, planning

urlpatterns = [
    path("logs/<uuid:pk>/", log.read_log, name="log"),
    path("logs/<uuid:pk>/changes/", log.log_changes, name="log_changes"),
    path("meetings/<uuid:pk>/", meeting.meeting, name="meeting"),
    path("meetings/<uuid:pk>/now/", meeting.meeting_now, name="meeting_now"),
    path("meetings/<uuid:pk>/start/", meeting.meeting_start, name="meeting_start"),
    path("meetings/<uuid:pk>/end/", meeting.meeting_end, name="meeting_end"),
    path("meetings/<uuid:pk>/outcome/", meeting.meeting_outcome, name="meeting_outcome"),
    path("meetings/<uuid:pk>/absence/", meeting.meeting_absence, name="meeting_absence"),
    path("meetings/<uuid:pk>/own/", meeting.own_note, name="own_note"),
    path("meetings/<uuid:pk>/move/", planning.meeting_move, name="meeting_move"),
    path("meetings/<uuid:pk>/notes/", meeting.meeting_notes, name="meeting_notes"),
    path("meetings/<uuid:pk>/agenda/", meeting.agenda_add, name="agenda_add"),
    path("meetings/<uuid:pk>/actions/", meeting.action_add, name="action_add"),
    path("meetings/<uuid:pk>/call-off/", planning.meeting_call_off, name="meeting_call_off"),
    path("weeks/<uuid:pk>/meeting/", planning.meeting_plan, name="meeting_plan"),
    path("actions/<uuid:pk>/done/", action.action_done, name="action_done"),
    path("actions/<uuid:pk>/drop/", action.action_drop, name="action_drop"),
    path("actions/<uuid:pk>/reopen/", action.action_reopen, name="action_reopen"),
    path("c/<slug:slug>/launch/", launch.cohort_launch, name="cohort_launch"),
    path("c/<slug:slug>/pairings/", pairing.pairings, name="pairings"),
    path("c/<slug:slug>/pairings/new/", pairing.pairing_new, name="pairing_new"),
    path("pairings/<uuid:pk>/", pairing.pairing, name="pairing"),
    path("pairings/<uuid:pk>/change/", pairing.pairing_change, name="pairing_change"),
    path("pairings/<uuid:pk>/end/", pairing.pairing_end, name="pairing_end"),
    path("pairings/<uuid:pk>/hand-over/", pairing.pairing_hand_over, name="pairing_hand_over"),
    path("pairings/<uuid:pk>/remove/", pairing.pairing_remove, name="pairing_remove"),
]

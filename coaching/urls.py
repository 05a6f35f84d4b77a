"""Addresses of coaching."""

from django.urls import path

from coaching.views.coached import coached
from coaching.views.my_coaching import my_coaching
from coaching.views.note import note_change
from coaching.views.one_on_one import (
    one_on_one_add,
    one_on_one_back,
    one_on_one_call_off,
    one_on_one_move,
    one_on_one_plan,
    one_on_one_said,
)
from coaching.views.scholars import coaching

urlpatterns = [
    path("coaching/", coaching, name="coaching"),
    path("coaching/scholars/<uuid:pk>/", coached, name="coached"),
    path("coaching/scholars/<uuid:pk>/plan/", one_on_one_plan, name="one_on_one_plan"),
    path("coaching/scholars/<uuid:pk>/one-on-ones/", one_on_one_add, name="one_on_one_add"),
    path("coaching/one-on-ones/<uuid:pk>/move/", one_on_one_move, name="one_on_one_move"),
    path("coaching/one-on-ones/<uuid:pk>/call-off/", one_on_one_call_off, name="one_on_one_call_off"),
    path("coaching/one-on-ones/<uuid:pk>/said/", one_on_one_said, name="one_on_one_said"),
    path("coaching/one-on-ones/<uuid:pk>/back/", one_on_one_back, name="one_on_one_back"),
    path("coaching/notes/<uuid:pk>/", note_change, name="note_change"),
    path("my-coaching/", my_coaching, name="my_coaching"),
]

"""Addresses of mentorship."""

from django.urls import path

from mentorship.views import log

urlpatterns = [
    path("logs/<uuid:pk>/", log.read_log, name="log"),
    path("logs/<uuid:pk>/write/", log.write_log, name="log_write"),
]

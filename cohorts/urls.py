"""Addresses of cohorts."""

from django.urls import path

from cohorts.views.profile import profile

urlpatterns = [
    path("me/", profile, name="profile"),
]

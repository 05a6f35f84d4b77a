"""Addresses of mats.forms."""

from django.urls import path

from mats.forms.views import save

urlpatterns = [path("drafts/", save, name="draft")]

"""Addresses of mats.pages."""

from django.urls import path

from mats.pages.views.gallery import gallery
from mats.pages.views.health import healthz, readyz
from mats.pages.views.messages import message, messages

urlpatterns = [
    path("gallery/", gallery, name="gallery"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("c/<slug:slug>/messages/", messages, name="messages"),
    path("messages/<uuid:pk>/", message, name="message"),
]

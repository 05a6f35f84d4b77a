"""Addresses of mats.pages."""

from django.urls import path

from mats.pages.views.gallery import gallery

urlpatterns = [
    path("gallery/", gallery, name="gallery"),
]

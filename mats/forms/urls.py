"""Addresses of mats.forms."""


urlpatterns: list = []

"""Addresses of mats.pages."""


urlpatterns: list = []

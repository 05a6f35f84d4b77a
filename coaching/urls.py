"""Addresses of coaching."""


urlpatterns: list = []

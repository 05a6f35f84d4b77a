"""Addresses of mentorship."""


urlpatterns: list = []

"""Addresses of cohorts."""


urlpatterns: list = []

"""Addresses of mats.post."""

urlpatterns: list = []

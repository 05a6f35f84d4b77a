"""The addresses of the demo: those of the product and its sign-in with one press."""

from django.urls import include, path

from mats.pages.views.demo import demo_sign_in

handler404 = "mats.pages.errors.not_found"
urlpatterns = [path("demo/sign-in/", demo_sign_in, name="demo_sign_in"), path("", include("mats.urls"))]

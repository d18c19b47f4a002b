"""Addresses of the gallery, for tests alone."""

from django.urls import path

from tests.web.gallery import views

urlpatterns = [
    path("gallery/components/", views.components, name="components"),
    path("gallery/errors/", views.errors, name="errors"),
    path("gallery/charts/", views.charts, name="charts"),
    path("gallery/school/", views.school, name="school"),
    path("gallery/review/", views.review, name="review"),
    path("gallery/message/<int:status>/", views.message, name="message"),
]

from django.urls import path

from bridgehead.people import views

app_name = "people"

urlpatterns = [
    path("people/", views.people, name="list"),
    path("people/appoint/", views.appoint_person, name="appoint"),
    path("people/<int:appointment_id>/", views.appointed, name="appointed"),
    path("people/<int:appointment_id>/end/", views.end, name="end"),
    path("role/", views.choose_role, name="choose-role"),
    path("signed-in/", views.signed_in, name="signed-in"),
    path("who-can-see/", views.who_can_see, name="who-can-see"),
]

from django.urls import path

from bridgehead.schools import views

app_name = "schools"

urlpatterns = [
    path("", views.members, name="members"),
    path("add/", views.add_member, name="add-member"),
    path("sheet/", views.add_sheet, name="add-sheet"),
    path("<int:membership_id>/leave/", views.leave, name="leave"),
]

from django.urls import URLPattern, URLResolver, path

from bridgehead.brokerage import views

app_name = "brokerage"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:urn>/", views.supporters, name="supporters"),
]

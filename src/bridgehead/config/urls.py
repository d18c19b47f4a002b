"""Every domain's addresses, joined."""

from django.urls import include, path

from bridgehead.config import contact, health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path(".well-known/security.txt", contact.security_txt, name="security-txt"),
    path("", include("bridgehead.accounts.urls")),
    path("", include("bridgehead.people.urls")),
    path("members/", include("bridgehead.schools.urls")),
    path("support-review/", include("bridgehead.monitoring.urls")),
    path("supporters/", include("bridgehead.brokerage.urls")),
    path("records/", include("bridgehead.records.urls")),
    path("", include("bridgehead.desk.urls")),
]

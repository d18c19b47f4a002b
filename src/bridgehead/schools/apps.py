from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "bridgehead.schools"
    label = "schools"

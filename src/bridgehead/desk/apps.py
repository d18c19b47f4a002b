from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "bridgehead.desk"
    label = "desk"

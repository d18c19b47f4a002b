from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "bridgehead.web"
    label = "web"

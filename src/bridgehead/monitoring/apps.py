from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "bridgehead.monitoring"
    label = "monitoring"

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "bridgehead.records"
    label = "records"

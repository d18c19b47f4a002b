from django.apps import AppConfig


class BrokerageConfig(AppConfig):
    name = "bridgehead.brokerage"
    label = "brokerage"

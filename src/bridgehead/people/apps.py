from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "bridgehead.people"
    label = "people"

"""What a broker asks for: a need, and how far a supporter may be."""

from django import forms

from bridgehead.brokerage.queries.need import Choice


class NeedForm(forms.Form):
    """The need, from what is known of the school, and the limit of travel."""

    need = forms.ChoiceField(label="Help with", required=False)
    within = forms.FloatField(
        label="At most this many kilometres away",
        required=False,
        min_value=1,
        max_value=1000,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "invalid": "Enter a distance in kilometres, such as 30",
            "min_value": "Enter a distance of at least 1 kilometre",
            "max_value": "Enter a distance of at most 1,000 kilometres",
        },
    )

    def offer(self, choices: dict[str, list[Choice]]) -> None:
        """Offer needs by heading."""
        field = self.fields["need"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (heading, [(choice.key, choice.title) for choice in group])
            for heading, group in choices.items()
            if group
        ]

"""What somebody says when they keep a search."""

from django import forms
from django.utils.translation import gettext_lazy as _

from search.models import Frequency
from search.saved.services import NAME_CHARACTERS


class SavedSearchForm(forms.Form):
    """A name, and how often to write."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME_CHARACTERS, help_text=_("For you alone: it stands in your list and in the mails.")
    )
    frequency = forms.ChoiceField(
        label=_("Write to me when something new fits"), choices=Frequency.choices, widget=forms.RadioSelect, initial=Frequency.WEEKLY
    )

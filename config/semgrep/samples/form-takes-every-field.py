from django.forms import ModelForm, modelform_factory

from relations.models import Party


class BadForm(ModelForm):
    class Meta:  # bad
        model = Party
        fields = "__all__"


class WorseForm(ModelForm):
    class Meta:  # bad
        exclude = ["company"]
        model = Party


Factory = modelform_factory(Party, fields="__all__")  # bad
Other = modelform_factory(Party, exclude=["company"])  # bad


class GoodForm(ModelForm):
    class Meta:
        model = Party
        fields = ["name", "phone"]

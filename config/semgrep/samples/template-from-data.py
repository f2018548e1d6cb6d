from django.template import Template, engines
from django.template.loader import render_to_string


def bad(text):
    Template(text)  # bad
    engines["django"].from_string(text)  # bad
    return Template("Dear " + text)  # bad


def good(name):
    return render_to_string("letter.html", {"name": name})

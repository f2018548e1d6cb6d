from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


def bad(name, text):
    mark_safe(name)  # bad
    mark_safe(f"<b>{name}</b>")  # bad
    mark_safe("<b>" + name + "</b>")  # bad
    mark_safe(escape(text))  # bad
    SafeString(name)  # bad
    format_html(text)  # bad
    format_html(f"<b>{name}</b>")  # bad
    format_html_join("", "<b>" + text + "</b>{}", [])  # bad
    return format_html("<b>%s</b>" % name)  # bad


def good(name):
    mark_safe("<br>")
    format_html_join(", ", "<b>{}</b>", [[name]])
    return format_html("<b>{}</b>", name)

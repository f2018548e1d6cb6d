import importlib
import re


def bad(text):
    eval(text)  # bad
    exec(text)  # bad
    compile(text, "rule", "eval")  # bad
    __import__(text)  # bad
    importlib.import_module(text)  # bad
    return importlib.import_module(f"rooms.{text}")  # bad


def good(product):
    re.compile("[a-z]+")
    importlib.import_module("config.celery")
    return product.compile()

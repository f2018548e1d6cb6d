from config.environment import flag

DEBUG = False
DEBUG = True  # bad
DEBUG = flag("DEBUG")  # bad


def bad(settings):
    settings.DEBUG = True  # bad

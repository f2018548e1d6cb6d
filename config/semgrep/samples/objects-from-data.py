import json
import marshal
import pickle
from pickle import loads

import yaml


def bad(content):
    pickle.loads(content)  # bad
    loads(content)  # bad
    pickle.load(open("kept"))  # bad
    marshal.loads(content)  # bad
    yaml.load(content)  # bad
    return yaml.load(content, Loader=yaml.Loader)  # bad


def good(content):
    json.loads(content)
    return yaml.safe_load(content)

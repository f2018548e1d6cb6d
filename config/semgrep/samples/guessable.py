import hashlib
import random
import secrets
import uuid
from random import choice


def bad(content):
    random.random()  # bad
    choice("abc")  # bad
    uuid.uuid1()  # bad
    hashlib.md5(content)  # bad
    hashlib.new("sha1", content)  # bad
    return hashlib.sha1(content, usedforsecurity=False)  # bad


def good(content):
    hashlib.sha256(content)
    uuid.uuid4()
    return secrets.token_urlsafe(32)

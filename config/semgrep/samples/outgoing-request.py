import http.client
import socket
import urllib.request
from urllib.request import urlopen

import httpx
import requests


def bad(address):
    requests.get(address)  # bad
    httpx.post("http://example.org")  # bad
    urlopen(address)  # bad
    urllib.request.Request(address)  # bad
    socket.create_connection((address, 80), timeout=2)  # bad
    return http.client.HTTPConnection(address)  # bad


def good(mail):
    http.client.HTTPConnection("127.0.0.1", 8000)
    return mail.send()

import xml.etree.ElementTree as ET
from xml.dom import minidom

from lxml import etree


def bad(content):
    ET.fromstring(content)  # bad
    minidom.parseString(content)  # bad
    return etree.fromstring(content)  # bad


def good(content):
    return content.decode()

import os
import subprocess
from subprocess import run


def bad(name):
    subprocess.run(f"ls {name}", shell=True)  # bad
    run(name, check=True, shell=True)  # bad
    subprocess.Popen(name, shell=True)  # bad
    os.system("ls")  # bad
    os.popen("ls")  # bad
    return subprocess.getoutput("ls")  # bad


def good(name):
    return subprocess.run(["ls", name], check=True)

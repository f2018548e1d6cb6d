"""Files from outside: judged by their bytes, made harmless in a process of its own, else refused."""

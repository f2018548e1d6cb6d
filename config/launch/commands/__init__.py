"""One module a command of bin/; each has main(arguments) and gives the exit code."""

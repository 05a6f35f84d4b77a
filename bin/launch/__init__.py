"""The launcher behind bin/demo, bin/test, bin/manage and bin/lock.

Standard library only: it runs before anything is installed, on whatever
Python 3.11 or newer the machine has.
"""

import sys
from pathlib import Path

# Started with -I, so nothing of the caller's is on the path, nor are we.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from launch.cli import main

sys.exit(main(sys.argv[1:]))

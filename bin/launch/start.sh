# Read by the commands of bin/: finds a Python that can run the launcher.
# A Python that can also make virtual environments is preferred to one that
# cannot (Debian ships the two apart).

launch() {
    second_best=
    for python in python3 python3.11 python3.12 python3.13 python3.14; do
        "$python" -I -c '
import sys, importlib.util
if sys.version_info < (3, 11): sys.exit(2)
sys.exit(0 if importlib.util.find_spec("ensurepip") else 3)' >/dev/null 2>&1
        case $? in
            0) exec "$python" -I "$here/launch/__main__.py" "$@" ;;
            3) second_best=${second_best:-$python} ;;
        esac
    done
    if [ -n "$second_best" ]; then
        exec "$second_best" -I "$here/launch/__main__.py" "$@"
    fi
    echo "This needs Python 3.11 or newer, and none was found on the PATH." >&2
    echo "On Debian 12 or newer: apt install python3 python3-venv" >&2
    exit 1
}

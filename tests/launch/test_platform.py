import pytest

from bin.launch.platforms import judge


@pytest.mark.parametrize(
    ("system", "machine", "libc"),
    [("linux", "x86_64", (2, 36)), ("linux", "aarch64", (2, 28)), ("darwin", "arm64", None)],
)
def test_platform_with_wheels_is_supported(system, machine, libc):
    assert judge(system, machine, libc) == ""


@pytest.mark.parametrize(
    ("system", "machine", "libc", "reason"),
    [
        ("linux", "x86_64", None, "there are none for Linux without glibc (such as Alpine)"),
        ("linux", "x86_64", (2, 27), "they need glibc 2.28 and this machine has 2.27"),
        ("linux", "riscv64", (2, 36), "there are none for riscv64, only for x86_64 and aarch64"),
        ("win32", "x86_64", None, "there are none for win32, only for Linux and macOS"),
    ],
)
def test_platform_without_wheels_is_named(system, machine, libc, reason):
    assert judge(system, machine, libc) == reason

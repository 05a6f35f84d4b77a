from bin.launch import locking

GOOD = """one==1.0 ; python_full_version < '3.12' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
two[extra]==2.0 \\
    --hash=sha256:cc
"""


def test_lock_with_versions_and_hashes_has_no_fault():
    assert locking.faults_of(GOOD) == []


def test_lock_with_an_address_is_refused():
    assert locking.faults_of(GOOD + "# from https://example.org\n")[0] == "it holds an address (://)."


def test_lock_entry_without_hash_is_named():
    assert locking.faults_of(GOOD + "three==3.0\n") == ["three==3.0 has no exact version with a hash."]


def test_lock_entry_without_exact_version_is_named():
    found = locking.faults_of("four>=4 \\\n    --hash=sha256:dd\n")

    assert found == ["four>=4 has no exact version with a hash."]


def test_uv_is_found_in_the_quality_lock():
    uv = "uv==0.9 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc"
    lock = GOOD + "uuid==1 \\\n    --hash=sha256:aa\n" + uv + "\n" + GOOD

    assert locking.UV_PIN.search(lock)[0] == uv


def test_locks_of_the_project_have_no_fault():
    faults = [
        fault
        for name in locking.ORDER
        for fault in locking.faults_of((locking.REQUIREMENTS / f"{name}.lock").read_text())
    ]

    assert faults == []

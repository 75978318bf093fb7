"""Memory that is there before a linker asks for it.

A virtual machine that gives free memory back to its host pays for each page that the host has to find
again: milliseconds for a huge one, by chance, and whoever runs first pays for all.
"""
import mmap
import os

POPULATE_WRITE = 23  # MADV_POPULATE_WRITE, which Python has no name for


def is_given_back():
    """Whether this machine does that."""
    return os.path.isdir("/sys/module/page_reporting")


def touch(size):
    """Takes that many bytes and frees them, if this machine gives memory back."""
    if size == 0 or not is_given_back():
        return
    child = os.fork()  # or the peak would be that of every process that this one starts
    if child == 0:
        try:
            populate(size)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def populate(size):
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_HUGEPAGE)  # it is huge pages that are given back
    try:
        memory.madvise(POPULATE_WRITE)
    except OSError:  # an older kernel
        for offset in range(0, size, mmap.PAGESIZE):
            memory[offset] = 1

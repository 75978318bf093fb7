// What the section map makes; only the addresses mean something. Hidden: they need no GOT.

#pragma GCC visibility push(hidden)
extern char checked_start, checked_end, data_start, heap_start, heap_end;
extern char __slot_version, __slot_crc;

#define _GNU_SOURCE
#include "CSandbox.h"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

// Lets the code and constants of one program or library go: they come back from the file as they are needed.
static int release_segments(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size;
    (void)unused;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[index];
        // What was written to is in memory only.
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0) continue;
        uintptr_t start = ((uintptr_t)object->dlpi_addr + segment->p_vaddr + page - 1) & ~(page - 1);
        uintptr_t end = ((uintptr_t)object->dlpi_addr + segment->p_vaddr + segment->p_filesz) & ~(page - 1);
        if (end > start) (void)madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void berth_release_memory(void) {
    malloc_trim(0);
    (void)dl_iterate_phdr(release_segments, NULL);
}

#define _GNU_SOURCE
#include "CWriteBack.h"

#include <fcntl.h>

int write_back_begin(int descriptor, int64_t offset, int64_t length) {
    return sync_file_range(descriptor, offset, length, SYNC_FILE_RANGE_WRITE);
}

int write_back_finish(int descriptor, int64_t offset, int64_t length) {
    return sync_file_range(
        descriptor, offset, length,
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER
    );
}

#define _GNU_SOURCE
#include "CNetlink.h"

#include <errno.h>
#include <sched.h>

int berth_enter_network(int descriptor) {
    return setns(descriptor, CLONE_NEWNET) < 0 ? errno : 0;
}

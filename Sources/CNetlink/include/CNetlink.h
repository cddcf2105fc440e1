#pragma once

// The kernel's words for its netlink families, which Glibc's module lacks, and a network namespace's change.

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sys/types.h>

// Moves the calling thread, and no other, into the network namespace that `descriptor` refers to.
// Returns 0, or an errno.
int berth_enter_network(int descriptor);

// Starts `program` with `arguments`, which null ends, as a process that the kernel ends with this thread.
//
// It gets `streams` as 0, 1 and 2, and no other descriptor. Returns 0, or an errno.
int berth_start_tied(const char *program, char *const *arguments, const int streams[3], pid_t *process);

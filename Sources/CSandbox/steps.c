#include "CSandbox.h"

const char *berth_step_phrase(enum berth_step step) {
    switch (step) {
    case BERTH_STEP_CLONE: return "cannot make the container's namespaces";
    case BERTH_STEP_JOIN: return "cannot enter the container's namespaces";
    case BERTH_STEP_DESCRIPTORS: return "cannot pass the standard streams on";
    case BERTH_STEP_CGROUP: return "cannot enter the control group";
    case BERTH_STEP_USER_MAP: return "cannot map the user into the container";
    case BERTH_STEP_SESSION: return "cannot begin a session";
    case BERTH_STEP_HOSTNAME: return "cannot set the host name";
    case BERTH_STEP_NETWORK: return "cannot join the network";
    case BERTH_STEP_LOOPBACK: return "cannot raise the loopback interface";
    case BERTH_STEP_PROPAGATION: return "cannot make the mounts private";
    case BERTH_STEP_SCRATCH: return "cannot prepare the overlay";
    case BERTH_STEP_OVERLAY: return "cannot mount the image's layers";
    case BERTH_STEP_MOUNT: return "cannot mount";
    case BERTH_STEP_DEVICE: return "cannot make the device";
    case BERTH_STEP_SOURCE: return "cannot open, to mount it,";
    case BERTH_STEP_SETTING: return "cannot set";
    case BERTH_STEP_PIVOT: return "cannot make the image the root";
    case BERTH_STEP_MASK: return "cannot hide";
    case BERTH_STEP_TERMINAL: return "cannot open a terminal";
    case BERTH_STEP_REPORT: return "cannot report";
    case BERTH_STEP_WORKING_DIRECTORY: return "cannot enter the working folder";
    case BERTH_STEP_LIMIT: return "cannot limit";
    case BERTH_STEP_CAPABILITIES: return "cannot limit the capabilities";
    case BERTH_STEP_IDENTITY: return "cannot become the user";
    case BERTH_STEP_FILTER: return "cannot filter the system calls";
    case BERTH_STEP_EXECUTE: return "cannot execute";
    case BERTH_STEP_RUNTIME: return "cannot execute the runtime";
    }
    return "cannot start";
}

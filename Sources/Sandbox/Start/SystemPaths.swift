/// What of /proc and /sys would let a container's root see or change the host.
///
/// - SeeAlso: docker's `maskedPaths` and `readonlyPaths`; OCI runtime-spec, `linux.maskedPaths`.
enum SystemPaths {
    /// Covered.
    static let masked = [
        "/proc/acpi",
        "/proc/asound",
        "/proc/interrupts",
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/sched_debug",
        "/proc/scsi",
        "/proc/timer_list",
        "/proc/timer_stats",
        "/sys/devices/virtual/powercap",
        "/sys/firmware",
    ]

    /// Seen, but not to be written.
    static let readOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
}

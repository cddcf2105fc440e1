import Glibc

/// The descriptors that a loop waits for, and what each is to bring about.
struct PollSet {
    private var descriptors: [pollfd] = []
    private var actions: [() -> Void] = []

    /// Calls `action` when `descriptor` is ready for one of `events`, or has been hung up.
    mutating func add(_ descriptor: Int32, _ events: Int32, _ action: @escaping () -> Void) {
        descriptors.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
        actions.append(action)
    }

    /// Waits until one is ready, at most until `deadline`, and acts on all that are.
    mutating func wait(until deadline: Deadline?) {
        // -1 is for ever.
        let ready = poll(&descriptors, nfds_t(descriptors.count), deadline?.millisecondsLeft ?? -1)
        guard ready > 0 else { return }
        for (descriptor, action) in zip(descriptors, actions) where descriptor.revents != 0 { action() }
    }
}

/// A moment of the clock that never jumps.
struct Deadline: Comparable {
    /// Nanoseconds since the machine started.
    private let moment: Int64

    static func after(seconds: Double) -> Deadline {
        Deadline(moment: current + Int64(seconds * 1e9))
    }

    /// The moment `seconds` after the machine started.
    init(seconds: Double) {
        moment = seconds.isFinite ? Int64(seconds * 1e9) : .max
    }

    private init(moment: Int64) {
        self.moment = moment
    }

    /// Seconds since the machine started.
    static var now: Double { Double(current) / 1e9 }

    var hasPassed: Bool { Self.current >= moment }

    /// For poll(2): rounded up, so that it has passed when the wait is over.
    var millisecondsLeft: Int32 {
        Int32(clamping: max(0, (moment &- Self.current &+ 999_999) / 1_000_000))
    }

    static func < (one: Deadline, other: Deadline) -> Bool { one.moment < other.moment }

    private static var current: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

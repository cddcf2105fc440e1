import Glibc

/// The terminal that this program was started at.
struct CallerTerminal {
    private let descriptor: Int32
    private let original: termios?

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var attributes = termios()
        original = tcgetattr(descriptor, &attributes) == 0 ? attributes : nil
    }

    /// Stops it from echoing, and from taking keys for itself.
    func makeRaw() {
        guard var attributes = original else { return }
        cfmakeraw(&attributes)
        tcsetattr(descriptor, TCSADRAIN, &attributes)
    }

    /// Makes it what it was.
    func restore() {
        guard var attributes = original else { return }
        tcsetattr(descriptor, TCSADRAIN, &attributes)
    }
}

import Foundation
import Synchronization

/// One line on a terminal's standard error that is written over and over.
final class ProgressLine: Sendable {
    /// When the line was written last; several threads may write it.
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    /// Shows `text`, a few times a second at most.
    func show(_ text: String) {
        let isDue = last.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last < .milliseconds(200) { return false }
            last = now
            return true
        }
        if isDue { write("\r\u{1B}[K\(text)") }
    }

    func clear() {
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}

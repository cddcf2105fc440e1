import Glibc
import Synchronization

/// What ``removeAtExit(_:)`` is to remove; the process ends without running any test's own cleanup.
private let leftAtExit = Mutex<[String]>([])

/// Removes `folder` when the tests end.
func removeAtExit(_ folder: TemporaryFolder) {
    let isFirst = leftAtExit.withLock {
        $0.append(folder.path.string)
        return $0.count == 1
    }
    guard isFirst else { return }
    atexit {
        for path in leftAtExit.withLock({ $0 }) {
            guard let removal = try? Command("rm", "-rf", "--one-file-system", path).start() else { continue }
            waitpid(removal.processID, nil, 0)
        }
    }
}

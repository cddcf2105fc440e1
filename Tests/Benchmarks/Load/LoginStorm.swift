import Glibc
import Synchronization

/// Clients that send wrong passwords, each from an address of its own and again as soon as it is answered.
struct LoginStorm {
    let port: Int
    let clients: Int

    /// Runs `body` while they do.
    func during<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) throws -> (value: Value, answers: Int, seconds: Double) {
        let isOver = Atomic<Bool>(false)
        let answers = Atomic<Int>(0)
        let outcome = Mutex<Result<(Value, Double), any Error>?>(nil)
        try onThreads(clients + 1) { index in
            guard index < clients else {
                let watch = Stopwatch()
                let result = Result { try body() }
                isOver.store(true, ordering: .relaxed)
                outcome.withLock { $0 = result.map { ($0, watch.seconds) } }
                return
            }
            let connection = try Connection(port: port, from: UInt32(0x7f01_0001) + UInt32(index))
            var attempt = 0
            while !isOver.load(ordering: .relaxed) {
                attempt += 1
                // Of accounts that there are, and of others.
                let name = index % 2 == 0 ? "reader" : "nobody-\(index)"
                let field = AccessFolder.basic(name, password: "wrong-\(index)-\(attempt)")
                // Refused, told to wait, or turned away because too many are being looked at.
                let (answer, _) = try connection.request("GET", "/v2/", headers: [field], expecting: 401, 429, 503)
                answers.wrappingAdd(1, ordering: .relaxed)
                // One who is told to wait waits, as clients do, but not for long: the others are to go on.
                if answer.status != 401 { usleep(500_000) }
            }
        }
        guard let result = outcome.withLock({ $0 }) else { throw BenchmarkError("nothing was measured") }
        let (value, seconds) = try result.get()
        return (value, answers.load(ordering: .relaxed), seconds)
    }
}

/// How long to wait before a container is started again: longer each time, unless it ran for a while.
struct RestartDelay {
    // In seconds, as docker's.
    private static let shortest = 0.1
    private static let longest = 60.0
    private static let longRun = 10.0

    private var current = 0.0

    /// - Parameter run: for how many seconds the container ran.
    mutating func next(afterRunOf run: Double) -> Double {
        current = run >= Self.longRun || current == 0 ? Self.shortest : min(current * 2, Self.longest)
        return current
    }
}

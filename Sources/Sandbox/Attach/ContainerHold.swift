/// A container whose processes stand still for this process, which somebody may kill: the monitor lets them go on when the
/// connection ends.
package final class ContainerHold {
    private let connection: MonitorConnection

    /// - Parameter connection: at which the monitor has paused the container already.
    init(_ connection: MonitorConnection) {
        self.connection = connection
    }

    /// Lets them go on; returns once they do. That the container has ended, or goes on already, is no failure.
    package func release() {
        try? connection.send(.resume)
        _ = try? connection.answer()
    }
}

/// What a client asks of a container's monitor: the first message of its connection.
enum MonitorRequest: Codable {
    /// To start the container; of the one connection that its monitor is born with.
    case start(AttachRequest)
    case attach(AttachRequest)
    /// To run another process in the container, with these streams.
    case execute(ExecConfiguration, AttachRequest)
    /// To send a signal to the first process; answered once it is sent.
    case signal(Int32)
    /// To end the first process, by its stop signal or `signal`, and by SIGKILL after `timeout` seconds; answered once
    /// it has ended, and isn't started again.
    case stop(signal: Int32?, timeout: Int?)
    /// To be told when the container has ended, and isn't started again.
    case wait
    /// To stop all processes where they are, and to let them go on; answered once it is done.
    case pause
    case resume
    /// To stop all processes for as long as this connection lasts; answered once they stand. A second message over it,
    /// ``resume``, is answered once they go on.
    case hold
}

/// Which streams a client wants of a process.
struct AttachRequest: Codable {
    var input = false
    var outputs: Set<OutputStream> = []
    /// Whether the process waits for this client to take what it writes. Else a client that falls far behind is
    /// cut off.
    var isPaced = false
    var size: WindowSize?
}

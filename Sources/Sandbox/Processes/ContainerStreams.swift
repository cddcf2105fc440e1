/// The caller's descriptors that a container reads and writes. They are only borrowed.
package struct ContainerStreams: Sendable {
    /// Nil for no input: /dev/null, or a terminal on which nobody types.
    package var input: Int32?
    package var output: Int32
    package var error: Int32

    package init(input: Int32?, output: Int32, error: Int32) {
        self.input = input
        self.output = output
        self.error = error
    }

    /// This program's own; without its input unless `isInteractive`.
    package static func standard(isInteractive: Bool) -> ContainerStreams {
        ContainerStreams(input: isInteractive ? 0 : nil, output: 1, error: 2)
    }
}

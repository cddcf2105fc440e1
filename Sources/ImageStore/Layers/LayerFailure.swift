import SystemPackage

/// Why a layer can't be read, unpacked or packed: one line for a person.
struct LayerFailure: Error, Equatable {
    let reason: String
    /// Whether another machine, or this one with more room, would not have failed.
    let isOfTheMachine: Bool

    init(_ reason: String, isOfTheMachine: Bool = false) {
        self.isOfTheMachine = isOfTheMachine
        // Names come from the archive; none of them is to speak to the terminal.
        self.reason = String(
            String.UnicodeScalarView(reason.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : $0 })
        )
    }

    init(_ operation: String, _ path: FilePath, _ errno: Errno) {
        let machines: [Errno] = [.noSpace, .diskQuotaExceeded, .ioError, .readOnlyFileSystem, .noMemory]
        self.init("can't \(operation) \(path): \(errno)", isOfTheMachine: machines.contains(errno))
    }
}

extension LayerFailure: CustomStringConvertible {
    var description: String { reason }
}

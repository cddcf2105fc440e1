import SystemPackage

/// What the command line says of a container that can't be.
enum ContainerOptionError: Error, Equatable {
    case removedAndRestarted
    case attachedAndDetached
    case unknownSignal(String)
    case unknownLogDriver(String)
    case invalidLogOption(String)
    case cannotRead(file: String, reason: String)
    case invalidLine(String, file: String)
    case identifierFileExists(String)
    case cannotWrite(file: String, reason: String)
    case imageNotHere(String)
    case tooLittleMemory
    case invalidLimit(String, String)
    case invalidDuration(option: String, value: String)
    case invalidNumberSet(option: String, value: String)
    /// Processors or memory nodes; `available` are all that there are.
    case notAvailable(option: String, value: String, available: String)
    /// It has no name.
    case invalidVariable(String)
    case unknownSecurityOption(String)
    case outOfRange(option: String, value: String, range: String)
    case noMountSource(String)
    case unmadeMountSource(String, Errno)
    case portNotPublished(String, String)
    case hostNamespaceOfUser(String)
    case conflicting(String, String)
}

extension ContainerOptionError {
    /// The value of an option, which must be in `range`.
    ///
    /// - Throws: ``outOfRange(option:value:range:)``.
    static func checked<Number: BinaryInteger>(
        _ value: Number,
        _ option: String,
        in range: ClosedRange<Number>
    ) throws(ContainerOptionError) -> Number {
        guard range.contains(value) else {
            throw .outOfRange(option: option, value: "\(value)", range: "\(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}

extension ContainerOptionError: CustomStringConvertible {
    var description: String {
        switch self {
        case .removedAndRestarted: "--rm and --restart exclude each other: a container can't be both"
        case .attachedAndDetached: "conflicting options: cannot specify both --attach and --detach"
        case .unknownSignal(let text): "'\(text)' is not a signal: give a name such as TERM, or a number"
        case .unknownLogDriver(let driver): "there is no log driver '\(driver)': it should be local or none"
        case .invalidLogOption(let option):
            "'\(option)' is not a log option: it should be max-size=BYTES[k|m|g] or max-file=NUMBER"
        case .cannotRead(let file, let reason): "cannot read \(file): \(reason)"
        case .invalidLine(let line, let file): "'\(line)' in \(file) is not a variable: it should be NAME=VALUE"
        case .identifierFileExists(let file): "\(file) is there already: remove it, or name another file"
        case .cannotWrite(let file, let reason): "cannot write \(file): \(reason)"
        case .unknownSecurityOption(let option):
            "'\(option)' is not a security option: it should be no-new-privileges[=false], or seccomp=unconfined or "
                + "=FILE"
        case .outOfRange(let option, let value, let range): "\(option) can't be '\(value)': it should be \(range)"
        case .noMountSource(let path):
            "there is no \(path) on the host to mount: make it, or use -v, which makes a folder"
        case .unmadeMountSource(let path, let error): "cannot make the folder \(path), to mount it: \(error)"
        case .tooLittleMemory: "--memory is too little: a container needs 6m at least"
        case .invalidVariable(let text): "'\(text)' is not a variable: it should be NAME=VALUE, or NAME"
        case .invalidLimit(let option, let text): "'\(text)' can't be \(option): see 'berth run --help'"
        case .invalidDuration(let option, let value):
            "\(option) can't be '\(value)': it should be a duration such as 30s, 1m30s or 500ms, of 1ms at least, or 0 for what "
                + "is usual"
        case .invalidNumberSet(let option, let value): "\(option) can't be '\(value)': it should be like 0-2,4"
        case .notAvailable(let option, let value, let available):
            "\(option) can't be '\(value)': this machine has \(available)"
        case .imageNotHere(let name): "no such image: \(name); leave out --pull never to pull it"
        case .hostNamespaceOfUser(let option): "\(option) is for root's containers only"
        case .conflicting(let first, let second): "conflicting options: \(first) and \(second) exclude each other"
        case .portNotPublished(let port, let container): "no public port '\(port)' published for \(container)"
        }
    }
}

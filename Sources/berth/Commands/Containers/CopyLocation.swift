/// Where `berth cp` copies from or to.
enum CopyLocation: Equatable {
    case host(String)
    case container(String, path: String)

    /// Reads `CONTAINER:PATH`; anything that begins with `/`, `.` or `-`, or has no colon, is of this host.
    init(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let first = text.first, first != "/", first != "." else {
            self = .host(text)
            return
        }
        self = .container(String(parts[0]), path: String(parts[1]))
    }
}

/// Why `berth cp` can't know what to copy.
enum CopyLocationError: Error, Equatable {
    case betweenContainers
    case noContainer
}

extension CopyLocationError: CustomStringConvertible {
    var description: String {
        switch self {
        case .betweenContainers:
            "copying between containers is not supported: copy to this host first, or pipe 'cp … -' into 'cp - …'"
        case .noContainer:
            "must specify at least one container source: CONTAINER:PATH"
        }
    }
}

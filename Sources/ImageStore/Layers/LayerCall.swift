import Glibc
import SystemPackage

/// Calls `body` with the path's bytes until it isn't interrupted by a signal.
///
/// - Throws: ``LayerFailure``, made of `operation` and `path`, when it gives -1 for a reason not in `accepted`.
@discardableResult
func call<Number: SignedInteger>(
    _ operation: String,
    _ path: LayerPath,
    unless accepted: [Errno] = [],
    _ body: (UnsafePointer<CChar>) -> Number
) throws(LayerFailure) -> Number {
    try call(operation, named: path.bytes, unless: accepted, body)
}

@discardableResult
func call<Number: SignedInteger>(
    _ operation: String,
    _ path: FilePath,
    unless accepted: [Errno] = [],
    _ body: (UnsafePointer<CChar>) -> Number
) throws(LayerFailure) -> Number {
    let bytes = path.withPlatformString { Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1)) }
    return try call(operation, named: bytes, unless: accepted, body)
}

private func call<Number: SignedInteger>(
    _ operation: String,
    named path: [CChar],
    unless accepted: [Errno],
    _ body: (UnsafePointer<CChar>) -> Number
) throws(LayerFailure) -> Number {
    while true {
        let result = body(path)
        guard result == -1 else { return result }
        let code = Errno(rawValue: errno)
        if code == .interrupted { continue }
        guard accepted.contains(code) else { throw LayerFailure(operation, FilePath(platformString: path), code) }
        return result
    }
}

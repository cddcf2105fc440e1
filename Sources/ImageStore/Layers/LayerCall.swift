import Glibc
import SystemPackage

/// Calls `body` with the path's bytes until it isn't interrupted by a signal.
///
/// - Throws: ``LayerFailure``, made of `operation` and `path`, when it gives -1 for a reason not in `accepted`.
@discardableResult
func call<Number: SignedInteger>(
    _ operation: String,
    _ path: FilePath,
    unless accepted: [Errno] = [],
    _ body: (UnsafePointer<CChar>) -> Number
) throws(LayerFailure) -> Number {
    while true {
        // `errno` is read at once: what follows may change it.
        let (result, code) = path.withPlatformString { name in (body(name), Errno(rawValue: errno)) }
        guard result == -1 else { return result }
        if code == .interrupted { continue }
        guard accepted.contains(code) else { throw LayerFailure(operation, path, code) }
        return result
    }
}

@discardableResult
func call<Number: SignedInteger>(
    _ operation: String,
    _ path: LayerPath,
    unless accepted: [Errno] = [],
    _ body: (UnsafePointer<CChar>) -> Number
) throws(LayerFailure) -> Number {
    try call(operation, path.path, unless: accepted, body)
}

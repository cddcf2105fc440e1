import SystemPackage

/// Fills `buffer` from the kernel's generator.
func fillWithRandomBytes(_ buffer: UnsafeMutableRawBufferPointer) throws {
    let source = try FileDescriptor.open("/dev/urandom", .readOnly)
    defer { try? source.close() }
    var filled = 0
    while filled < buffer.count {
        filled += try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
    }
}

/// `count` bytes that nobody has seen.
func randomBytes(count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBytes { try fillWithRandomBytes($0) }
    return bytes
}

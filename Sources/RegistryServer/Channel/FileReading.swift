import CCachedRead
import Storage

/// Reads stored bytes into memory, at a place of the file.
enum FileReading {
    /// A file ended before the bytes that it should have.
    struct Truncated: Error {}

    /// Reads what the kernel has in memory, without waiting for the disk.
    ///
    /// - Returns: how many bytes were read; nil when it would have to wait, or can't promise not to.
    static func now(_ blob: OpenBlob, at offset: Int64, into memory: UnsafeMutableRawBufferPointer) -> Int? {
        let count = cached_read(blob.descriptor.rawValue, memory.baseAddress, memory.count, offset)
        return count > 0 ? count : nil
    }

    /// Reads all of `memory`; may wait for the disk.
    static func waiting(_ blob: OpenBlob, at offset: Int64, into memory: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < memory.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: memory[done...])
            let count = try blob.descriptor.read(fromAbsoluteOffset: offset + Int64(done), into: rest)
            guard count > 0 else { throw Truncated() }
            done += count
        }
    }
}

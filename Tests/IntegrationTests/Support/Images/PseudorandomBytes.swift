/// Bytes that don't compress and are the same for the same seed.
func pseudorandomBytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    // Eight at a time, and in place: tests make hundreds of megabytes of them.
    return Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        var offset = 0
        while offset < count {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            withUnsafeBytes(of: state) { word in
                UnsafeMutableRawBufferPointer(rebasing: bytes[offset...]).copyBytes(from: word.prefix(count - offset))
            }
            offset += 8
        }
        initializedCount = count
    }
}

import CConfinement

/// Writing to the disk in the background, so that little is left to wait for when all is to be durable.
enum WriteBack {
    /// In bytes: so much at once is written well on any disk.
    private static let step: Int64 = 8 << 20

    /// Has what was written to a file so far go to the disk, whenever another step of it is complete.
    ///
    /// - Parameters:
    ///   - position: where in the file the last bytes were written.
    ///   - count: how many they were.
    static func begin(of file: Int32, behind position: Int64, _ count: Int) {
        let start = position / step * step
        let end = (position + Int64(count)) / step * step
        if end > start { berth_begin_write_back(file, start, end - start) }
    }

    /// Has all of a file go to the disk, unless it is so small that it is better written together with others.
    static func begin(of file: Int32, size: Int64) {
        if size >= 128 << 10 { berth_begin_write_back(file, size / step * step, 0) }
    }
}

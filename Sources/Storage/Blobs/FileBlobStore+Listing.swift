import Glibc
import ImageSpec
import SystemPackage

extension FileBlobStore {
    package func size(of location: BlobLocation) async throws -> Int64? {
        let path = root.appending(location.rawValue)
        return try await onLookupThread { try Self.fileSize(at: path) }
    }

    package func size(ofUpload id: UploadID) async throws -> Int64? {
        let path = uploadPath(id)
        return try await onLookupThread { try Self.fileSize(at: path) }
    }

    package func storedBytes(after last: BlobLocation?, limit: Int) async throws -> [StoredBytes] {
        try await onThread {
            var page: [StoredBytes] = []
            try collect("blobs", depth: 2, after: last?.rawValue ?? "", limit: limit, into: &page)
            return page
        }
    }

    package func uploadBytes(after last: UploadID?, limit: Int) async throws -> [UploadBytes] {
        let folder = root.appending("uploads")
        return try await onThread {
            var page: [UploadBytes] = []
            for name in try Self.names(in: folder) where name > last?.rawValue ?? "" {
                guard page.count < limit else { break }
                guard let id = UploadID(name), id.rawValue == name else { continue }
                // One that is gone meanwhile has become a blob, or was given up.
                guard let size = try Self.fileSize(at: folder.appending(name)) else { continue }
                page.append(UploadBytes(id: id, size: size))
            }
            return page
        }
    }

    package func space() async throws -> StorageSpace? {
        try await onLookupThread {
            var status = statvfs()
            guard statvfs(root.string, &status) == 0 else {
                throw StorageError(Errno(rawValue: errno), during: "ask for the space of", of: root)
            }
            let block = UInt64(status.f_frsize)
            return StorageSpace(
                free: Int64(clamping: block * UInt64(status.f_bavail)),
                total: Int64(clamping: block * UInt64(status.f_blocks))
            )
        }
    }

    /// Adds the files below the folder `key` to `page`: those in folders of `depth` levels below it, in order.
    ///
    /// A whole folder is sorted at once; there are 256 for each algorithm, so none is large.
    private func collect(
        _ key: String,
        depth: Int,
        after last: String,
        limit: Int,
        into page: inout [StoredBytes]
    ) throws {
        for name in try Self.names(in: root.appending(key)) {
            guard page.count < limit else { return }
            let child = "\(key)/\(name)"
            guard depth == 0 else {
                // What lies in a folder is behind `last` only if the folder is, or leads to it.
                if child > last || last.hasPrefix(child + "/") {
                    try collect(child, depth: depth - 1, after: last, limit: limit, into: &page)
                }
                continue
            }
            guard child > last, let size = try Self.fileSize(at: root.appending(child)) else { continue }
            let location = BlobLocation(rawValue: child)
            let parts = location.parts
            page.append(
                StoredBytes(
                    location: location,
                    size: size,
                    digest: parts?.digest,
                    isSettled: parts.map { !generations.includes($0.generation) } ?? false
                )
            )
        }
    }

    /// The size of the regular file at `path`; nil when there is none.
    private static func fileSize(at path: FilePath) throws -> Int64? {
        var status = stat()
        guard lstat(path.string, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw StorageError(Errno(rawValue: errno), during: "look at", of: path)
        }
        return status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : nil
    }

    /// The names in a folder in the order of their bytes; none when it isn't there or isn't a folder.
    static func names(in folder: FilePath) throws -> [String] {
        guard let stream = opendir(folder.string) else {
            if errno == ENOENT || errno == ENOTDIR { return [] }
            throw StorageError(Errno(rawValue: errno), during: "list", of: folder)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw StorageError(Errno(rawValue: errno), during: "list", of: folder) }
        return names.sorted()
    }
}

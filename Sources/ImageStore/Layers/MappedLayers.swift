import ImageSpec
import SystemPackage
import UserNamespaces

/// The folders of a store that layers are kept in: one for each way in which users were ever mapped.
struct MappedLayers {
    private static let mapFile = "map"
    /// Of a map's text, in bytes.
    private static let maximumMap = 64 << 10

    private let plain: FilePath
    private let mapped: FilePath
    private let temporaryFolder: FilePath

    init(root: FilePath) {
        plain = root.appending("layers")
        mapped = plain.appending("mapped")
        temporaryFolder = root.appending("tmp")
    }

    /// The folder for a map, made where it is missing; nil for root's layers, and an ordinary caller's alone.
    func folder(of map: UserMap?) throws -> FilePath {
        guard let map else { return plain }
        let text = Array("\(map)\n".utf8)
        let folder = mapped.appending(Digest.of(text).hex)
        let file = folder.appending(Self.mapFile)
        guard !DurableFile.exists(file) else { return folder }
        for needed in [folder, temporaryFolder] { try DurableFile.createFolder(needed) }
        try DurableFile.write(text, to: file, by: temporaryFolder)
        return folder
    }

    /// The maps that layers were ever unpacked by, with nil for those that belong to one user only.
    func maps() -> [UserMap?] {
        [nil]
            + DurableFile.names(in: mapped).compactMap { name in
                let file = mapped.appending(name).appending(Self.mapFile)
                let text = try? DurableFile.read(file, limit: Self.maximumMap)
                return text.flatMap { UserMap(String(decoding: $0.dropLast(), as: UTF8.self)) }
            }
    }
}

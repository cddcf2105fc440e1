import CConfinement
import Glibc
import ImageSpec
import SystemPackage
import UserNamespaces

/// The confined process that applies one layer to one folder.
///
/// Before it reads a byte of the layer, that folder is its whole file system; it keeps the few capabilities that
/// restoring files takes and can start or load no other code. So no path from an archive is ever resolved by a process
/// that can see the host. The blob is its standard input, and its report goes to its standard output.
package enum LayerApplier {
    private static let marker = "berth-layer-applier"
    private static let noMap = "-"

    /// Turns this process into the applier when its arguments say so, and then ends it; else returns at once.
    ///
    /// Must be the first statement of `main`: the process may have only one thread.
    package static func runIfRequested() {
        let arguments = CommandLine.arguments
        guard arguments.count == 11, arguments[1] == marker else { return }
        let report = run(Array(arguments[2...]))
        let line = Array(report.line.utf8)
        _ = try? FileDescriptor.standardOutput.writeAll(line)
        // No atexit handler of the program's has anything to do here.
        if case .applied = report { _exit(0) }
        _exit(1)
    }

    /// - Parameters:
    ///   - map: whose the files are; nil for root's, or an ordinary caller's alone.
    ///   - blobSize: in bytes.
    static func arguments(
        algorithm: DigestAlgorithm,
        folder: FilePath,
        map: UserMap?,
        blobSize: Int64,
        limits: LayerLimits
    ) -> [String] {
        [marker, algorithm.rawValue, folder.string, map.map { "\($0)" } ?? noMap, String(blobSize)] + limits.arguments
    }

    private static func run(_ arguments: [String]) -> ApplierReport {
        guard let algorithm = DigestAlgorithm(rawValue: arguments[0]),
            case let map = UserMap(arguments[2]), map != nil || arguments[2] == noMap,
            let blobSize = Int64(arguments[3]),
            let limits = LayerLimits(arguments: Array(arguments[4...]))
        else { return .failed(reason: "its arguments are not understood") }
        let isPrivileged = geteuid() == 0
        // libarchive asks for nothing from outside with this character set; it must be loaded while there is a host.
        setlocale(LC_CTYPE, "C.UTF-8")
        if let failure = confine(to: arguments[1], map, isPrivileged: isPrivileged, limits: limits) {
            return .failed(reason: failure)
        }
        do {
            let pipeline = try LayerPipeline(.standardInput, algorithm: algorithm)
            let archive = try LayerArchive(pipeline.reader(), blobSize: blobSize, limits: limits)
            var writer = LayerWriter(isPrivileged: isPrivileged)
            while let entry = try archive.nextEntry() { try writer.write(entry, content: archive) }
            try writer.finish()
            try archive.finish()
            return .applied(
                diffID: pipeline.finish(),
                entries: archive.entryCount,
                bytes: archive.byteCount,
                contentBytes: archive.contentBytes
            )
        } catch {
            return error.isOfTheMachine ? .failed(reason: error.reason) : .refused(reason: error.reason)
        }
    }

    private static func confine(
        to folder: String,
        _ map: UserMap?,
        isPrivileged: Bool,
        limits: LayerLimits
    ) -> String? {
        let commands = map.map { MapCommands($0) }
        defer { withExtendedLifetime(commands) {} }
        return folder.withCString { folder -> String? in
            var confinement = berth_confinement()
            confinement.root = folder
            confinement.privileged = isPrivileged
            confinement.map = commands.map { UnsafePointer($0.map) }
            confinement.file_size = UInt64(clamping: limits.bytes)
            confinement.address_space = UInt64(clamping: limits.addressSpace)
            guard let step = berth_confine(&confinement) else { return nil }
            let reason = Errno(rawValue: errno)
            return "its process can't \(String(cString: step)): \(reason)"
        }
    }
}

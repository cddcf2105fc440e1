import ConfigurationText
import ImageSpec
import ImageStore
import RegistryClient
import SystemPackage

/// What the client can be told by files: the system's, then the user's, whose keys win.
///
/// `config/berth.yaml` explains every key.
struct ClientConfiguration: Sendable, Equatable {
    var defaultRegistry = RegistryHost.dockerHub
    /// How many layers come or go at once.
    var jobs = ImageStore.usualJobs
    var mirrors: [RegistryHost: [RegistryAddress]] = [:]
    var insecureRegistries: Set<RegistryHost> = []
    var plainHTTPRegistries: Set<RegistryHost> = []
    /// Get foreign layers too, as docker's `allow-nondistributable-artifacts` has it.
    var foreignLayerRegistries: Set<RegistryHost> = []
    var hostsFolders: [FilePath]
    /// What makes and starts containers; nil for berth's own sandbox.
    var runtime: String?

    /// Reads the files that are there.
    ///
    /// - Parameter environment: `XDG_CONFIG_HOME` or `HOME` say where the user's are.
    /// - Throws: ``ConfigurationErrors`` with everything that is wrong.
    init(environment: [String: String], systemFile: FilePath = "/etc/berth/berth.yaml") throws {
        let home = FilePath(environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "/")
        // A relative one is to be ignored, says the XDG Base Directory Specification.
        let folder = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? FilePath($0) : nil }
        let userFolder = folder ?? home.appending(".config")
        hostsFolders = [
            userFolder.appending("containerd/certs.d"), userFolder.appending("docker/certs.d"),
            "/etc/containerd/certs.d", "/etc/docker/certs.d",
        ]
        for file in [systemFile, userFolder.appending("berth/berth.yaml")] {
            guard let settings = try ClientSettings(file) else { continue }
            try settings.apply(to: &self)
        }
    }
}

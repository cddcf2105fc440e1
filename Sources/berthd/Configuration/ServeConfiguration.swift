import Foundation
import Logging
import Registry
import RegistryServer
import SystemPackage
import Tokens

/// What `berthd serve` can be told.
///
/// The defaults stand here and in the rooms' own structs; ``keys`` says by which name each is set, and
/// `config/berthd.yaml` explains them to operators.
struct ServeConfiguration: Sendable {
    var listen = ListenAddress(host: "127.0.0.1", port: 5000)
    var tls = CertificateSource.files
    var tlsCertificate: String?
    var tlsKey: String?
    var tlsClientAuthorities: String?
    var tlsClientCertificates = CertificateFiles.ClientCertificates.optional
    var listeners: [ListenerSettings] = []
    var origins = OriginConfiguration()
    var metricsListen: ListenAddress?
    /// Whether whoever reaches that address may read the metrics, wherever it is.
    var metricsOpen = false
    var data = FilePath(defaultData)
    var logLevel = Logger.Level.info
    var logFormat = LogFormat.text
    var accessLog = true
    var limits = ServerLimits()
    var registry = RegistryConfiguration()
    var tokens = TokenConfiguration()
    var externalTokens: [ExternalTokenService.Configuration] = []
    var identityProviders: [IdentityProvider.Configuration] = []
    var access = AccessConfiguration()
    /// How clients are asked who their user is.
    var challenge = Authentication.ChallengeScheme.token
    /// Whether whoever reaches it may do everything while there are no accounts, wherever it listens.
    var isOpen = false
    var upstreams: [UpstreamConfiguration] = []
    var mirrors: [ScheduledMirror] = []
    /// The name of one of ``upstreams``.
    var defaultUpstream: String?

    private static var defaultData: String {
        geteuid() == 0 ? "/var/lib/berthd" : NSHomeDirectory() + "/.local/share/berthd"
    }
}

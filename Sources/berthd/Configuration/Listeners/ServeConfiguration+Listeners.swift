import RegistryServer

extension ServeConfiguration {
    /// Every listener of the registry, the one of `listen` first.
    var allListeners: [ListenerSettings] {
        var first = ListenerSettings(address: listen, source: tls)
        if let certificate = tlsCertificate, let key = tlsKey {
            first.files = CertificateFiles(certificate: certificate, key: key)
        }
        first.clientAuthorities = tlsClientAuthorities
        first.clientCertificates = tlsClientCertificates
        return [first] + listeners
    }

    /// What of the keys for TLS doesn't fit together.
    var listenerMistakes: [String] {
        var mistakes: [String] = []
        if (tlsCertificate == nil) != (tlsKey == nil) {
            mistakes.append("'tls_certificate' and 'tls_key' should both be set, or neither")
        }
        if tls == .selfSigned, tlsCertificate != nil || tlsKey != nil {
            mistakes.append("'tls' should be files where 'tls_certificate' is set")
        }
        if tls == .files, tlsCertificate == nil, tlsClientAuthorities != nil {
            mistakes.append("'tls_client_authorities' needs a 'tls_certificate', or 'tls: self-signed'")
        }
        return mistakes
    }

    /// Reads all certificates as the server would.
    ///
    /// - Returns: what is wrong with them.
    func certificateMistakes() -> [String] {
        allListeners.compactMap { listener in
            do {
                try listener.configuration(selfSigned: nil).certificates?.check()
                return nil
            } catch {
                return "the listener at \(listener.address): \(error)"
            }
        }
    }
}

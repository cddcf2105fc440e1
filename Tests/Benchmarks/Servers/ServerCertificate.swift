import SystemPackage

/// A certificate for 127.0.0.1 that vouches for itself, and its key.
struct ServerCertificate {
    let certificate: String
    let key: String

    init(in folder: FilePath) throws {
        certificate = folder.appending("server.crt").string
        key = folder.appending("server.key").string
        try Program.run(
            "openssl",
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
                + ["-subj", "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1"]
                + ["-keyout", key, "-out", certificate]
        )
    }
}

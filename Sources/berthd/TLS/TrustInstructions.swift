/// What each client needs to trust berthd's own authority: one line each, to be run on the client's machine once the
/// authority's file was copied there.
struct TrustInstructions {
    /// The authority's file here.
    let authority: String
    /// How clients name this registry, with the port.
    let host: String

    var lines: [String] {
        [
            "clients need this registry's authority: copy \(authority) to each as ca.crt, then",
            "docker, berth: install -D -m 644 ca.crt /etc/docker/certs.d/\(host)/ca.crt",
            "podman, skopeo, buildah: install -D -m 644 ca.crt /etc/containers/certs.d/\(host)/ca.crt",
            "containerd: install -D -m 644 ca.crt /etc/containerd/certs.d/\(host)/ca.crt && "
                // containerd 1.6 takes no file without such a table.
                + "printf '[host.\"https://\(host)\"]\\n  ca = \"/etc/containerd/certs.d/\(host)/ca.crt\"\\n' "
                + "> /etc/containerd/certs.d/\(host)/hosts.toml",
            "curl: curl --cacert ca.crt https://\(host)/v2/",
        ]
    }
}

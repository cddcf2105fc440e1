import SystemPackage

extension Mount {
    /// Parses `--mount`'s `type=…,source=…,target=…,…`; fields are divided as in CSV, so that a value in quotes may have
    /// a comma.
    ///
    /// - Throws: ``SandboxError/invalidMount(_:reason:)``.
    package init(fields text: String) throws {
        func invalid(_ reason: String) -> SandboxError { .invalidMount(text, reason: reason) }
        var fields = MountFields()
        for field in try MountFields.split(text) {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard try fields.set(parts[0].lowercased(), to: parts.count == 2 ? parts[1] : nil) else {
                throw invalid("'\(field)' is unknown")
            }
        }
        guard let target = fields.target else { throw invalid("it has no target") }
        switch fields.kind {
        case "bind":
            guard let source = fields.source, source.hasPrefix("/") else {
                throw invalid("its source should be a path")
            }
            try self.init(.bind(path: source), at: target, of: text)
        case "volume":
            if let name = fields.source {
                guard !name.hasPrefix("/"), !name.hasPrefix(".") else {
                    throw invalid("its source should be a volume's name; for a path, type=bind is meant")
                }
                try self.init(volume: "\(name):\(target)")
            } else {
                try self.init(Self.anonymousVolume(), at: target, of: text)
            }
        case "tmpfs":
            guard fields.source == nil else { throw invalid("a tmpfs has no source") }
            try self.init(.memory(fields.memory), at: target, of: text)
        default:
            throw invalid("its type should be bind, volume or tmpfs")
        }
        isReadOnly = fields.isReadOnly
        if fields.isNotCopied { takesImageContent = false }
        if fields.isNotRecursive { isRecursive = false }
        if let propagation = fields.propagation {
            guard setPropagation(propagation[...]) else { throw invalid("'\(propagation)' is not for this") }
        }
    }

    /// Parses `--tmpfs`'s `target[:options]`.
    ///
    /// - Throws: ``SandboxError/invalidMount(_:reason:)``.
    package init(memory text: String) throws(SandboxError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var options = MemoryOptions()
        for option in parts.count == 2 ? parts[1].split(separator: ",") : [] {
            guard options.set(option) else { throw .invalidMount(text, reason: "'\(option)' is unknown") }
        }
        try self.init(.memory(options), at: parts[0], of: text)
        isReadOnly = options.isReadOnly
    }
}

import Foundation
import SystemPackage

/// An OCI bundle of the tiny image's files, for runc and crun by themselves.
struct Bundle {
    private let folder: FilePath
    private let runtime: [String]

    /// - Parameters:
    ///   - root: the container's files.
    ///   - runtime: the words before every command's name.
    init(of root: FilePath, running program: [String], by runtime: [String], in folder: FilePath) throws {
        self.folder = folder
        self.runtime = runtime
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        try Program.run("runc", "spec", "--bundle", folder.string)
        let file = URL(fileURLWithPath: folder.appending("config.json").string)
        guard var config = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any],
            var process = config["process"] as? [String: Any], var linux = config["linux"] as? [String: Any]
        else { throw BenchmarkError("runc spec wrote no config.json") }
        process["terminal"] = false
        process["args"] = program
        // crun would need a capability for it that this machine may lack.
        linux["resources"] = nil
        config["process"] = process
        config["linux"] = linux
        config["root"] = ["path": root.string, "readonly": true]
        try JSONSerialization.data(withJSONObject: config).write(to: file)
    }

    /// From the bundle to the program's exit.
    func run(_ name: String) -> [String] { command("run", "--bundle", folder.string, name) }
    func start(_ name: String) -> [String] { command("run", "--detach", "--bundle", folder.string, name) }
    func exec(_ name: String, _ program: String) -> [String] { command("exec", name, program) }
    func delete(_ name: String) -> [String] { command("delete", "--force", name) }

    private func command(_ arguments: String...) -> [String] {
        runtime + ["--root", folder.appending("state").string] + arguments
    }
}

import ArgumentParser
import ImageStore
import SystemPackage

extension CompletionKind {
    /// The names of the images of this host.
    static var images: CompletionKind { .custom { words, _, _ in imageNames(for: words) } }

    /// - Parameter words: the command line's so far.
    private static func imageNames(for words: [String]) -> [String] {
        let root = words.firstIndex(of: "--root").flatMap { words.dropFirst($0 + 1).first } ?? BerthCommand.defaultRoot
        guard var store = try? ImageStore(root: FilePath(root)), let summaries = try? store.summaries() else {
            return []
        }
        let configuration = try? ClientConfiguration(environment: Environment.variables)
        if let configuration { store.defaultRegistry = configuration.defaultRegistry }
        let names = summaries.compactMap(\.reference).map(store.shownName)
        // Behind a colon zsh expects the description of a word.
        return CompletionShell.requesting == .zsh ? names.map { $0.replacing(":", with: "\\:") } : names
    }
}

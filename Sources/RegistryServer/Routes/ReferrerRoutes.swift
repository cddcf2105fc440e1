import HTTPTypes
import Hummingbird
import ImageSpec
import NIOCore
import Registry

/// The manifests that have another one for their subject (end-12a, end-12b).
struct ReferrerRoutes: Sendable {
    let registry: Registry

    func list(
        _ subject: Digest,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let query = request.uri.queryParameters
        let filter = query["artifactType"].flatMap { $0.isEmpty ? nil : $0 }
        let artifactType = try filter.map { try MediaType($0) }
        let page = try await registry.referrers(
            to: subject,
            in: repository,
            artifactType: artifactType,
            after: try query["last"].map { try Digest($0) },
            as: context.caller
        )
        var headers: HTTPFields = [.contentType: MediaType.ociIndex.rawValue]
        if artifactType != nil { headers[.ociFiltersApplied] = "artifactType" }
        if page.hasMore, let last = page.index.manifests.last {
            let filter = filter.map { "&artifactType=\(Self.encoded($0))" } ?? ""
            headers[.link] = "</v2/\(repository)/referrers/\(subject)?last=\(last.digest)\(filter)>; rel=\"next\""
        }
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try canonicalJSON(page.index)))
        )
    }

    /// A media type may hold `+`, `&` and `#`, which mean something else in a query.
    private static func encoded(_ text: Substring) -> String {
        String(text).replacing("%", with: "%25").replacing("+", with: "%2B").replacing("&", with: "%26")
            .replacing("#", with: "%23")
    }
}

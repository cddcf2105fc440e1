import Foundation
import HTTPTypes
import Hummingbird
import ImageSpec
import NIOCore
import Registry

/// The registry's repositories, as docker's registry lists them; the OCI's specification has no such list.
struct CatalogRoutes: Sendable {
    let registry: Registry

    func list(_ request: Request, _ context: RegistryRequestContext) async throws -> Response {
        let query = try PageQuery(request)
        let page = try await registry.repositories(
            after: try query.last.map { try RepositoryName($0) },
            count: query.count,
            as: context.caller
        )
        let body = try JSONEncoder.wire.encode(Catalog(repositories: page.names.map(\.rawValue)))
        var headers: HTTPFields = [.contentType: "application/json"]
        if page.hasMore, let last = page.names.last {
            headers[.link] = "</v2/_catalog?n=\(page.names.count)&last=\(last)>; rel=\"next\""
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    private struct Catalog: Encodable {
        let repositories: [String]
    }
}

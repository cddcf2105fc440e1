/// Who is answered what: a line for each route and kind of repository, a column for each kind of caller.
///
/// 401 asks for a login; a caller who is known and may not read gets the 404 of what isn't there.
enum AccessMatrix {
    struct Row: Sendable, CustomStringConvertible {
        /// A method and a path, as ``RegistryServer/routes(of:)`` writes them, and what is special about the request.
        let route: String
        let variant: String
        let repository: String
        /// By the caller's name.
        let statuses: [(caller: String, status: Int)]

        var description: String { "\(route) \(variant) \(repository)" }
    }

    static let callers = header.split(separator: " ").dropFirst(2).map(String.init)

    static let rows: [Row] = table.split(separator: "\n").map { line in
        let columns = line.split(separator: " ").map(String.init)
        let names = columns[1].split(separator: "+", maxSplits: 1).map(String.init)
        return Row(
            route: "\(columns[0]) \(names[0])",
            variant: names.count > 1 ? names[1] : "",
            repository: columns[2],
            statuses: Array(zip(callers, columns.dropFirst(3).map { Int($0) ?? 0 }))
        )
    }

    /// Routes that are the same for everybody, and those whose own tests have such a table.
    static let elsewhere: Set<String> = [
        "GET /livez", "HEAD /livez", "GET /readyz", "HEAD /readyz", "GET /setup", "POST /auth/setup", "GET /auth/token",
        "POST /auth/token", "HEAD /auth/token", "PUT /auth/token", "PATCH /auth/token", "DELETE /auth/token",
        "OPTIONS /auth/token", "GET /auth/keys", "HEAD /auth/keys", "POST /auth/keys", "PUT /auth/keys",
        "PATCH /auth/keys", "DELETE /auth/keys", "OPTIONS /auth/keys",
    ]

    private static let header =
        "route repository nobody wrong stranger guest reader token writer robot remover owner root"

    private static let table = """
        GET     /v2/                                    -        401 401 200 200 200 200 200 200 200 200 200
        HEAD    /v2/                                    -        401 401 200 200 200 200 200 200 200 200 200
        GET     /v2/_catalog                            -        200 200 200 200 200 200 200 200 200 200 200
        HEAD    /v2/_catalog                            -        200 200 200 200 200 200 200 200 200 200 200
        GET     /api/v1/audit                           -        401 401 403 403 403 403 403 403 403 403 200
        HEAD    /api/v1/audit                           -        401 401 403 403 403 403 403 403 403 403 200
        GET     /v2/<name>/tags/list                    public   200 200 200 200 200 200 200 200 200 200 200
        GET     /v2/<name>/tags/list                    internal 401 401 200 200 200 200 200 200 200 200 200
        GET     /v2/<name>/tags/list                    private  401 401 404 404 200 200 200 200 200 200 200
        GET     /v2/<name>/tags/list                    missing  401 401 404 404 404 404 404 404 404 404 404
        GET     /v2/<name>/tags/list                    cached   401 401 404 404 200 200 200 200 200 200 200
        HEAD    /v2/<name>/tags/list                    public   200 200 200 200 200 200 200 200 200 200 200
        HEAD    /v2/<name>/tags/list                    internal 401 401 200 200 200 200 200 200 200 200 200
        HEAD    /v2/<name>/tags/list                    private  401 401 404 404 200 200 200 200 200 200 200
        HEAD    /v2/<name>/tags/list                    missing  401 401 404 404 404 404 404 404 404 404 404
        HEAD    /v2/<name>/tags/list                    cached   401 401 404 404 200 200 200 200 200 200 200
        GET     /v2/<name>/referrers/<digest>           public   200 200 200 200 200 200 200 200 200 200 200
        GET     /v2/<name>/referrers/<digest>           internal 401 401 200 200 200 200 200 200 200 200 200
        GET     /v2/<name>/referrers/<digest>           private  401 401 200 200 200 200 200 200 200 200 200
        GET     /v2/<name>/referrers/<digest>           missing  401 401 200 200 200 200 200 200 200 200 200
        GET     /v2/<name>/referrers/<digest>           cached   401 401 200 200 200 200 200 200 200 200 200
        HEAD    /v2/<name>/referrers/<digest>           public   200 200 200 200 200 200 200 200 200 200 200
        HEAD    /v2/<name>/referrers/<digest>           internal 401 401 200 200 200 200 200 200 200 200 200
        HEAD    /v2/<name>/referrers/<digest>           private  401 401 200 200 200 200 200 200 200 200 200
        HEAD    /v2/<name>/referrers/<digest>           missing  401 401 200 200 200 200 200 200 200 200 200
        HEAD    /v2/<name>/referrers/<digest>           cached   401 401 200 200 200 200 200 200 200 200 200
        GET     /v2/<name>/manifests/<reference>        public   200 200 200 200 200 200 200 200 200 200 200
        GET     /v2/<name>/manifests/<reference>        internal 401 401 200 200 200 200 200 200 200 200 200
        GET     /v2/<name>/manifests/<reference>        private  401 401 404 404 200 200 200 200 200 200 200
        GET     /v2/<name>/manifests/<reference>        missing  401 401 404 404 404 404 404 404 404 404 404
        GET     /v2/<name>/manifests/<reference>        cached   401 401 404 404 200 200 200 200 200 200 200
        HEAD    /v2/<name>/manifests/<reference>        public   200 200 200 200 200 200 200 200 200 200 200
        HEAD    /v2/<name>/manifests/<reference>        internal 401 401 200 200 200 200 200 200 200 200 200
        HEAD    /v2/<name>/manifests/<reference>        private  401 401 404 404 200 200 200 200 200 200 200
        HEAD    /v2/<name>/manifests/<reference>        missing  401 401 404 404 404 404 404 404 404 404 404
        HEAD    /v2/<name>/manifests/<reference>        cached   401 401 404 404 200 200 200 200 200 200 200
        PUT     /v2/<name>/manifests/<reference>        public   401 401 403 201 403 403 201 201 201 201 201
        PUT     /v2/<name>/manifests/<reference>        internal 401 401 403 403 403 403 201 201 201 201 201
        PUT     /v2/<name>/manifests/<reference>        private  401 401 403 403 403 403 201 201 201 201 201
        PUT     /v2/<name>/manifests/<reference>        missing  401 401 403 403 403 403 400 400 400 400 400
        PUT     /v2/<name>/manifests/<reference>        cached   401 401 403 403 403 403 405 405 405 405 405
        DELETE  /v2/<name>/manifests/<reference>        public   401 401 403 403 403 403 403 403 202 202 202
        DELETE  /v2/<name>/manifests/<reference>        internal 401 401 403 403 403 403 403 403 202 202 202
        DELETE  /v2/<name>/manifests/<reference>        private  401 401 403 403 403 403 403 403 202 202 202
        DELETE  /v2/<name>/manifests/<reference>        missing  401 401 403 403 403 403 403 403 404 404 404
        DELETE  /v2/<name>/manifests/<reference>        cached   401 401 403 403 403 403 403 403 405 405 405
        GET     /v2/<name>/blobs/<digest>               public   200 200 200 200 200 200 200 200 200 200 200
        GET     /v2/<name>/blobs/<digest>               internal 401 401 200 200 200 200 200 200 200 200 200
        GET     /v2/<name>/blobs/<digest>               private  401 401 404 404 200 200 200 200 200 200 200
        GET     /v2/<name>/blobs/<digest>               missing  401 401 404 404 404 404 404 404 404 404 404
        GET     /v2/<name>/blobs/<digest>               cached   401 401 404 404 200 200 200 200 200 200 200
        HEAD    /v2/<name>/blobs/<digest>               public   200 200 200 200 200 200 200 200 200 200 200
        HEAD    /v2/<name>/blobs/<digest>               internal 401 401 200 200 200 200 200 200 200 200 200
        HEAD    /v2/<name>/blobs/<digest>               private  401 401 404 404 200 200 200 200 200 200 200
        HEAD    /v2/<name>/blobs/<digest>               missing  401 401 404 404 404 404 404 404 404 404 404
        HEAD    /v2/<name>/blobs/<digest>               cached   401 401 404 404 200 200 200 200 200 200 200
        DELETE  /v2/<name>/blobs/<digest>               public   401 401 403 403 403 403 403 403 202 202 202
        DELETE  /v2/<name>/blobs/<digest>               internal 401 401 403 403 403 403 403 403 202 202 202
        DELETE  /v2/<name>/blobs/<digest>               private  401 401 403 403 403 403 403 403 202 202 202
        DELETE  /v2/<name>/blobs/<digest>               missing  401 401 403 403 403 403 403 403 404 404 404
        DELETE  /v2/<name>/blobs/<digest>               cached   401 401 403 403 403 403 403 403 405 405 405
        POST    /v2/<name>/blobs/uploads/               public   401 401 403 202 403 403 202 202 202 202 202
        POST    /v2/<name>/blobs/uploads/               internal 401 401 403 403 403 403 202 202 202 202 202
        POST    /v2/<name>/blobs/uploads/               private  401 401 403 403 403 403 202 202 202 202 202
        POST    /v2/<name>/blobs/uploads/               missing  401 401 403 403 403 403 202 202 202 202 202
        POST    /v2/<name>/blobs/uploads/               cached   401 401 403 403 403 403 405 405 405 405 405
        POST    /v2/<name>/blobs/uploads/+mount         public   401 401 403 202 403 403 201 201 201 201 201
        POST    /v2/<name>/blobs/uploads/+mount         internal 401 401 403 403 403 403 201 201 201 201 201
        POST    /v2/<name>/blobs/uploads/+mount         private  401 401 403 403 403 403 201 201 201 201 201
        POST    /v2/<name>/blobs/uploads/+mount         missing  401 401 403 403 403 403 201 201 201 201 201
        POST    /v2/<name>/blobs/uploads/+mount         cached   401 401 403 403 403 403 405 405 405 405 405
        POST    /v2/<name>/blobs/uploads/+mount-any     public   401 401 403 202 403 403 201 201 201 201 201
        POST    /v2/<name>/blobs/uploads/+mount-any     internal 401 401 403 403 403 403 201 201 201 201 201
        POST    /v2/<name>/blobs/uploads/+mount-any     private  401 401 403 403 403 403 201 201 201 201 201
        POST    /v2/<name>/blobs/uploads/+mount-any     missing  401 401 403 403 403 403 201 201 201 201 201
        POST    /v2/<name>/blobs/uploads/+mount-any     cached   401 401 403 403 403 403 405 405 405 405 405
        GET     /v2/<name>/blobs/uploads/<id>           public   401 401 403 204 403 403 204 204 204 204 204
        GET     /v2/<name>/blobs/uploads/<id>           internal 401 401 403 403 403 403 204 204 204 204 204
        GET     /v2/<name>/blobs/uploads/<id>           private  401 401 403 403 403 403 204 204 204 204 204
        GET     /v2/<name>/blobs/uploads/<id>           missing  401 401 403 403 403 403 404 404 404 404 404
        GET     /v2/<name>/blobs/uploads/<id>           cached   401 401 403 403 403 403 404 404 404 404 404
        HEAD    /v2/<name>/blobs/uploads/<id>           public   401 401 403 204 403 403 204 204 204 204 204
        HEAD    /v2/<name>/blobs/uploads/<id>           internal 401 401 403 403 403 403 204 204 204 204 204
        HEAD    /v2/<name>/blobs/uploads/<id>           private  401 401 403 403 403 403 204 204 204 204 204
        HEAD    /v2/<name>/blobs/uploads/<id>           missing  401 401 403 403 403 403 404 404 404 404 404
        HEAD    /v2/<name>/blobs/uploads/<id>           cached   401 401 403 403 403 403 404 404 404 404 404
        PATCH   /v2/<name>/blobs/uploads/<id>           public   401 401 403 202 403 403 202 202 202 202 202
        PATCH   /v2/<name>/blobs/uploads/<id>           internal 401 401 403 403 403 403 202 202 202 202 202
        PATCH   /v2/<name>/blobs/uploads/<id>           private  401 401 403 403 403 403 202 202 202 202 202
        PATCH   /v2/<name>/blobs/uploads/<id>           missing  401 401 403 403 403 403 404 404 404 404 404
        PATCH   /v2/<name>/blobs/uploads/<id>           cached   401 401 403 403 403 403 404 404 404 404 404
        PUT     /v2/<name>/blobs/uploads/<id>           public   401 401 403 201 403 403 201 201 201 201 201
        PUT     /v2/<name>/blobs/uploads/<id>           internal 401 401 403 403 403 403 201 201 201 201 201
        PUT     /v2/<name>/blobs/uploads/<id>           private  401 401 403 403 403 403 201 201 201 201 201
        PUT     /v2/<name>/blobs/uploads/<id>           missing  401 401 403 403 403 403 404 404 404 404 404
        PUT     /v2/<name>/blobs/uploads/<id>           cached   401 401 403 403 403 403 404 404 404 404 404
        DELETE  /v2/<name>/blobs/uploads/<id>           public   401 401 403 204 403 403 204 204 204 204 204
        DELETE  /v2/<name>/blobs/uploads/<id>           internal 401 401 403 403 403 403 204 204 204 204 204
        DELETE  /v2/<name>/blobs/uploads/<id>           private  401 401 403 403 403 403 204 204 204 204 204
        DELETE  /v2/<name>/blobs/uploads/<id>           missing  401 401 403 403 403 403 404 404 404 404 404
        DELETE  /v2/<name>/blobs/uploads/<id>           cached   401 401 403 403 403 403 404 404 404 404 404
        OPTIONS /v2/                                    -        204 204 204 204 204 204 204 204 204 204 204
        OPTIONS /v2/_catalog                            -        204 204 204 204 204 204 204 204 204 204 204
        OPTIONS /v2/<name>/tags/list                    private  204 204 204 204 204 204 204 204 204 204 204
        OPTIONS /v2/<name>/referrers/<digest>           private  204 204 204 204 204 204 204 204 204 204 204
        OPTIONS /v2/<name>/manifests/<reference>        private  204 204 204 204 204 204 204 204 204 204 204
        OPTIONS /v2/<name>/blobs/<digest>               private  204 204 204 204 204 204 204 204 204 204 204
        OPTIONS /v2/<name>/blobs/uploads/               private  204 204 204 204 204 204 204 204 204 204 204
        OPTIONS /v2/<name>/blobs/uploads/<id>           private  204 204 204 204 204 204 204 204 204 204 204
        """
}

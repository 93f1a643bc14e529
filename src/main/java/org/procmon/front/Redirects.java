package org.procmon.front;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.procmon.front.files.SentFiles;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.RequestPath;
import org.procmon.front.request.Substitutes;

/** What applications may redirect to: files of some folders, and the routes that are marked. */
final class Redirects implements Substitutes {
    /** An application may redirect to another one, which may do so. nginx permits as many. */
    private static final int MOST = 10;

    private final SentFiles files;
    private final Internal routes;

    /** Has the marked routes answer. */
    @FunctionalInterface
    interface Internal {
        /**
         * Answers a request that an application has redirected.
         *
         * @param path decoded
         * @return false if no marked route has an answer
         */
        boolean handle(Exchange exchange, Request redirected, String path) throws IOException;
    }

    /**
     * @param folders whose files may be sent
     */
    Redirects(List<String> folders, Internal routes) {
        this.files = new SentFiles(folders);
        this.routes = routes;
    }

    @Override
    public Optional<Failure> file(Exchange exchange, String path) throws IOException {
        return files.send(exchange, path);
    }

    @Override
    public Optional<Failure> route(Exchange exchange, String uri) throws IOException {
        int query = uri.indexOf('?');
        String raw = query < 0 ? uri : uri.substring(0, query);
        Optional<String> path = RequestPath.of(raw);
        if (path.isEmpty()) {
            return Optional.of(new Failure(502, "it is no path of a URI"));
        }
        int times = exchange.request() instanceof Redirected before ? before.times + 1 : 1;
        if (times > MOST) {
            return Optional.of(new Failure(502, "it is the last of " + times + " redirects"));
        }
        HttpURI.Mutable target = HttpURI.build(exchange.request().getHttpURI());
        target.pathQuery(uri);
        Redirected redirected = new Redirected(exchange.request(), target.asImmutable(), times);
        return routes.handle(exchange, redirected, path.get())
                ? Optional.empty()
                : Optional.of(new Failure(404, "no route with 'internal' has it"));
    }

    /** The request with another URI, and without its body: another application has read that. */
    private static final class Redirected extends Request.Wrapper {
        private final HttpURI uri;
        private final HttpFields head;
        private final int times;

        private Redirected(Request request, HttpURI uri, int times) {
            super(request);
            this.uri = uri;
            this.times = times;
            HttpFields.Mutable fields = HttpFields.build(request.getHeaders());
            fields.remove(HttpHeader.CONTENT_LENGTH);
            fields.remove(HttpHeader.CONTENT_TYPE);
            fields.remove(HttpHeader.TRANSFER_ENCODING);
            this.head = fields.asImmutable();
        }

        @Override
        public HttpURI getHttpURI() {
            return uri;
        }

        @Override
        public HttpFields getHeaders() {
            return head;
        }

        @Override
        public String getMethod() {
            return super.getMethod().equals("HEAD") ? "HEAD" : "GET";
        }

        @Override
        public long getLength() {
            return 0;
        }

        @Override
        public Content.Chunk read() {
            return Content.Chunk.EOF;
        }
    }
}

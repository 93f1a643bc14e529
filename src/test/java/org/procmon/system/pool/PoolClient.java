package org.procmon.system.pool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.procmon.fastcgi.client.ClientConnection;
import org.procmon.fastcgi.client.ClientRequest;
import org.procmon.fastcgi.client.ClientResponse;
import org.procmon.fastcgi.client.FastCgiClient;
import org.procmon.fastcgi.client.FastCgiClientLimits;
import org.procmon.fastcgi.client.Role;

/** Sends requests to a pool without a web server, each on a connection of its own. */
final class PoolClient implements AutoCloseable {
    private final FastCgiClient client =
            new FastCgiClient(
                    FastCgiClientLimits.DEFAULT,
                    (_, bug) -> {
                        throw new AssertionError(bug);
                    });
    private final SocketAddress address;

    PoolClient(SocketAddress address) {
        this.address = address;
    }

    static PoolClient ofPath(Path path) {
        return new PoolClient(UnixDomainSocketAddress.of(path));
    }

    /** The body of the answer of a responder. */
    String get(String query) throws IOException {
        return send(ClientRequest.of(Role.RESPONDER, params("GET", query)));
    }

    /** The same, of a script of PHP. */
    String get(String query, Path script) throws IOException {
        Map<String, String> params = params("GET", query);
        params.put("SCRIPT_FILENAME", script.toString());
        params.put("REDIRECT_STATUS", "200");
        return send(ClientRequest.of(Role.RESPONDER, params));
    }

    /** The body of an answer, after its status unless that is 200. */
    String send(ClientRequest request) throws IOException {
        try (ClientConnection connection = connect()) {
            return answer(connection, request);
        }
    }

    ClientConnection connect() throws IOException {
        return client.over(SocketChannel.open(address));
    }

    static String answer(ClientConnection connection, ClientRequest request) throws IOException {
        ClientResponse response = connection.send(request);
        String body = new String(response.body().readAllBytes(), ISO_8859_1);
        if (response.header().code() != 200) {
            return response.header().code() + " " + body;
        }
        return body;
    }

    static Map<String, String> params(String method, String query) {
        Map<String, String> params = new LinkedHashMap<>();
        params.put("REQUEST_METHOD", method);
        params.put("QUERY_STRING", query);
        params.put("SERVER_PROTOCOL", "HTTP/1.1");
        params.put("REQUEST_URI", "/?" + query);
        return params;
    }

    static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(ISO_8859_1));
    }

    @Override
    public void close() {
        client.close();
    }
}

package org.procmon.front.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;

/**
 * The CGI variables of a request, as nginx and lighttpd send them; one char per byte (ISO 8859-1).
 * Source: RFC 3875, section 4.1.
 */
public final class CgiVariables {
    /**
     * Fields that concern the connection, that have a variable of their own, or that no client
     * sends in good faith ({@code Proxy} would become {@code HTTP_PROXY}).
     */
    private static final Set<String> NOT_PASSED =
            Set.of("content-type", "content-length", "proxy", "connection", "transfer-encoding");

    private CgiVariables() {}

    /**
     * The variables of a request to an application.
     *
     * @param length of the body; -1 if it is not known
     * @param strip whether the application sees paths without the prefix of the route
     */
    public static Map<String, String> of(
            Exchange exchange, Script script, long length, boolean strip) {
        Map<String, String> variables = basic(exchange, length);
        String hidden = strip ? exchange.prefix() : "";
        String uri = uri(exchange);
        variables.put("REQUEST_URI", strip && uri.startsWith(hidden) ? cut(uri, hidden) : uri);
        variables.put("SCRIPT_NAME", bytes(script.name().substring(hidden.length())));
        variables.put("PATH_INFO", bytes(script.info()));
        variables.put("DOCUMENT_URI", bytes(exchange.path().substring(hidden.length())));
        script.file().ifPresent(file -> variables.put("SCRIPT_FILENAME", bytes(file)));
        script.root()
                .ifPresent(root -> {
                    variables.put("DOCUMENT_ROOT", bytes(root));
                    if (!script.info().isEmpty()) {
                        variables.put("PATH_TRANSLATED", bytes(root + script.info()));
                    }
                });
        // PHP refuses to run without it when it is built with --enable-force-cgi-redirect.
        variables.put("REDIRECT_STATUS", "200");
        return variables;
    }

    private static String cut(String uri, String prefix) {
        String rest = uri.substring(prefix.length());
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    /** The variables of a request that name no script. */
    public static Map<String, String> basic(Exchange exchange, long length) {
        Request request = exchange.request();
        Map<String, String> variables = new LinkedHashMap<>(64);
        variables.put("GATEWAY_INTERFACE", "CGI/1.1");
        variables.put("SERVER_SOFTWARE", "procmon");
        variables.put("REQUEST_METHOD", request.getMethod());
        String query = request.getHttpURI().getQuery();
        variables.put("QUERY_STRING", query == null ? "" : bytes(query));
        variables.put("REQUEST_SCHEME", request.isSecure() ? "https" : "http");
        if (request.isSecure()) {
            variables.put("HTTPS", "on");
        }
        variables.put("SERVER_PROTOCOL", request.getConnectionMetaData().getProtocol());
        addAddresses(request, variables);
        String type = request.getHeaders().get("Content-Type");
        variables.put("CONTENT_TYPE", type == null ? "" : type);
        variables.put("CONTENT_LENGTH", length < 0 ? "" : Long.toString(length));
        exchange.user()
                .ifPresent(user -> {
                    variables.put("AUTH_TYPE", "Basic");
                    variables.put("REMOTE_USER", bytes(user));
                });
        addFields(exchange, variables);
        String authority = request.getHttpURI().getAuthority();
        if (authority != null) {
            // In HTTP/2 it stands in the place of the field: RFC 9113, section 8.3.1.
            variables.putIfAbsent("HTTP_HOST", authority);
        }
        variables.putAll(exchange.granted());
        return variables;
    }

    private static void addAddresses(Request request, Map<String, String> variables) {
        SocketAddress remote = request.getConnectionMetaData().getRemoteSocketAddress();
        SocketAddress local = request.getConnectionMetaData().getLocalSocketAddress();
        if (remote instanceof InetSocketAddress client) {
            variables.put("REMOTE_ADDR", client.getAddress().getHostAddress());
            variables.put("REMOTE_PORT", Integer.toString(client.getPort()));
        } else {
            variables.put("REMOTE_ADDR", "127.0.0.1");
        }
        if (local instanceof InetSocketAddress server) {
            variables.put("SERVER_ADDR", server.getAddress().getHostAddress());
            variables.put("SERVER_PORT", Integer.toString(server.getPort()));
        } else {
            variables.put("SERVER_PORT", request.isSecure() ? "443" : "80");
        }
        String name = Request.getServerName(request);
        variables.put("SERVER_NAME", name == null ? "localhost" : name);
    }

    /** Fields of one name are joined: RFC 9110, section 5.3; cookies by RFC 6265, section 5.4. */
    private static void addFields(Exchange exchange, Map<String, String> variables) {
        for (HttpField field : exchange.request().getHeaders()) {
            String name = field.getLowerCaseName();
            boolean isPassed = isPlain(name) && !NOT_PASSED.contains(name);
            boolean isSecret = name.equals("authorization") && exchange.user().isPresent();
            if (isPassed && !isSecret) {
                String value = field.getValue() == null ? "" : field.getValue();
                variables.merge(
                        "HTTP_" + name.toUpperCase(Locale.ROOT).replace('-', '_'),
                        value,
                        (one, other) -> one + (name.equals("cookie") ? "; " : ", ") + other);
            }
        }
    }

    /** Other characters, such as an underscore, could make it pretend to be another field. */
    private static boolean isPlain(String name) {
        return name.chars()
                .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    /** The URI as the client sent it, from the path on; one char per byte. */
    public static String uri(Exchange exchange) {
        return bytes(exchange.request().getHttpURI().getPathQuery());
    }

    private static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}

package org.procmon.front.request;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * One request and its response, on the way to a target.
 *
 * @param path decoded, without dot segments, from the first slash on
 * @param prefix of the route, without a slash at its end; empty for all paths
 * @param user whom the front has authenticated; empty for nobody
 * @param granted variables that the front or an authorizer adds
 */
public record Exchange(
        Request request,
        Response response,
        String path,
        String prefix,
        Optional<String> user,
        Map<String, String> granted) {
    /** The same with further variables. */
    public Exchange with(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(granted);
        all.putAll(variables);
        return new Exchange(request, response, path, prefix, user, all);
    }

    /** The path after the prefix: empty, or from a slash on. */
    public String rest() {
        return path.substring(prefix.length());
    }

    public String method() {
        return request.getMethod();
    }

    /** The value of a header field; empty if it is not there. */
    public Optional<String> header(HttpHeader name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }
}

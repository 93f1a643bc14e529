package org.procmon.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request. For the handler's thread, until the handler returns.
 *
 * <p>Source: RFC 3875, section 4.1 (meta-variables).
 *
 * @param variables what CGI calls meta-variables, in the order of their arrival, one char per byte
 *     (ISO 8859-1): {@code REQUEST_METHOD}, {@code QUERY_STRING}, {@code REMOTE_ADDR}, and each
 *     header field as {@code HTTP_} and its name. {@code HTTP_PROXY} is never among them, since no
 *     browser sends that header in good faith
 * @param body read from the client only as it is read from here, so that a slow handler slows the
 *     client down and nothing accumulates. Its exceptions need not be caught
 */
public record Request(Map<String, String> variables, InputStream body) {
    /** {@code GET}, for example; empty if the web server does not say. */
    public String method() {
        return variable("REQUEST_METHOD");
    }

    /** The part of the address after the question mark, as it was sent; empty if there is none. */
    public String query() {
        return variable("QUERY_STRING");
    }

    /** The user that the web server authenticated; empty if it did not. */
    public String remoteUser() {
        return text(variable("REMOTE_USER"));
    }

    /** The address of the client; empty if the web server does not say. */
    public String remoteAddress() {
        return text(variable("REMOTE_ADDR"));
    }

    /** The value of a variable; empty if it is not set. */
    public String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    /**
     * The value of a header field.
     *
     * @param name as in {@code Last-Event-ID}, in any case
     */
    public Optional<String> header(String name) {
        String variable = name.toUpperCase(Locale.ROOT).replace('-', '_');
        boolean own = variable.equals("CONTENT_LENGTH") || variable.equals("CONTENT_TYPE");
        return Optional.ofNullable(variables.get(own ? variable : "HTTP_" + variable));
    }

    private static String text(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), UTF_8);
    }
}

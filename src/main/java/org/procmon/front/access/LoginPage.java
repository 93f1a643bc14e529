package org.procmon.front.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** The form in which people log in with a browser. */
final class LoginPage {
    /** The query of the address that the form is sent to. */
    static final String LOGIN = "procmon-login";

    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none';"
                    + " frame-ancestors 'none'";
    private static final String PAGE =
            """
            <!DOCTYPE html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Log in</title>
            <style>
            body { font: 1rem system-ui, sans-serif; max-width: 20rem; margin: 4rem auto; padding: 0 1rem }
            label { display: block; margin: 1rem 0 }
            input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .4rem }
            button { font: inherit; padding: .4rem 1rem }
            </style>
            <h1>Log in</h1>
            <p role="alert">@MESSAGE@</p>
            <form method="post" action="?procmon-login">
            <input type="hidden" name="to" value="@TO@">
            <label>User <input name="user" autocomplete="username" required autofocus></label>
            <label>Password <input name="password" type="password" autocomplete="current-password"
            required></label>
            <button>Log in</button>
            </form>
            """;

    private LoginPage() {}

    /**
     * Sends the form.
     *
     * @param message for people; empty for none
     * @param to where to go afterwards
     */
    static void send(Request request, Response response, int code, String message, String to)
            throws IOException {
        byte[] page =
                PAGE.replace("@MESSAGE@", escaped(message))
                        .replace("@TO@", escaped(to))
                        .getBytes(UTF_8);
        response.setStatus(code);
        var headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put("Content-Security-Policy", POLICY);
        headers.put("Referrer-Policy", "same-origin");
        headers.put(HttpHeader.CONTENT_LENGTH, page.length);
        boolean isHead = request.getMethod().equals("HEAD");
        Content.Sink.write(response, true, ByteBuffer.wrap(isHead ? new byte[0] : page));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}

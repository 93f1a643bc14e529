package org.procmon.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Collectors;
import org.procmon.http.HeaderField;
import org.procmon.http.HttpAnswer;

/**
 * The page for a user who opened the address of a change: the commands, and a button that POSTs the
 * same address. The page has no script, and no other page can show it in a frame and have the
 * button pressed.
 *
 * <p>Source: Content Security Policy Level 3; the referrer policy makes the browser send an {@code
 * Origin} with the POST.
 */
final class ConfirmationPage {
    private static final List<HeaderField> PROTECTION =
            List.of(
                    new HeaderField(
                            "Content-Security-Policy",
                            "default-src 'none'; form-action 'self'; base-uri 'none';"
                                    + " frame-ancestors 'none'"),
                    new HeaderField("X-Frame-Options", "DENY"),
                    new HeaderField("Referrer-Policy", "same-origin"));

    private ConfirmationPage() {}

    /**
     * The page for a query. If the browser cannot confirm that its user opened the address, the
     * sender may be a program that claims to be a browser: the status says that nothing was done.
     *
     * @param typed whether the browser confirms it
     */
    static HttpAnswer of(Query query, boolean typed) {
        String commands =
                query.commands().stream()
                        .map(ConfirmationPage::words)
                        .collect(Collectors.joining(", "));
        return typed
                ? HttpAnswer.page(200, "OK", PROTECTION, page(commands))
                : HttpAnswer.page(403, "Forbidden", PROTECTION, page(commands));
    }

    private static byte[] page(String commands) {
        return """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>procmon: %1$s?</title></head>
        <body>
        <h1>%1$s?</h1>
        <p>Nothing has been done yet: an address that is opened changes nothing by itself.</p>
        <form method="post"><button type="submit">%1$s</button></form>
        </body>
        </html>
        """
                .formatted(escaped(commands))
                .getBytes(UTF_8);
    }

    private static String words(Query.Command command) {
        return switch (command) {
            case Query.ListAll _ -> "list";
            case Query.Status status -> "status " + status.name().orElse("");
            case Query.Explain explain -> "explain " + explain.name();
            case Query.Pool pool -> "pool " + pool.name();
            case Query.Output output -> "output " + output.name();
            case Query.Watch watch -> "events " + watch.name().orElse("");
            case Query.Change change ->
                    switch (change.verb()) {
                                case START -> "start ";
                                case STOP -> "stop ";
                                case RESTART -> "restart ";
                            }
                            + change.name();
        };
    }

    /** Names contain none of these; the escaping keeps the page safe if that rule changes. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}

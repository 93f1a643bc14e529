package org.procmon.front;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;
import org.procmon.front.access.Caller;
import org.procmon.front.config.FrontConfig.AccessLogFormat;

/**
 * A line for each request, on standard output, which the monitor keeps and rotates: in the combined
 * format of Apache, or as JSON. What a client has sent cannot break a line. Any thread.
 */
final class AccessLog implements RequestLog {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final int MOST_SHOWN = 2048;

    private final AccessLogFormat format;
    private final PrintStream out;

    AccessLog(AccessLogFormat format, PrintStream out) {
        this.format = format;
        this.out = out;
    }

    @Override
    public void log(Request request, Response response) {
        String line =
                switch (format) {
                    case COMBINED -> combined(request, response);
                    case JSON -> json(request, response);
                };
        out.print(line);
        out.flush();
    }

    private static String combined(Request request, Response response) {
        return Request.getRemoteAddr(request)
                + " - "
                + word(user(request))
                + " ["
                + TIME.format(begun(request))
                + "] "
                + quoted(
                        request.getMethod()
                                + ' '
                                + request.getHttpURI().getPathQuery()
                                + ' '
                                + request.getConnectionMetaData().getProtocol())
                + ' '
                + response.getStatus()
                + ' '
                + Response.getContentBytesWritten(response)
                + ' '
                + field(request, HttpHeader.REFERER)
                + ' '
                + field(request, HttpHeader.USER_AGENT)
                + '\n';
    }

    private static String json(Request request, Response response) {
        return "{\"time\":\""
                + begun(request)
                + "\",\"client\":"
                + quoted(Request.getRemoteAddr(request))
                + ",\"user\":"
                + quoted(user(request))
                + ",\"method\":"
                + quoted(request.getMethod())
                + ",\"uri\":"
                + quoted(request.getHttpURI().getPathQuery())
                + ",\"protocol\":"
                + quoted(request.getConnectionMetaData().getProtocol())
                + ",\"status\":"
                + response.getStatus()
                + ",\"bytes\":"
                + Response.getContentBytesWritten(response)
                + ",\"ms\":"
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - request.getBeginNanoTime())
                + ",\"referer\":"
                + field(request, HttpHeader.REFERER)
                + ",\"user_agent\":"
                + field(request, HttpHeader.USER_AGENT)
                + "}\n";
    }

    private static String user(Request request) {
        return request.getAttribute(Caller.ATTRIBUTE) instanceof String name ? name : "-";
    }

    /** As one word of the combined format: without blanks and quotes. */
    private static String word(String text) {
        String quoted = quoted(text);
        return quoted.substring(1, quoted.length() - 1).replace(" ", "\\u0020");
    }

    private static Instant begun(Request request) {
        return Instant.ofEpochMilli(Request.getTimeStamp(request));
    }

    private static String field(Request request, HttpHeader name) {
        String value = request.getHeaders().get(name);
        return quoted(value == null ? "-" : value);
    }

    /** In quotes, as JSON escapes it; that is a word of the combined format too. */
    static String quoted(@Nullable String text) {
        String some = text == null ? "-" : text;
        StringBuilder quoted = new StringBuilder(some.length() + 2).append('"');
        for (int i = 0; i < Math.min(some.length(), MOST_SHOWN); i++) {
            char c = some.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c >= 0x7f) {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}

package org.procmon.front;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.procmon.front.request.ContentCodings;

/**
 * Compresses what is text, to clients that accept it. What is written is flushed at once, so that a
 * client sees it as soon as it would see it otherwise; event streams are left alone. Each write is
 * compressed in memory. For one thread at a time. Source: RFC 9110, sections 8.4.1.3 and 12.5.3.
 */
final class GzipResponse extends Response.Wrapper {
    private static final String GZIP = "gzip";

    /** Below that, the head of the format and the work are not worth it. */
    private static final long FEWEST_BYTES = 1024;

    private static final HttpField VARY = new HttpField(HttpHeader.VARY, "Accept-Encoding");
    private static final String EVENTS = "text/event-stream";
    private static final Set<String> TEXTS =
            Set.of(
                    "application/javascript",
                    "application/json",
                    "application/wasm",
                    "application/xml",
                    "image/svg+xml");

    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private @Nullable GZIPOutputStream gzip;
    private boolean begun;

    GzipResponse(Request request, Response response) {
        super(request, response);
    }

    @Override
    public void write(boolean last, ByteBuffer bytes, Callback callback) {
        try {
            boolean isFirst = !begun;
            begun = true;
            if (isFirst && isWorthIt(last, bytes)) {
                begin();
            }
            GZIPOutputStream open = gzip;
            boolean isNothing = bytes == null || !(last || bytes.hasRemaining());
            super.write(
                    last, open == null || isNothing ? bytes : next(open, last, bytes), callback);
        } catch (IOException e) {
            callback.failed(e);
        }
    }

    private ByteBuffer next(GZIPOutputStream open, boolean last, ByteBuffer bytes)
            throws IOException {
        byte[] plain = new byte[bytes.remaining()];
        bytes.get(plain);
        open.write(plain);
        if (last) {
            open.close();
        } else {
            open.flush();
        }
        ByteBuffer next = ByteBuffer.wrap(compressed.toByteArray());
        compressed.reset();
        return next;
    }

    /** Whether this answer could be compressed; if so, it says that it depends on the client. */
    private boolean isWorthIt(boolean last, ByteBuffer bytes) {
        HttpFields.Mutable head = getHeaders();
        if (getStatus() == HttpStatus.NOT_MODIFIED_304) {
            head.ensureField(VARY);
            return false;
        }
        long length = head.getLongField(HttpHeader.CONTENT_LENGTH);
        long known =
                length >= 0 ? length : last && bytes != null ? bytes.remaining() : Long.MAX_VALUE;
        String control = head.get(HttpHeader.CACHE_CONTROL);
        boolean mayBe =
                getStatus() != HttpStatus.PARTIAL_CONTENT_206
                        && getStatus() != HttpStatus.NO_CONTENT_204
                        && !head.contains(HttpHeader.CONTENT_ENCODING)
                        && !head.contains(HttpHeader.CONTENT_RANGE)
                        && (control == null || !control.contains("no-transform"))
                        && isText(head.get(HttpHeader.CONTENT_TYPE))
                        && known >= FEWEST_BYTES;
        if (mayBe) {
            head.ensureField(VARY);
        }
        return mayBe && !getRequest().getMethod().equals("HEAD") && isAccepted();
    }

    private static boolean isText(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return !type.equals(EVENTS)
                && (type.startsWith("text/")
                        || TEXTS.contains(type)
                        || type.endsWith("+json")
                        || type.endsWith("+xml"));
    }

    private boolean isAccepted() {
        if (getRequest().getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0) {
            return false;
        }
        return ContentCodings.quality(getRequest().getHeaders(), GZIP) > 0;
    }

    private void begin() throws IOException {
        HttpFields.Mutable head = getHeaders();
        head.put(HttpHeader.CONTENT_ENCODING, GZIP);
        head.remove(HttpHeader.CONTENT_LENGTH);
        head.remove(HttpHeader.ACCEPT_RANGES);
        String tag = head.get(HttpHeader.ETAG);
        if (tag != null && !tag.startsWith("W/")) {
            head.put(HttpHeader.ETAG, "W/" + tag);
        }
        GZIPOutputStream open = new GZIPOutputStream(compressed, 4096, true);
        gzip = open;
        // Its memory is not the heap's.
        Request.addCompletionListener(getRequest(), _ -> close(open));
    }

    private static void close(GZIPOutputStream open) {
        try {
            open.close();
        } catch (IOException _) {
            // It writes to memory.
        }
    }
}

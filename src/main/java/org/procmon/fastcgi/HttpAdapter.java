package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import org.procmon.http.Handler;
import org.procmon.http.HeaderField;
import org.procmon.http.Request;
import org.procmon.http.RequestRefused;
import org.procmon.http.Response;
import org.procmon.http.ResponseHeader;

/** Runs an HTTP handler in the responder role. */
final class HttpAdapter implements ResponderHandler {
    private final Handler handler;

    HttpAdapter(Handler handler) {
        this.handler = handler;
    }

    @Override
    public void handle(ResponderRequest request, ResponderResponse response) throws IOException {
        CgiResponse cgi = new CgiResponse(response, request.departure());
        handler.handle(new Request(request.params(), request.input()), cgi);
        if (!cgi.isStarted()) {
            throw new IllegalStateException("the handler returned without an answer");
        }
    }

    @Override
    public void refuse(RequestRefused refused, String reason, ResponderResponse response)
            throws IOException {
        handler.refuse(
                refused,
                reason,
                new CgiResponse(
                        response,
                        _ -> {
                            throw new IllegalStateException("cannot watch a refused request");
                        }));
    }

    /** A response as CGI writes it: the head as a block of lines (RFC 3875, section 6). */
    private static final class CgiResponse implements Response {
        private final ResponderResponse out;
        private final ResponderRequest.Departure departure;
        private boolean started;
        private volatile boolean gone;

        private CgiResponse(ResponderResponse out, ResponderRequest.Departure departure) {
            this.out = out;
            this.departure = departure;
        }

        @Override
        public OutputStream start(ResponseHeader head) throws IOException {
            if (started) {
                throw new IllegalStateException("cannot start a response twice");
            }
            started = true;
            StringBuilder text = new StringBuilder(256);
            text.append("Status: ").append(head.status()).append("\r\n");
            for (HeaderField field : head.fields()) {
                text.append(field.name()).append(": ").append(field.value()).append("\r\n");
            }
            out.write(text.append("\r\n").toString().getBytes(ISO_8859_1));
            return out;
        }

        @Override
        public boolean isStarted() {
            return started;
        }

        @Override
        public boolean isGone() {
            return gone || out.failure() != null;
        }

        @Override
        public void whenGone(Runnable action) {
            departure.whenGone(() -> {
                gone = true;
                action.run();
            });
        }
    }
}

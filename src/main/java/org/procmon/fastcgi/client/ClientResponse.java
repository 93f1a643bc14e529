package org.procmon.fastcgi.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.procmon.http.HeaderField;
import org.procmon.http.ResponseHeader;

/**
 * A response: its header was received, its body is received as it is read. For the thread that sent
 * the request.
 */
public final class ClientResponse {
    private static final String VARIABLE = "variable-";

    private final ClientConnection connection;
    private final ResponseHeader header;
    private final InputStream body = new Body();

    ClientResponse(ClientConnection connection, ResponseHeader header) {
        this.connection = connection;
        this.header = header;
    }

    /** Status and fields; {@code Status} is not among them. Values have one char per byte. */
    public ResponseHeader header() {
        return header;
    }

    /** The value of the first field of that name, in any case. */
    Optional<String> field(String name) {
        return header.fields().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(HeaderField::value)
                .findFirst();
    }

    /** What an authorizer adds to the variables of the request that it permits. */
    public Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (HeaderField field : header.fields()) {
            if (field.name().toLowerCase(Locale.ROOT).startsWith(VARIABLE)) {
                variables.put(field.name().substring(VARIABLE.length()), field.value());
            }
        }
        return variables;
    }

    /**
     * The body. Its end is the end of the request; if the response breaks off, reading throws a
     * {@link org.procmon.fastcgi.wire.FastCgiException}. To close it early closes the connection.
     */
    public InputStream body() {
        return body;
    }

    /**
     * The exit status of an equivalent CGI program.
     *
     * @throws IllegalStateException before the end of the body
     */
    public int appStatus() {
        return connection.appStatus();
    }

    private final class Body extends InputStream {
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (ended) {
                return -1;
            }
            int count = length == 0 ? 0 : connection.read(into, offset, length);
            ended = count < 0;
            return count;
        }

        /** More than zero if something of the response was received and is not read yet. */
        @Override
        public int available() {
            return !ended && connection.hasReceived() ? 1 : 0;
        }

        @Override
        public void close() {
            if (!ended) {
                connection.close();
            }
        }
    }
}

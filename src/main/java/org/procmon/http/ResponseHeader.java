package org.procmon.http;

import java.util.List;

/**
 * What a response starts with.
 *
 * @param code the code of its status
 * @param reason the words beside the code
 * @param fields in the order in which they are sent
 */
public record ResponseHeader(int code, String reason, List<HeaderField> fields) {
    public ResponseHeader {
        if (code < 100 || code > 999) {
            throw new IllegalArgumentException("cannot send a status of " + code);
        }
        fields = List.copyOf(fields);
    }

    /** Code and reason, as in {@code 200 OK}. */
    public String status() {
        return code + " " + reason;
    }
}

package org.procmon.http;

/** Why a request is refused before a handler sees it, or has read all of it. */
public enum RequestRefused {
    /** Its variables are not valid name-value pairs. */
    MALFORMED(400, "Bad request"),
    /** Its body did not come in time. */
    TOO_SLOW(408, "Request Timeout"),
    /** Its variables are too long or too many. */
    TOO_LARGE(431, "Request Header Fields Too Large"),
    /** The variables of all requests together have reached their limit. */
    NO_ROOM(503, "Service Unavailable");

    private final int code;
    private final String words;

    RequestRefused(int code, String words) {
        this.code = code;
        this.words = words;
    }

    /** The code of an HTTP status. */
    public int code() {
        return code;
    }

    /** The reason phrase of an HTTP status. */
    public String words() {
        return words;
    }
}

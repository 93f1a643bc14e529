package org.procmon.fastcgi.wire;

import java.nio.ByteBuffer;

/**
 * The generator of records and the numbers of the protocol; {@link RecordParser} is its
 * counterpart. Knows no sockets. FastCGI specification, sections 3.3, 5 and 8:
 *
 * <pre>
 *      0        1        2        3        4        5        6        7
 * +--------+--------+--------+--------+--------+--------+--------+--------+
 * |version |  type  |    requestId    |  contentLength  |padding |reserved|
 * |  = 1   |        |  (big-endian)   |  (big-endian)   | Length |        |
 * +--------+--------+--------+--------+--------+--------+--------+--------+
 * | contentLength bytes of content     | paddingLength bytes, ignored     |
 * +------------------------------------+----------------------------------+
 *
 * body of BEGIN_REQUEST: | role (2) | flags (1) | reserved (5)                 |
 * body of END_REQUEST:   | appStatus (4) | protocolStatus (1) | reserved (3)   |
 * body of UNKNOWN_TYPE:  | type (1) | reserved (7)                             |
 * </pre>
 *
 * Records are written without padding: it is optional, and a receiver that copies gains nothing.
 */
public final class Records {
    static final int VERSION = 1;
    public static final int HEADER_BYTES = 8;
    public static final int BODY_BYTES = 8;
    public static final int MAX_CONTENT_BYTES = 65_535;

    public static final int BEGIN_REQUEST = 1;
    public static final int ABORT_REQUEST = 2;
    public static final int END_REQUEST = 3;
    public static final int PARAMS = 4;
    public static final int STDIN = 5;
    public static final int STDOUT = 6;
    public static final int STDERR = 7;
    public static final int DATA = 8;
    public static final int GET_VALUES = 9;
    public static final int GET_VALUES_RESULT = 10;
    public static final int UNKNOWN_TYPE = 11;

    /** The request id of management records. */
    public static final int MANAGEMENT = 0;

    public static final int KEEP_CONN = 1;

    public static final int ROLE_RESPONDER = 1;
    public static final int ROLE_AUTHORIZER = 2;
    public static final int ROLE_FILTER = 3;

    public static final int REQUEST_COMPLETE = 0;
    public static final int CANT_MPX_CONN = 1;
    public static final int OVERLOADED = 2;
    public static final int UNKNOWN_ROLE = 3;

    private Records() {}

    public static void header(
            ByteBuffer out, int type, int requestId, int contentLength, int padding) {
        out.putLong(headerWord(type, requestId, contentLength, padding));
    }

    /** Writes a header of a record without padding at {@code index}; the position stays. */
    public static void headerAt(
            ByteBuffer out, int index, int type, int requestId, int contentLength) {
        out.putLong(index, headerWord(type, requestId, contentLength, 0));
    }

    private static long headerWord(int type, int requestId, int contentLength, int padding) {
        if (contentLength < 0 || contentLength > MAX_CONTENT_BYTES) {
            throw new IllegalArgumentException("content of " + contentLength + " bytes");
        }
        return ((long) VERSION << 56)
                | ((long) type << 48)
                | ((long) requestId << 32)
                | ((long) contentLength << 16)
                | ((long) padding << 8);
    }

    static void beginRequest(ByteBuffer out, int requestId, int role, int flags) {
        header(out, BEGIN_REQUEST, requestId, BODY_BYTES, 0);
        out.putLong(((long) role << 48) | ((long) flags << 40));
    }

    public static void endRequest(
            ByteBuffer out, int requestId, int appStatus, int protocolStatus) {
        header(out, END_REQUEST, requestId, BODY_BYTES, 0);
        out.putLong(((long) appStatus << 32) | ((long) protocolStatus << 24));
    }

    public static void unknownType(ByteBuffer out, int type) {
        header(out, UNKNOWN_TYPE, MANAGEMENT, BODY_BYTES, 0);
        out.putLong((long) type << 56);
    }
}

package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Map;

/** Records as the specification writes them, built without the code under test. */
public final class Bytes {
    private Bytes() {}

    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    public static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    public static byte[] record(int type, int id, byte[] content, int padding) {
        byte[] header = {
            1,
            (byte) type,
            (byte) (id / 256),
            (byte) (id % 256),
            (byte) (content.length / 256),
            (byte) (content.length % 256),
            (byte) padding,
            0
        };
        byte[] ignored = new byte[padding];
        java.util.Arrays.fill(ignored, (byte) 0xEE);
        return join(header, content, ignored);
    }

    public static byte[] record(int type, int id, byte... content) {
        return record(type, id, content, 0);
    }

    public static byte[] begin(int id, int role, int flags) {
        return record(
                1,
                id,
                (byte) 0,
                (byte) role,
                (byte) flags,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0);
    }

    public static byte[] end(int id, int appStatus, int protocolStatus) {
        return record(
                3,
                id,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) appStatus,
                (byte) protocolStatus,
                (byte) 0,
                (byte) 0,
                (byte) 0);
    }

    public static byte[] abort(int id) {
        return record(2, id);
    }

    /** A stream in one record, if it is not empty, and its end. */
    public static byte[] stream(int type, int id, byte[] content) {
        return content.length == 0
                ? record(type, id)
                : join(record(type, id, content), record(type, id));
    }

    public static byte[] pairs(Map<String, String> params) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        params.forEach((name, value) -> {
            all.writeBytes(length(name.length()));
            all.writeBytes(length(value.length()));
            all.writeBytes(text(name));
            all.writeBytes(text(value));
        });
        return all.toByteArray();
    }

    private static byte[] length(int n) {
        return n < 128
                ? new byte[] {(byte) n}
                : new byte[] {
                    (byte) (n / 0x1000000 + 128), (byte) (n / 0x10000), (byte) (n / 0x100), (byte) n
                };
    }

    /** A whole request. */
    public static byte[] request(int id, int flags, Map<String, String> params, String body) {
        return join(begin(id, 1, flags), stream(4, id, pairs(params)), stream(5, id, text(body)));
    }
}

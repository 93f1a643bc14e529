package org.procmon.front.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The paths of URIs. They are decoded once, then slashes are merged, then dot segments are removed;
 * web servers do so in this order, and an encoded slash or dot is no other one. Source: RFC 3986,
 * sections 2.4 and 5.2.4.
 */
public final class RequestPath {
    private static final String UNRESERVED = "-._~/";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private RequestPath() {}

    /**
     * The path that a client means.
     *
     * @param raw as it was sent
     * @return from a slash on, without empty segments and dot segments; empty if it leads above the
     *     root, is not UTF-8, or has control characters
     */
    public static Optional<String> of(String raw) {
        if (!raw.startsWith("/")) {
            return Optional.empty();
        }
        return decoded(raw).flatMap(RequestPath::normal);
    }

    private static Optional<String> decoded(String raw) {
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            int c = raw.charAt(i);
            if (c == '%') {
                if (i + 2 >= raw.length()
                        || !HexFormat.isHexDigit(raw.charAt(i + 1))
                        || !HexFormat.isHexDigit(raw.charAt(i + 2))) {
                    return Optional.empty();
                }
                c = HexFormat.fromHexDigits(raw, i + 1, i + 3);
                i += 2;
            } else if (c >= 0x80) {
                return Optional.empty();
            }
            if (c < ' ' || c == 0x7f) {
                return Optional.empty();
            }
            bytes.put((byte) c);
        }
        try {
            // A new decoder reports what is not UTF-8, such as a character in too many bytes.
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> normal(String path) {
        if (!path.contains("//") && !path.contains("/.")) {
            return Optional.of(path);
        }
        List<String> segments = new ArrayList<>();
        String last = "";
        for (String segment : path.split("/", -1)) {
            last = segment;
            if (segment.equals("..")) {
                if (segments.isEmpty()) {
                    return Optional.empty();
                }
                segments.removeLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        boolean isFolder =
                !segments.isEmpty() && (last.isEmpty() || last.equals(".") || last.equals(".."));
        return Optional.of("/" + String.join("/", segments) + (isFolder ? "/" : ""));
    }

    /** The path as a URI has it; the bytes are those of a text. */
    public static String encoded(byte[] path) {
        StringBuilder encoded = new StringBuilder(path.length + 16);
        for (byte b : path) {
            char c = (char) (b & 0xff);
            boolean isPlain =
                    c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
            if (isPlain) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}

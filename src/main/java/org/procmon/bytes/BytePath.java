package org.procmon.bytes;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Paths whose bytes need not be UTF-8. To the JDK a path is bytes too, but its only way from and to
 * these is a URI. Source: proc(5), {@code /proc/self/cwd}.
 */
public final class BytePath {
    private static final Path ROOT = Path.of("/");
    private static final Path CURRENT_FOLDER = Path.of("/proc/self/cwd");
    private static final String UNRESERVED = "-._~/";

    private BytePath() {}

    /**
     * The path that a text names; see {@link ByteText}.
     *
     * @throws java.nio.file.InvalidPathException if it holds a NUL
     */
    public static Path of(String text) {
        if (!ByteText.isBeyondTheJdk(text)) {
            return Path.of(text);
        }
        Path absolute = Path.of(URI.create("file://" + escaped(rooted(text))));
        // Not relativized, which would resolve "..".
        return text.startsWith("/") ? absolute : absolute.subpath(0, absolute.getNameCount());
    }

    /**
     * As {@link #of}, for a path from the command line or the configuration: the JDK resolves it
     * against the current directory, which it knows only as text.
     */
    public static Path named(String text) {
        Path path = of(text);
        return path.isAbsolute() || !ByteText.mayBeInexact(current().toString())
                ? path
                : here().resolve(path);
    }

    /** The text from which {@link #of} makes this path; {@code toString} is for people. */
    public static String text(Path path) {
        String text = path.toString();
        if (!ByteText.mayBeInexact(text)) {
            return text;
        }
        // Without the directory that it is relative to, which may have bytes of its own.
        String uri = ROOT.resolve(path).toUri().getRawPath();
        byte[] bytes = unescaped(uri);
        int from = path.isAbsolute() ? 0 : 1;
        int end = bytes.length > 1 && bytes[bytes.length - 1] == '/' ? 1 : 0;
        return ByteText.decode(bytes, from, bytes.length - from - end);
    }

    /** The same path from the root on. */
    public static Path absolute(Path path) {
        return path.isAbsolute() ? path : here().resolve(path);
    }

    /** The current directory. */
    public static Path here() {
        Path here = current();
        if (!ByteText.mayBeInexact(here.toString())) {
            return here;
        }
        try {
            return Files.readSymbolicLink(CURRENT_FOLDER);
        } catch (IOException _) {
            return here;
        }
    }

    private static Path current() {
        return Path.of("").toAbsolutePath();
    }

    private static String rooted(String text) {
        return text.startsWith("/") ? text : "/" + text;
    }

    private static String escaped(String text) {
        StringBuilder uri = new StringBuilder();
        for (byte b : ByteText.encode(text)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                uri.append(c);
            } else {
                uri.append('%').append(hex(b >> 4)).append(hex(b));
            }
        }
        return uri.toString();
    }

    private static char hex(int digit) {
        return Character.forDigit(digit & 0xf, 16);
    }

    private static byte[] unescaped(String uri) {
        byte[] in = uri.getBytes(StandardCharsets.ISO_8859_1);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                out[length++] = (byte) Integer.parseInt(uri, i + 1, i + 3, 16);
                i += 2;
            } else {
                out[length++] = in[i];
            }
        }
        byte[] bytes = new byte[length];
        System.arraycopy(out, 0, bytes, 0, length);
        return bytes;
    }
}

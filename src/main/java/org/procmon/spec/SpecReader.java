package org.procmon.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration file, and finds all that is wrong with it at once. Nothing that a file may
 * hold makes it throw. Whether programs, users and folders exist is not its business.
 *
 * <p>Stateless; may be used from any thread. Reads the file to its end, so it blocks as long as
 * that takes.
 */
public final class SpecReader {
    /** The size of the largest file, in bytes. */
    public static final int LARGEST_FILE = 16 << 20;

    /** How many problems are told one by one. */
    public static final int MOST_PROBLEMS = 100;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private SpecReader() {}

    /** Reads a file; variables in it come from this program's own environment. */
    public static SpecResult read(Path file) {
        return read(file, System.getenv());
    }

    /**
     * Reads a file.
     *
     * @param environment the variables that values may use
     */
    public static SpecResult read(Path file, Map<String, String> environment) {
        try {
            return read(file, bytes(file), environment);
        } catch (IOException e) {
            return invalid(file.toString(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * What a file holds, or as much of it as shows that it is too large.
     *
     * @throws IOException if it cannot be read; its message is good for a {@link Problem}
     */
    public static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LARGEST_FILE + 1);
        } catch (IOException e) {
            throw new IOException("cannot read the file: " + reason(file, e), e);
        }
    }

    /**
     * Reads what a file holds or held.
     *
     * @param file for problems; relative paths are resolved against its folder
     * @param environment the variables that values may use
     */
    public static SpecResult read(Path file, byte[] bytes, Map<String, String> environment) {
        Path folder = file.toAbsolutePath().getParent();
        return read(file.toString(), bytes, folder == null ? file : folder, environment);
    }

    /**
     * Reads what a file holds.
     *
     * @param name of the file, for problems
     * @param folder against which relative paths are resolved
     * @param environment the variables that values may use
     */
    public static SpecResult read(
            String name, byte[] bytes, Path folder, Map<String, String> environment) {
        if (bytes.length > LARGEST_FILE) {
            return invalid(name, "the file is larger than " + (LARGEST_FILE >> 20) + " MiB");
        }
        CharBuffer text = CharBuffer.allocate(bytes.length);
        int badByte = decode(ByteBuffer.wrap(bytes), text);
        text.flip();
        if (text.hasRemaining() && text.get(0) == BYTE_ORDER_MARK) {
            text.get();
            text = text.slice();
        }
        Source source = new Source(name, toArray(text), text.length());
        if (badByte >= 0) {
            String hex = Integer.toHexString(bytes[badByte] & 0xff).toUpperCase(Locale.ROOT);
            return new SpecResult.Invalid(
                    List.of(
                            source.problem(
                                    text.length(),
                                    "not UTF-8: the byte 0x" + hex + " does not belong here")));
        }
        return read(source, new Place(folder, environment));
    }

    private static SpecResult read(Source source, Place place) {
        Problems problems = new Problems(source, MOST_PROBLEMS);
        Node tree = JsonTree.read(source, problems);
        MonitorSpec spec = tree == null ? null : new TopReader(place, problems).read(tree);
        return spec != null && problems.isEmpty()
                ? new SpecResult.Valid(spec)
                : new SpecResult.Invalid(problems.inFileOrder());
    }

    /** Decodes as far as the bytes are UTF-8; the index of the first bad byte, or -1. */
    private static int decode(ByteBuffer bytes, CharBuffer text) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(bytes, text, true);
        return result.isError() ? bytes.position() : -1;
    }

    private static char[] toArray(CharBuffer text) {
        if (text.arrayOffset() == 0) {
            return text.array();
        }
        char[] copy = new char[text.length()];
        text.get(0, copy);
        return copy;
    }

    private static SpecResult invalid(String name, String message) {
        return new SpecResult.Invalid(List.of(new Problem(name, 1, 1, message)));
    }

    private static String reason(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (Files.isDirectory(file)) {
            return "it is a folder";
        }
        @Nullable String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : Problems.harmless(message);
    }
}

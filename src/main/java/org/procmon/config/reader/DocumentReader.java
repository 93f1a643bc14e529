package org.procmon.config.reader;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Document;

/** Parses the files of a configuration into trees. */
final class DocumentReader {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Sources sources;
    private final Problems problems;

    DocumentReader(Sources sources, Problems problems) {
        this.sources = sources;
        this.problems = problems;
    }

    /**
     * The value in a file, as far as it can be read.
     *
     * @return null if there is none, which is reported as a problem
     */
    @Nullable JsonValue read(Document document) {
        byte[] bytes = document.bytes();
        String name = Problems.harmless(document.path());
        if (bytes.length > SpecReader.LARGEST_FILE) {
            int largest = SpecReader.LARGEST_FILE >> 20;
            problems.add(empty(name), "the file is larger than " + largest + " MiB");
            return null;
        }
        if (!sources.hasRoomFor(bytes.length)) {
            int largest = Sources.LARGEST >> 20;
            problems.add(empty(name), "all files together are larger than " + largest + " MiB");
            return null;
        }
        CharBuffer text = CharBuffer.allocate(bytes.length);
        int badByte = decode(ByteBuffer.wrap(bytes), text);
        text.flip();
        if (text.hasRemaining() && text.get(0) == BYTE_ORDER_MARK) {
            text.get();
            text = text.slice();
        }
        Source source = sources.add(name, toArray(text), text.length());
        if (badByte >= 0) {
            String hex = Integer.toHexString(bytes[badByte] & 0xff).toUpperCase(Locale.ROOT);
            problems.add(source.end(), "not UTF-8: the byte 0x" + hex + " does not belong here");
            return null;
        }
        return JsonTree.read(source, problems);
    }

    private int empty(String name) {
        return sources.add(name, new char[0], 0).base();
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
}

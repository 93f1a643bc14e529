package org.procmon.config.reader;

import java.util.Arrays;
import org.procmon.config.Problem;

/**
 * The text of one file of a configuration. The tree keeps only offsets; lines and columns are
 * computed only for problems. Offsets count from the base, see {@link Sources}.
 */
final class Source {
    private final String name;
    private final char[] text;
    private final int length;
    private final int base;
    private int[] lineStarts = {};

    Source(String name, char[] text, int length, int base) {
        this.name = name;
        this.text = text;
        this.length = length;
        this.base = base;
    }

    String name() {
        return name;
    }

    /** The offset of its first character. */
    int base() {
        return base;
    }

    /** The offset after its last character. */
    int end() {
        return base + length;
    }

    char[] text() {
        return text;
    }

    int length() {
        return length;
    }

    Problem problem(int offset, String message) {
        int line = line(offset);
        int start = lineStarts[line - 1];
        int column = Character.codePointCount(text, start, offset - base - start) + 1;
        return new Problem(name, line, column, message);
    }

    int line(int offset) {
        if (lineStarts.length == 0) {
            lineStarts = findLineStarts();
        }
        int found = Arrays.binarySearch(lineStarts, offset - base);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /**
     * The offset in the file of a character of a string's value. Each character of the value is one
     * character or one escape in the file. Only after the words of a template is the offset
     * inexact.
     *
     * @param quote the offset of the opening quote
     */
    int inside(int quote, int index) {
        int at = quote - base + 1;
        for (int i = 0; i < index && at + 1 < length; i++) {
            if (text[at] != '\\') {
                at++;
            } else {
                at += text[at + 1] == 'u' ? 6 : 2;
            }
        }
        return Math.min(at, length) + base;
    }

    private int[] findLineStarts() {
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < length; i++) {
            boolean end =
                    text[i] == '\n'
                            || (text[i] == '\r' && (i + 1 == length || text[i + 1] != '\n'));
            if (end) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, count * 2);
                }
                starts[count++] = i + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }
}

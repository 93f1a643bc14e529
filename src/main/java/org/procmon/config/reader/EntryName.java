package org.procmon.config.reader;

import java.util.Locale;
import org.procmon.bytes.ByteText;

/**
 * The name of a pool that was made for a file or sub-folder. Each path gives another name: {@code
 * :} stands for a slash, and {@code @} with two hexadecimal digits for a byte that a name cannot
 * have.
 */
final class EntryName {
    private EntryName() {}

    /**
     * The name.
     *
     * @param prefix the name of the entry of the configuration; what it was made from is after it
     * @param relative a path from the folder on
     */
    static String of(String prefix, String relative) {
        return prefix + ":" + escaped(relative);
    }

    /** A text that is a name, or the end of one; it may still be too long. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (byte one : ByteText.encode(text)) {
            if (one == '/') {
                out.append(':');
            } else if (isPlain(one)) {
                out.append((char) one);
            } else {
                out.append(String.format(Locale.ROOT, "@%02x", one & 0xff));
            }
        }
        return out.toString();
    }

    private static boolean isPlain(byte one) {
        return (one >= 'a' && one <= 'z')
                || (one >= 'A' && one <= 'Z')
                || (one >= '0' && one <= '9')
                || one == '.'
                || one == '_'
                || one == '-';
    }
}
